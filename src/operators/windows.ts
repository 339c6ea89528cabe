import type { Operator } from './operator.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

/** Rows of operators that slide a window. */
export const windows: readonly Operator[] = [
  { name: 'Conv', window: { op: 'conv', weights: 1, padsLikePad: true }, cells: 'move', sign: anySign },
  { name: 'FusedConv', window: { op: 'conv', weights: 1, padsLikePad: true }, cells: 'move', sign: anySign },
  // Quantized ones pad with their zero point, which a Pad need not hold.
  { name: 'ConvInteger', window: { op: 'conv', weights: 1, padsLikePad: false }, cells: 'move', sign: anySign },
  { name: 'QLinearConv', window: { op: 'conv', weights: 3, padsLikePad: false }, cells: 'move', sign: anySign },
  { name: 'DeformConv', window: { op: 'conv', weights: 1, padsLikePad: false }, cells: 'move', sign: anySign },
  {
    name: 'ConvTranspose',
    window: { op: 'convTranspose', weights: 1, padsLikePad: false },
    cells: 'move',
    sign: anySign,
  },
  { name: 'MaxPool', window: { op: 'maxPool', padsLikePad: true }, cells: 'move', sign: keepsSign },
  { name: 'LpPool', window: { op: 'maxPool', padsLikePad: true }, cells: 'move', sign: nonNegative },
  { name: 'AveragePool', window: { op: 'averagePool', padsLikePad: true }, cells: 'move', sign: keepsSign },
  { name: 'QLinearAveragePool', window: { op: 'averagePool', padsLikePad: false }, cells: 'move', sign: anySign },
]
