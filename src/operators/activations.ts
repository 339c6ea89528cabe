import { rectifiedValue } from './carried.ts'
import { alike } from './elementwise.ts'
import type { Operator } from './operator.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

/** Rows of activations. */
export const activations: readonly Operator[] = [
  { name: 'Relu', infer: alike, cells: 'stay', sign: nonNegative, carries: rectifiedValue },
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
  { name: 'Softmax', infer: alike, cells: 'stay', takesWhole: true, sign: nonNegative },
  { name: 'QLinearSoftmax', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'LogSoftmax', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'Hardmax', infer: alike, cells: 'stay', takesWhole: true, sign: nonNegative },
]
