import { broadcast, zip } from './broadcast.ts'
import type { Call } from './call.ts'
import { alike } from './elementwise.ts'
import { BOOL, type Dimension, FLOATING, fact, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anyKeepsSign, anySign, keepsSigns, nonNegative } from './sign.ts'

// Operators that work on elements of several inputs, which stretch to a common shape.

type Binary = (a: number, b: number) => number

/** A rule for any number of inputs, taken two at a time; without `of`, their values are no sizes any more. */
function combining(of?: Binary, outputType?: number): Infer {
  return (call) => {
    const { inputs } = call
    const elementType = inputs.find((input) => input?.elementType)?.elementType ?? 0
    const shape = isOneSided(call) ? oneSided(call) : broadcast(call)
    const combine = (a: Dimension, b: Dimension): Dimension =>
      of && typeof a === 'number' && typeof b === 'number' ? of(a, b) : undefined
    const values = of && inputs.length > 0 ? zip(shape, inputs, (list) => list.reduce(combine)) : undefined
    return [fact(shape, outputType ?? elementType, values)]
  }
}

/** Before operator set 7 the second input was stretched to the first one, and only when asked for. */
const isOneSided = ({ opset, inputs }: Call): boolean => opset < 7 && inputs.length === 2

/** The first input's shape, which the second one must have where it is not stretched. */
function oneSided(call: Call): Shape | undefined {
  const [a, b] = call.inputs.map((input) => input?.shape)
  if (call.int('broadcast') || !a || !b) return a
  if (call.meet('the shapes must have as many axes', a.length, b.length, [0, 1])) {
    a.forEach((size, axis) => void call.meet(`sizes along axis ${axis} must be equal`, size, b[axis], [0, 1]))
  }
  return a
}

/** A rule that answers true or false. */
const comparing = (of: (a: number, b: number) => boolean): Infer => combining((a, b) => Number(of(a, b)), BOOL)

/** What is no integer is cut towards zero where the inputs are integers. */
const cutting =
  (of: Binary): Infer =>
  (call) => {
    const isFloating = FLOATING.includes(call.inputs.find((input) => input?.elementType)?.elementType ?? 0)
    return combining(isFloating ? of : (a, b) => Math.trunc(of(a, b)))(call)
  }

/** The sign is that of the divisor, as in Python, or with `fmod` that of the dividend, as in C. */
const modulo: Infer = (call) =>
  combining(call.int('fmod') ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))(call)

const choose: Infer = (call) => {
  const [condition, yes, no] = call.inputs
  const shape = broadcast(call)
  const pick = (flag: Dimension, a: Dimension, b: Dimension): Dimension =>
    flag === undefined ? (a === b ? a : undefined) : flag ? a : b
  const values = zip(shape, [condition, yes, no], ([flag, a, b]) => pick(flag, a, b))
  return [fact(shape, yes?.elementType ?? no?.elementType, values)]
}

/** Before operator set 7 there was a slope for each channel. */
const prelu: Infer = (call) => (call.opset < 7 ? alike(call) : combining()(call))

/** Of a quantized sum or product: input, scale and zero point of each side. */
const quantized: Infer = (call) => [fact(broadcast(call, [0, 3]), call.inputs[0]?.elementType)]

/** Rows of operators on pairs of elements. */
export const arithmetic: readonly Operator[] = [
  { name: 'Add', infer: combining((a, b) => a + b), cells: 'stay', sign: keepsSigns },
  { name: 'Sub', infer: combining((a, b) => a - b), cells: 'stay', sign: anySign },
  { name: 'Mul', infer: combining((a, b) => a * b), cells: 'stay', sign: keepsSigns },
  { name: 'Div', infer: cutting((a, b) => a / b), cells: 'stay', sign: keepsSigns },
  { name: 'Mod', infer: modulo, cells: 'stay', sign: keepsSigns },
  {
    name: 'Pow',
    infer: cutting((a, b) => a ** b),
    cells: 'stay',
    sign: ({ inputs: [base] }) => base?.isNonNegative ?? false,
  },
  { name: 'Max', infer: combining(Math.max), cells: 'stay', sign: anyKeepsSign },
  { name: 'Min', infer: combining(Math.min), cells: 'stay', sign: keepsSigns },
  { name: 'Sum', infer: combining((a, b) => a + b), cells: 'stay', sign: keepsSigns },
  { name: 'Mean', infer: combining(), cells: 'stay', sign: keepsSigns },
  { name: 'PRelu', infer: prelu, cells: 'stay', sign: ({ inputs: [input] }) => input?.isNonNegative ?? false },
  { name: 'QLinearAdd', infer: quantized, cells: 'stay', sign: anySign },
  { name: 'QLinearMul', infer: quantized, cells: 'stay', sign: anySign },

  { name: 'Equal', infer: comparing((a, b) => a === b), cells: 'stay', sign: nonNegative },
  { name: 'Greater', infer: comparing((a, b) => a > b), cells: 'stay', sign: nonNegative },
  { name: 'GreaterOrEqual', infer: comparing((a, b) => a >= b), cells: 'stay', sign: nonNegative },
  { name: 'Less', infer: comparing((a, b) => a < b), cells: 'stay', sign: nonNegative },
  { name: 'LessOrEqual', infer: comparing((a, b) => a <= b), cells: 'stay', sign: nonNegative },
  { name: 'And', infer: comparing((a, b) => Boolean(a && b)), cells: 'stay', sign: nonNegative },
  { name: 'Or', infer: comparing((a, b) => Boolean(a || b)), cells: 'stay', sign: nonNegative },
  { name: 'Xor', infer: comparing((a, b) => Boolean(a) !== Boolean(b)), cells: 'stay', sign: nonNegative },
  { name: 'BitShift', infer: combining(), cells: 'stay', sign: nonNegative },
  { name: 'BitwiseAnd', infer: combining(), cells: 'stay', sign: keepsSigns },
  { name: 'BitwiseOr', infer: combining(), cells: 'stay', sign: keepsSigns },
  { name: 'BitwiseXor', infer: combining(), cells: 'stay', sign: keepsSigns },
  {
    name: 'Where',
    infer: choose,
    cells: 'stay',
    sign: ({ inputs: [, yes, no] }) => (yes?.isNonNegative && no?.isNonNegative) ?? false,
  },
]
