import type { Call, Rule } from '../call.ts'
import { type Fact, fact, numbersOf, ofRank } from '../fact.ts'
import type { Dimension, Shape } from '../model.ts'
import { stretch } from './elementwise.ts'
import { axesOf, axisOf } from './moving.ts'

// Operators that sum, pick or multiply along axes.

const reduce: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const { shape, values, elementType } = input
  const given = call.list('axes', 1, null)
  const keeps = call.int('keepdims') !== 0
  if (given === undefined) return [keeps ? ofRank(shape.length, elementType) : fact(undefined, elementType)]
  const isAll = given === null || given.length === 0
  if (isAll && call.int('noop_with_empty_axes') === 1) return [input]
  const axes = isAll ? shape.map((_, axis) => axis) : axesOf(given, shape.length)
  if (!axes) return []
  const output = shape.flatMap((size, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [size]))
  const numbers = numbersOf(input)
  const isProduct = call.node.opType === 'ReduceProd' && axes.length === shape.length && values && numbers
  return [fact(output, elementType, isProduct ? [numbers.reduce((a, b) => a * b, 1)] : undefined)]
}

/** ArgMax and ArgMin: one axis, int64. */
const pick: Rule = (call) => {
  const [input] = call.inputs
  if (!input?.shape) return []
  const axis = axisOf(call.int('axis') ?? 0, input.shape.length)
  const keeps = call.int('keepdims') !== 0
  return [
    fact(
      input.shape.flatMap((size, at) => (at === axis ? (keeps ? [1] : []) : [size])),
      7,
    ),
  ]
}

const topK: Rule = (call) => {
  const [input, count] = call.inputs
  if (!input?.shape) return []
  const axis = axisOf(call.int('axis') ?? -1, input.shape.length)
  const k = call.int('k') ?? count?.values?.[0]
  const shape = input.shape.map((size, at) => (at === axis ? k : size))
  return [fact(shape, input.elementType), fact(shape, 7)]
}

/** Products of matrices; vectors are matrices of one row or column that is left out again. */
function multiplied(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  if (!a?.shape || !b?.shape || a.shape.length === 0 || b.shape.length === 0) return undefined
  const [rows, columns] = [a.shape.length > 1, b.shape.length > 1]
  const batch = stretch([a.shape.slice(0, -2), b.shape.slice(0, -2)])
  const ends: Shape = [...(rows ? [a.shape.at(-2)] : []), ...(columns ? [b.shape.at(-1)] : [])]
  return batch && fact([...batch, ...ends], a.elementType)
}

const matMul: Rule = ({ inputs: [a, b] }) => [multiplied(a, b)]

const gemm: Rule = (call) => {
  const [a, b] = call.inputs
  const rows = a?.shape?.[call.int('transA') ? 1 : 0]
  const columns = b?.shape?.[call.int('transB') ? 0 : 1]
  return [fact([rows, columns], a?.elementType)]
}

/** [steps, directions, batch, hidden], then the last states; batch comes first with `layout`. */
const recurrent: Rule = (call) => {
  const [input] = call.inputs
  const [first, second] = input?.shape ?? []
  const hidden: Dimension = call.int('hidden_size') ?? call.inputs[2]?.shape?.[2]
  const directions = call.attribute('direction')?.string === 'bidirectional' ? 2 : 1
  const isBatchFirst = call.int('layout') === 1
  const whole = isBatchFirst ? [first, second, directions, hidden] : [first, directions, second, hidden]
  const state = fact(isBatchFirst ? [first, directions, hidden] : [directions, second, hidden], input?.elementType)
  return [fact(whole, input?.elementType), state, state]
}

const reductions = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare']

/** Rules for operators that take elements together. */
export const reducing: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(reductions.map((name) => [`Reduce${name}`, reduce])),
  ArgMax: pick,
  ArgMin: pick,
  TopK: topK,
  MatMul: matMul,
  MatMulInteger: matMul,
  QLinearMatMul: ({ inputs: [a, , , b] }) => [multiplied(a, b)],
  FusedMatMul: (call: Call) => (call.int('transA') || call.int('transB') ? [] : matMul(call)),
  Gemm: gemm,
  FusedGemm: gemm,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
}
