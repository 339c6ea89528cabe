import type { Call } from './call.ts'
import { alike } from './elementwise.ts'
import type { Infer, Operator } from './operator.ts'
import { axesFrom, axesOf, axisOf } from './places.ts'
import { anySign, keepsSign } from './sign.ts'

/** Scale, bias and statistics have one number for each channel. */
const batchNormalization: Infer = (call) => {
  const channels = call.inputs[0]?.shape?.[1]
  for (const index of [1, 2, 3, 4]) {
    call.meet('there must be a number for each channel', channels, call.inputs[index]?.shape?.[0], [0, index])
  }
  return alike(call)
}

/** The axes over which statistics are taken: from `axis` on, from the last one by default. */
const fromAxis = (call: Call, rank: number): number[] => axesFrom(axisOf(call.int('axis') ?? -1, rank) ?? 0, rank)

const alongAxis = (call: Call, rank: number): number[] => [axisOf(call.int('axis') ?? -1, rank) ?? 0]

const alongAxes = (call: Call, rank: number): readonly number[] => axesOf(call.ints('axes') ?? [0, 2, 3], rank) ?? []

/** Rows of normalizations: statistics over a picture move none of its cells. */
export const normalizing: readonly Operator[] = [
  { name: 'BatchNormalization', infer: batchNormalization, cells: 'stay', takesLists: true, sign: anySign },
  {
    name: 'InstanceNormalization',
    infer: alike,
    cells: 'stay',
    takesLists: true,
    takesWhole: (_, rank) => axesFrom(2, rank),
    sign: anySign,
  },
  { name: 'LayerNormalization', infer: alike, cells: 'stay', takesWhole: fromAxis, sign: anySign },
  {
    name: 'GroupNormalization',
    infer: alike,
    cells: 'stay',
    takesLists: true,
    takesWhole: (_, rank) => axesFrom(1, rank),
    sign: anySign,
  },
  { name: 'RMSNormalization', infer: alike, cells: 'stay', takesWhole: fromAxis, sign: anySign },
  { name: 'LpNormalization', infer: alike, cells: 'stay', takesWhole: alongAxis, sign: keepsSign },
  { name: 'MeanVarianceNormalization', infer: alike, cells: 'stay', takesWhole: alongAxes, sign: anySign },
  { name: 'LRN', infer: alike, cells: 'stay', sign: keepsSign },
]
