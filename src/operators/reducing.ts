import { type FollowAxes, forAll, own, reducedAxis, unfollowed } from './axes.ts'
import { fact, INT64, numbersOf, ofRank } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { axesOf, axisOf } from './places.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

// Operators that sum or pick along axes.

/** What a reduction does to a single element is nothing, but for these. */
const changing: readonly string[] = ['ReduceL1', 'ReduceL2', 'ReduceLogSum', 'ReduceSumSquare']

const reduce: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape, values, elementType } = input
  const given = call.list('axes', 1, null)
  const keeps = call.int('keepdims') !== 0
  if (given === undefined) return [keeps ? ofRank(shape.length, elementType) : fact(undefined, elementType)]
  const isAll = given === null || given.length === 0
  if (isAll && call.int('noop_with_empty_axes') === 1) {
    return [changing.includes(call.node.opType) ? fact(shape, elementType) : input]
  }
  const axes = isAll ? shape.map((_, axis) => axis) : axesOf(given, shape.length)
  if (!axes) return []
  const output = shape.flatMap((size, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [size]))
  const numbers = numbersOf(input)
  const isProduct = call.node.opType === 'ReduceProd' && axes.length === shape.length && values && numbers
  return [fact(output, elementType, isProduct ? [numbers.reduce((a, b) => a * b, 1)] : undefined)]
}

/** ArgMax and ArgMin: one axis, int64. */
const pick: Infer = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const axis = axisOf(call.int('axis') ?? 0, input.shape.length)
  const keeps = call.int('keepdims') !== 0
  return [
    fact(
      input.shape.flatMap((size, at) => (at === axis ? (keeps ? [1] : []) : [size])),
      INT64,
    ),
  ]
}

const topK: Infer = (call) => {
  const [input, count] = call.inputs
  if (!input?.shape) return []
  const axis = axisOf(call.int('axis') ?? -1, input.shape.length)
  const k = call.int('k') ?? count?.values?.[0]
  const shape = input.shape.map((size, at) => (at === axis ? k : size))
  return [fact(shape, input.elementType), fact(shape, INT64)]
}

export const reduced: FollowAxes = (given) => {
  const { call, ranks } = given
  const [rank] = ranks
  if (rank === undefined) return unfollowed(given)
  const all = Array.from({ length: rank }, (_, axis) => axis)
  const list = call.list('axes', 1, null)
  const none = call.int('noop_with_empty_axes') === 1 ? [] : all
  const axes = list === null || list?.length === 0 ? none : list && axesOf(list, rank)
  if (!axes) return unfollowed(given)
  const made = all.map((axis) => (axes.includes(axis) ? reducedAxis(axis) : own(axis)))
  return [call.int('keepdims') === 0 ? made.filter((_, axis) => !axes.includes(axis)) : made]
}

export const picked: FollowAxes = (given) => {
  const { call, ranks } = given
  const [rank] = ranks
  const axis = rank === undefined ? undefined : axisOf(call.int('axis') ?? 0, rank)
  if (rank === undefined || axis === undefined) return unfollowed(given)
  const made = Array.from({ length: rank }, (_, at) => (at === axis ? reducedAxis(at) : own(at)))
  return [call.int('keepdims') === 0 ? made.toSpliced(axis, 1) : made]
}

/** The largest along one axis, and their places. */
export const sorted: FollowAxes = (given) => {
  const { call, ranks } = given
  const [rank] = ranks
  const axis = rank === undefined ? undefined : axisOf(call.int('axis') ?? -1, rank)
  if (rank === undefined || axis === undefined) return unfollowed(given)
  const made = Array.from({ length: rank }, (_, at) =>
    at === axis ? { ...own(at), ends: 'takes all cells together' } : own(at),
  )
  return forAll(given, made)
}

/** Rows of operators that sum or pick along axes. */
export const reducing: readonly Operator[] = [
  { name: 'ReduceSum', infer: reduce, cells: 'mix', sign: keepsSign },
  { name: 'ReduceMean', infer: reduce, cells: 'mix', sign: keepsSign },
  { name: 'ReduceMax', infer: reduce, cells: 'mix', sign: keepsSign },
  { name: 'ReduceMin', infer: reduce, cells: 'mix', sign: keepsSign },
  { name: 'ReduceProd', infer: reduce, cells: 'mix', sign: keepsSign },
  { name: 'ReduceL1', infer: reduce, cells: 'mix', sign: nonNegative },
  { name: 'ReduceL2', infer: reduce, cells: 'mix', sign: nonNegative },
  { name: 'ReduceLogSum', infer: reduce, cells: 'mix', sign: anySign },
  { name: 'ReduceLogSumExp', infer: reduce, cells: 'mix', sign: anySign },
  { name: 'ReduceSumSquare', infer: reduce, cells: 'mix', sign: nonNegative },
  { name: 'ArgMax', infer: pick, cells: 'mix', sign: nonNegative },
  { name: 'ArgMin', infer: pick, cells: 'mix', sign: nonNegative },
  { name: 'TopK', infer: topK, cells: 'mix', sign: keepsSign },
]
