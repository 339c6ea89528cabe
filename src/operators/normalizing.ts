import { alike } from './elementwise.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSign } from './sign.ts'

/** Scale, bias and statistics have one number for each channel. */
const batchNormalization: Infer = (call) => {
  const channels = call.inputs[0]?.shape?.[1]
  for (const index of [1, 2, 3, 4]) {
    call.meet('there must be a number for each channel', channels, call.inputs[index]?.shape?.[0], [0, index])
  }
  return alike(call)
}

/** Rows of normalizations: statistics over a picture move none of its cells. */
export const normalizing: readonly Operator[] = [
  { name: 'BatchNormalization', infer: batchNormalization, cells: 'stay', takesLists: true, sign: anySign },
  { name: 'InstanceNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'LayerNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'GroupNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'RMSNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'LpNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: keepsSign },
  { name: 'MeanVarianceNormalization', infer: alike, cells: 'stay', takesWhole: true, sign: anySign },
  { name: 'LRN', infer: alike, cells: 'stay', sign: keepsSign },
]
