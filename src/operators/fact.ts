/** The size of a dimension: a number, the name of one that is left open, or undefined where nothing is known. */
export type Dimension = number | string | undefined

/** The dimensions of a value. */
export type Shape = readonly Dimension[]

/** What is known of a value before the model runs. */
export interface Fact {
  /** Undefined where not even the rank is known. */
  readonly shape: Shape | undefined
  /** ONNX's number for the type of elements, 0 where it is not known. */
  readonly elementType: number
  /**
   * The elements of a small tensor in row-major order, as far as they are known: sizes that the model computes with.
   * Where they are there, all sizes of the shape are numbers.
   */
  readonly values: readonly Dimension[] | undefined
  /** Whether no element is below zero, as far as that is known. */
  readonly isNonNegative: boolean
}

/** ONNX's numbers for types of elements. */
export const FLOAT = 1
export const INT32 = 6
export const INT64 = 7
export const BOOL = 9
/** Types that divide without rounding: float32, float16, float64, bfloat16. */
export const FLOATING: readonly number[] = [1, 10, 11, 16]

/** Types without numbers below zero: uint8, uint16, bool, uint32, uint64, uint4, uint2. */
const UNSIGNED: readonly number[] = [2, 4, BOOL, 12, 13, 21, 25]

/** The most elements that are computed with; sizes, pads and steps are far fewer. */
export const MOST_VALUES = 1024
/** The most dimensions; what claims more is taken for unknown. */
const MOST_DIMENSIONS = 64

/**
 * What is known of a value. What is no size, and values that are too many or not as many as the shape, are left out. Those of
 * float32 are rounded as a run rounds them: 10 times 0.7 is 7, although the float32 number that is closest to 0.7 is less.
 */
export function fact(sizes: Shape | undefined, elementType = 0, given?: readonly Dimension[]): Fact {
  const shape = sizes && checked(sizes)
  const isWhole = shape && given && given.length <= MOST_VALUES && elementsOf(shape) === given.length
  const values = !isWhole ? undefined : elementType === FLOAT ? given.map(rounded) : given
  return { shape, elementType, values, isNonNegative: isUnsigned(elementType) || allNonNegative(values) }
}

/** A shape that is right is taken as it is, so that all values of a long chain share one. */
function checked(sizes: Shape): Shape | undefined {
  if (sizes.length > MOST_DIMENSIONS) return undefined
  return sizes.every(isSize) ? sizes : sizes.map((size) => (isSize(size) ? size : undefined))
}

const rounded = (value: Dimension): Dimension => (typeof value === 'number' ? Math.fround(value) : value)

const isSize = (size: Dimension): boolean => typeof size !== 'number' || (Number.isSafeInteger(size) && size >= 0)

/** Whether a type has no numbers below zero. */
export const isUnsigned = (elementType: number): boolean => UNSIGNED.includes(elementType)

/** Whether numbers are known and none is below zero. */
export const allNonNegative = (values: readonly Dimension[] | undefined): boolean =>
  values?.every((value) => typeof value === 'number' && value >= 0) ?? false

/** A value whose elements are not known any more. */
export const withoutValues = (known: Fact | undefined): Fact | undefined =>
  known?.values ? { ...known, values: undefined } : known

/** The same value, of which it is known that nothing is below zero. */
export const nonNegativeFact = (known: Fact | undefined): Fact => ({
  ...(known ?? fact(undefined)),
  isNonNegative: true,
})

/** A vector of known numbers. */
export function vector(values: readonly Dimension[], elementType = INT64): Fact {
  return fact([values.length], elementType, values)
}

/** A tensor of so many unknown dimensions. */
export function ofRank(rank: number, elementType = 0): Fact {
  return fact(rank <= MOST_DIMENSIONS ? new Array<Dimension>(rank).fill(undefined) : undefined, elementType)
}

/** Elements of a shape; undefined where a size is not a number. */
export function elementsOf(shape: Shape): number | undefined {
  let product = 1
  for (const size of shape) {
    if (typeof size !== 'number') return undefined
    product *= size
  }
  return product
}

/** Values that are all known numbers. */
export const numbersOf = (known: Fact | undefined): readonly number[] | undefined => allNumbers(known?.values)

/** Sizes that are numbers; undefined where one is not. */
export const allNumbers = (sizes: readonly Dimension[] | undefined): readonly number[] | undefined =>
  sizes?.every((size) => typeof size === 'number') ? (sizes as readonly number[]) : undefined

/** What two ways to a value agree on, such as the branches of `If`. */
export function common(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  if (!a || !b) return undefined
  const elementType = a.elementType === b.elementType ? a.elementType : 0
  if (a.shape?.length !== b.shape?.length) return fact(undefined, elementType)
  const agreed = <T>(x: readonly T[] | undefined, y: readonly T[] | undefined): (T | undefined)[] | undefined =>
    x && y && x.map((value, index) => (value === y[index] ? value : undefined))
  const shape = agreed(a.shape, b.shape)
  const sizes = shape && elementsOf(shape)
  const both = fact(shape, elementType, sizes === undefined ? undefined : agreed(a.values, b.values))
  return a.isNonNegative && b.isNonNegative ? nonNegativeFact(both) : both
}
