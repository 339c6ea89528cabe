import type { ConstantTensor } from './call.ts'
import {
  allNonNegative,
  type Fact,
  FLOAT,
  fact,
  INT32,
  INT64,
  isUnsigned,
  MOST_VALUES,
  numbersOf,
  ofRank,
  vector,
} from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, nonNegative } from './sign.ts'

// Operators that make values out of nothing, or out of a shape.

/** What is known of a tensor of the file, whose values are read only when something computes with them. */
export function factOf(tensor: ConstantTensor): Fact {
  const known = facts.get(tensor) ?? newFactOf(tensor)
  facts.set(tensor, known)
  return known
}

/** Networks that run are walked through at each new size. */
const facts = new WeakMap<ConstantTensor, Fact>()

function newFactOf(tensor: ConstantTensor): Fact {
  const { shape, elementType } = fact(tensor.dims, tensor.elementType)
  const isSmall = tensor.dims.reduce((product, size) => product * size, 1) <= MOST_VALUES
  return {
    shape,
    elementType,
    get values() {
      return isSmall ? tensor.values() : undefined
    },
    get isNonNegative() {
      return isUnsigned(elementType) || (isSmall && allNonNegative(tensor.values()))
    },
  }
}

const constant: Infer = (call) => {
  const tensor = call.attribute('value')?.tensor
  if (tensor) return [factOf(tensor)]
  const [int, float] = [call.int('value_int'), call.attribute('value_float')?.float]
  const [ints, floats] = [call.ints('value_ints'), call.attribute('value_floats')?.floats]
  if (int !== undefined) return [fact([], INT64, [int])]
  if (float !== undefined) return [fact([], FLOAT, [float])]
  if (ints) return [vector(ints)]
  return floats ? [vector(floats, FLOAT)] : []
}

const shape: Infer = (call) => {
  const sizes = call.inputs[0]?.shape
  return [sizes && vector(sizes.slice(call.int('start') ?? 0, call.int('end')))]
}

const size: Infer = ({ inputs: [input] }) => {
  const sizes = input?.shape
  const isKnown = sizes?.every((one): one is number => typeof one === 'number')
  return [fact([], INT64, [isKnown ? sizes.reduce((product, one) => product * one, 1) : undefined])]
}

const constantOfShape: Infer = (call) => {
  const [target] = call.inputs
  const tensor = call.attribute('value')?.tensor
  const value = tensor ? tensor.values()?.[0] : 0
  const sizes = target?.values
  if (!sizes) return [typeof target?.shape?.[0] === 'number' ? ofRank(target.shape[0]) : undefined]
  const numbers = numbersOf(target)
  const elements = numbers?.reduce((product, one) => product * one, 1) ?? Number.POSITIVE_INFINITY
  const values =
    Number.isInteger(elements) && elements >= 0 && elements <= MOST_VALUES ? new Array(elements).fill(value) : undefined
  return [fact(sizes, tensor?.elementType ?? FLOAT, values)]
}

const range: Infer = ({ inputs }) => {
  const [start, limit, step] = inputs.map((input) => numbersOf(input)?.[0])
  if (start === undefined || limit === undefined || !step) return [fact([undefined], inputs[0]?.elementType)]
  const length = Math.max(0, Math.ceil((limit - start) / step))
  const values = length <= MOST_VALUES ? Array.from({ length }, (_, index) => start + index * step) : undefined
  return [fact([length], inputs[0]?.elementType, values)]
}

/** The shape is an attribute. */
const random: Infer = (call) => {
  const sizes = call.ints('shape')
  return [sizes && fact(sizes, call.int('dtype') ?? FLOAT)]
}

/** The shape is that of the input, and its type where none is given. */
const like: Infer = (call) => {
  const [input] = call.inputs
  return [input && fact(input.shape, call.int('dtype') ?? input.elementType)]
}

/** [batch, samples]. */
const multinomial: Infer = (call) => {
  return [fact([call.inputs[0]?.shape?.[0], call.int('sample_size') ?? 1], call.int('dtype') ?? INT32)]
}

/** Rows of operators that make values. */
export const making: readonly Operator[] = [
  { name: 'Constant', infer: constant, cells: 'none', sign: anySign },
  { name: 'ConstantOfShape', infer: constantOfShape, cells: 'none', sign: anySign },
  { name: 'Shape', infer: shape, cells: 'none', takesSizes: true, sign: nonNegative },
  { name: 'Size', infer: size, cells: 'none', takesSizes: true, sign: nonNegative },
  { name: 'EyeLike', infer: like, cells: 'none', sign: nonNegative },
  { name: 'RandomNormal', infer: random, cells: 'none', sign: anySign },
  { name: 'RandomNormalLike', infer: like, cells: 'none', sign: anySign },
  { name: 'RandomUniform', infer: random, cells: 'none', sign: anySign },
  { name: 'RandomUniformLike', infer: like, cells: 'none', sign: anySign },
  { name: 'Bernoulli', infer: like, cells: 'stay', sign: nonNegative },
  { name: 'Multinomial', infer: multinomial, cells: 'none', sign: nonNegative },
  { name: 'Range', infer: range, cells: 'none', sign: anySign },
]
