import type { Call, Rule } from '../call.ts'
import { BOOL, type Fact, FLOATING, fact, MOST_VALUES } from '../fact.ts'
import type { Dimension, Shape } from '../model.ts'

/** Operators whose output has the shape of their first input, and whose values nobody computes sizes with. */
const alike = (
  'Relu LeakyRelu ThresholdedRelu Elu Selu Celu Gelu HardSigmoid HardSwish Mish Sigmoid Tanh Softplus Softsign Softmax ' +
  'LogSoftmax Hardmax Shrink Swish Erf Exp Log Sin Cos Reciprocal BatchNormalization InstanceNormalization ' +
  'LayerNormalization GroupNormalization RMSNormalization LpNormalization MeanVarianceNormalization LRN CumSum Dropout ' +
  'Trilu ReverseSequence ScatterND ScatterElements Scatter IsNaN IsInf QuantizeLinear DequantizeLinear ' +
  'DynamicQuantizeLinear FastGelu BiasGelu QuickGelu QLinearSigmoid QLinearLeakyRelu QLinearSoftmax CastLike'
).split(' ')

/** Operators on one value at a time, with what they make of it. */
const unary: Readonly<Record<string, (value: number) => number>> = {
  Identity: (value) => value,
  Abs: Math.abs,
  Neg: (value) => -value,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Round: (value) => (value % 1 === 0.5 || value % 1 === -0.5 ? 2 * Math.round(value / 2) : Math.round(value)),
  Sqrt: Math.sqrt,
  Sign: Math.sign,
  Not: (value) => Number(!value),
}

/** Operators on pairs of values. */
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  Sum: (a, b) => a + b,
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  And: (a, b) => Number(Boolean(a && b)),
  Or: (a, b) => Number(Boolean(a || b)),
  Xor: (a, b) => Number(Boolean(a) !== Boolean(b)),
}
const comparing = ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'And', 'Or', 'Xor']

/** Operators that stretch their inputs to a common shape and whose values nobody computes sizes with. */
const stretching = ['PRelu', 'Mean']

const keep: Rule = ({ inputs: [input] }) => [input && fact(input.shape, input.elementType)]

/** Rules for operators that work on each element by itself. */
export const elementwise: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(alike.map((name) => [name, keep])),
  ...Object.fromEntries(Object.entries(unary).map(([name, of]) => [name, mapping(of)])),
  ...Object.fromEntries(Object.entries(binary).map(([name, of]) => [name, combining(name, of)])),
  ...Object.fromEntries(stretching.map((name) => [name, combining(name)])),
  // The type is an attribute; what becomes an integer is cut towards zero.
  Cast: (call) => {
    const [input] = call.inputs
    const to = call.int('to') ?? 0
    const cut = (value: Dimension): Dimension => (typeof value === 'number' ? Math.trunc(value) : value)
    return [input && fact(input.shape, to, FLOATING.includes(to) ? input.values : input.values?.map(cut))]
  },
  // The sign is that of the divisor, as in Python, or with `fmod` that of the dividend, as in C.
  Mod: (call) => combining('Mod', call.int('fmod') ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(call),
  Clip: (call) => {
    const [input, least, most] = call.inputs
    if (!input) return []
    const bound = (index: number, name: string, known: Fact | undefined, absent: number): Dimension =>
      call.attribute(name)?.float ?? (call.has(index) ? known?.values?.[0] : absent)
    const low = bound(1, 'min', least, Number.NEGATIVE_INFINITY)
    const high = bound(2, 'max', most, Number.POSITIVE_INFINITY)
    const clip = (value: Dimension): Dimension =>
      typeof value === 'number' && typeof low === 'number' && typeof high === 'number'
        ? Math.min(Math.max(value, low), high)
        : undefined
    return [fact(input.shape, input.elementType, input.values?.map(clip))]
  },
  Where: ({ inputs: [condition, yes, no] }) => {
    const shape = stretch([condition?.shape, yes?.shape, no?.shape])
    const pick = (flag: Dimension, a: Dimension, b: Dimension): Dimension =>
      flag === undefined ? (a === b ? a : undefined) : flag ? a : b
    return [
      fact(
        shape,
        yes?.elementType ?? no?.elementType,
        zip(shape, [condition, yes, no], ([c, a, b]) => pick(c, a, b)),
      ),
    ]
  },
}

function mapping(of: (value: number) => number): Rule {
  const map = (value: Dimension): Dimension => (typeof value === 'number' ? of(value) : undefined)
  const isIdentity = of === unary.Identity
  return ({ inputs: [input] }) => [
    input && (isIdentity ? input : fact(input.shape, input.elementType, input.values?.map(map))),
  ]
}

/** A rule for any number of inputs, taken two at a time. */
function combining(name: string, of?: (a: number, b: number) => number): Rule {
  return (call) => {
    const { inputs } = call
    const elementType = inputs.find((input) => input?.elementType)?.elementType ?? 0
    const shape = isOneSided(call) ? inputs[0]?.shape : stretch(inputs.map((input) => input?.shape))
    const cut = name === 'Div' && !FLOATING.includes(elementType) ? Math.trunc : (value: number) => value
    const combine = (a: Dimension, b: Dimension): Dimension =>
      of && typeof a === 'number' && typeof b === 'number' ? cut(of(a, b)) : undefined
    const values = of && inputs.length > 0 ? zip(shape, inputs, (list) => list.reduce(combine)) : undefined
    return [fact(shape, comparing.includes(name) ? BOOL : elementType, values)]
  }
}

/** Before operator set 7 the second input was stretched to the first one, and only when asked for. */
const isOneSided = ({ opset, inputs }: Call): boolean => opset < 7 && inputs.length === 2

/** The shape that all stretch to: sizes from the last one on, 1 stretching to any. */
export function stretch(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (shapes.some((shape) => shape === undefined)) return undefined
  const known = shapes as readonly Shape[]
  const rank = Math.max(0, ...known.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => known.map((shape) => sizeAt(shape, axis, rank)).reduce(wider))
}

const sizeAt = (shape: Shape, axis: number, rank: number): Dimension => {
  const at = axis - rank + shape.length
  return at < 0 ? 1 : shape[at]
}

/** A number above 1 settles it: whatever is not known beside it must be that or 1. */
const wider = (a: Dimension, b: Dimension): Dimension => {
  if (a === 1 || a === b) return b
  if (b === 1) return a
  return typeof a === 'number' ? a : typeof b === 'number' ? b : undefined
}

/** Values computed element by element from inputs that stretch to a shape; undefined where one's are not known. */
function zip(
  shape: Shape | undefined,
  inputs: readonly (Fact | undefined)[],
  of: (values: Dimension[]) => Dimension,
): Dimension[] | undefined {
  if (!shape?.every((size) => typeof size === 'number') || !inputs.every((input) => input?.values)) return undefined
  const length = (shape as number[]).reduce((product, size) => product * size, 1)
  if (length > MOST_VALUES) return undefined
  const known = inputs as readonly (Fact & { shape: number[]; values: Dimension[] })[]
  return Array.from({ length }, (_, index) =>
    of(known.map((input) => input.values[placeIn(input.shape, shape, index)])),
  )
}

/** Where the element of a stretched shape comes from. */
function placeIn(from: readonly number[], shape: Shape, index: number): number {
  let [place, step, rest] = [0, 1, index]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number
    const own = from[axis - shape.length + from.length]
    if (own !== undefined) {
      if (own > 1) place += (rest % size) * step
      step *= own
    }
    rest = Math.floor(rest / size)
  }
  return place
}
