import { alike } from './elementwise.ts'
import type { Operator } from './operator.ts'
import { anySign, keepsSign } from './sign.ts'

/** Rows of normalizations: statistics over a picture move none of its cells. */
export const normalizing: readonly Operator[] = [
  { name: 'BatchNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'InstanceNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'LayerNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'GroupNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'RMSNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'LpNormalization', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'MeanVarianceNormalization', infer: alike, cells: 'stay', sign: anySign },
  { name: 'LRN', infer: alike, cells: 'stay', sign: keepsSign },
]
