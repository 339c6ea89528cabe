import { type Dimension, fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign } from './sign.ts'

/** [steps, directions, batch, hidden], then the last states; batch comes first with `layout`. */
const recurrence: Infer = (call) => {
  const [input] = call.inputs
  const [first, second] = input?.shape ?? []
  const features = call.inputs[0]?.shape?.[2]
  call.meet('the weights must be as wide as what is read', features, call.inputs[1]?.shape?.[2], [0, 1])
  const hidden: Dimension = call.int('hidden_size') ?? call.inputs[2]?.shape?.[2]
  const directions = call.attribute('direction')?.string === 'bidirectional' ? 2 : 1
  const isBatchFirst = call.int('layout') === 1
  const whole = isBatchFirst ? [first, second, directions, hidden] : [first, directions, second, hidden]
  const state = fact(isBatchFirst ? [first, directions, hidden] : [directions, second, hidden], input?.elementType)
  return [fact(whole, input?.elementType), state, state]
}

/** Rows of operators that go through a sequence step by step. */
export const recurrent: readonly Operator[] = [
  { name: 'LSTM', infer: recurrence, cells: 'mix', sign: anySign },
  { name: 'GRU', infer: recurrence, cells: 'mix', sign: anySign },
  { name: 'RNN', infer: recurrence, cells: 'mix', sign: anySign },
]
