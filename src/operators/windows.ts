import { fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

/** The last cells of what was read: [batch, channels, kernel - 1]. */
const state: Infer = ({ inputs: [input, weights] }) => {
  const kernel = weights?.shape?.[2]
  const cells = typeof kernel === 'number' ? kernel - 1 : undefined
  return [fact([input?.shape?.[0], input?.shape?.[1], cells], input?.elementType)]
}

/** Rows of operators that slide a window. */
export const windows: readonly Operator[] = [
  { name: 'Conv', window: { op: 'conv', weights: 1, padsLikePad: true }, cells: 'move', sign: anySign },
  { name: 'FusedConv', window: { op: 'conv', weights: 1, padsLikePad: true }, cells: 'move', sign: anySign },
  // Quantized ones pad with their zero point, which a Pad need not hold.
  {
    name: 'ConvInteger',
    window: { op: 'conv', weights: 1, padsLikePad: false, zeroPoint: 2 },
    cells: 'move',
    sign: anySign,
  },
  {
    name: 'QLinearConv',
    window: { op: 'conv', weights: 3, padsLikePad: false, zeroPoint: 2 },
    cells: 'move',
    sign: anySign,
  },
  {
    name: 'DeformConv',
    window: { op: 'conv', weights: 1, padsLikePad: false, isFree: true },
    cells: 'move',
    sign: anySign,
  },
  {
    name: 'ConvTranspose',
    window: { op: 'convTranspose', weights: 1, padsLikePad: false },
    cells: 'move',
    sign: anySign,
  },
  {
    ...{ name: 'CausalConvWithState', domains: [''], cells: 'move', sign: anySign },
    window: { op: 'conv', weights: 1, padsLikePad: false, isCausal: true },
    others: state,
  },
  // It puts each value back where its maximum was found, as a transposed pool would.
  {
    ...{ name: 'MaxUnpool', cells: 'move', sign: keepsSign },
    window: { op: 'convTranspose', outputShape: 2, padsLikePad: false, isFree: true },
  },
  { name: 'MaxPool', window: { op: 'maxPool', padsLikePad: true }, cells: 'move', sign: keepsSign },
  { name: 'LpPool', window: { op: 'maxPool', padsLikePad: true }, cells: 'move', sign: nonNegative },
  { name: 'AveragePool', window: { op: 'averagePool', padsLikePad: true }, cells: 'move', sign: keepsSign },
  {
    name: 'QLinearAveragePool',
    window: { op: 'averagePool', padsLikePad: false, zeroPoint: 2 },
    cells: 'move',
    sign: anySign,
  },
]
