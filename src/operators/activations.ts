import type { Call } from './call.ts'
import { alike } from './elementwise.ts'
import type { Operator } from './operator.ts'
import { axesFrom, axisOf } from './places.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

/** Up to operator set 12 a softmax takes all axes from one on together, since 13 one axis. */
const softened = (call: Call, rank: number): number[] => {
  const axis = axisOf(call.int('axis') ?? (call.opset < 13 ? 1 : -1), rank) ?? 0
  return call.opset < 13 ? axesFrom(axis, rank) : [axis]
}

/** Rows of activations. */
export const activations: readonly Operator[] = [
  { name: 'Relu', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'LeakyRelu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'QLinearLeakyRelu', infer: alike, cells: 'stay', sign: anySign },
  { name: 'ThresholdedRelu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Elu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Selu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Celu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Gelu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'FastGelu', infer: alike, cells: 'stay', sign: anySign },
  { name: 'BiasGelu', infer: alike, cells: 'stay', sign: anySign },
  { name: 'QuickGelu', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Swish', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Mish', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'HardSwish', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Sigmoid', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'QLinearSigmoid', infer: alike, cells: 'stay', sign: anySign },
  { name: 'HardSigmoid', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'Softplus', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'Softsign', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Shrink', infer: alike, cells: 'stay', sign: anySign },
  { name: 'Softmax', infer: alike, cells: 'stay', takesWhole: softened, sign: nonNegative },
  { name: 'QLinearSoftmax', infer: alike, cells: 'stay', takesWhole: softened, sign: anySign },
  { name: 'LogSoftmax', infer: alike, cells: 'stay', takesWhole: softened, sign: anySign },
  { name: 'Hardmax', infer: alike, cells: 'stay', takesWhole: softened, sign: nonNegative },
]
