import type { Dimension, Shape } from './model.ts'

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
}

/** ONNX's numbers for types of elements. */
export const FLOAT = 1
export const INT64 = 7
export const BOOL = 9
/** Types that divide without rounding: float32, float16, float64, bfloat16. */
export const FLOATING: readonly number[] = [1, 10, 11, 16]

/** The most elements that are computed with; sizes, pads and steps are far fewer. */
export const MOST_VALUES = 1024
/** The most dimensions; what claims more is taken for unknown. */
const MOST_DIMENSIONS = 64

/** What is known of a value. What is no size, and values that are too many or not as many as the shape, are left out. */
export function fact(sizes: Shape | undefined, elementType = 0, values?: readonly Dimension[]): Fact {
  const shape = sizes && sizes.length <= MOST_DIMENSIONS ? sizes.map(checked) : undefined
  const isWhole = shape !== undefined && values !== undefined && elementsOf(shape) === values.length
  return { shape, elementType, values: isWhole && values.length <= MOST_VALUES ? values : undefined }
}

const checked = (size: Dimension): Dimension =>
  typeof size !== 'number' || (Number.isSafeInteger(size) && size >= 0) ? size : undefined

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
export function numbersOf(known: Fact | undefined): readonly number[] | undefined {
  const { values } = known ?? {}
  return values?.every((value) => typeof value === 'number') ? (values as readonly number[]) : undefined
}

/** What two ways to a value agree on, such as the branches of `If`. */
export function common(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  if (!a || !b) return undefined
  const elementType = a.elementType === b.elementType ? a.elementType : 0
  if (a.shape?.length !== b.shape?.length) return fact(undefined, elementType)
  const agreed = <T>(x: readonly T[] | undefined, y: readonly T[] | undefined): (T | undefined)[] | undefined =>
    x && y && x.map((value, index) => (value === y[index] ? value : undefined))
  const shape = agreed(a.shape, b.shape)
  const sizes = shape && elementsOf(shape)
  return fact(shape, elementType, sizes === undefined ? undefined : agreed(a.values, b.values))
}
