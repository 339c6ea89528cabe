import { roundHalfEven } from './carried.ts'
import { BOOL, type Dimension, FLOATING, fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSign, nonNegative } from './sign.ts'

// Operators that work on each element of their first input by itself.

/** The shape of the first input; its values are no sizes any more. */
export const alike: Infer = ({ inputs: [input] }) => [input && fact(input.shape, input.elementType)]

const identity: Infer = ({ inputs: [input] }) => [input]

/** The shape of the first input, and what becomes of known numbers. */
function mapping(of: (value: number) => number): Infer {
  const map = (value: Dimension): Dimension => (typeof value === 'number' ? of(value) : undefined)
  return ({ inputs: [input] }) => [input && fact(input.shape, input.elementType, input.values?.map(map))]
}

/** The type is an attribute; what becomes an integer is cut towards zero, and every number but 0 is true. */
const cast: Infer = (call) => {
  const [input] = call.inputs
  const to = call.int('to') ?? 0
  const become = (value: Dimension): Dimension => {
    if (to === BOOL) return typeof value === 'number' ? Number(value !== 0) : undefined
    return typeof value === 'number' && !FLOATING.includes(to) ? Math.trunc(value) : value
  }
  return [input && fact(input.shape, to, input.values?.map(become))]
}

/** The type is that of the second input. */
const castLike: Infer = ({ inputs: [input, target] }) => [input && fact(input.shape, target?.elementType)]

const clip: Infer = (call) => {
  const [input] = call.inputs
  const low = call.number('min', 1, Number.NEGATIVE_INFINITY)
  const high = call.number('max', 2, Number.POSITIVE_INFINITY)
  const isKnown = typeof low === 'number' && typeof high === 'number'
  const cut = (value: Dimension): Dimension =>
    isKnown && typeof value === 'number' ? Math.min(Math.max(value, low), high) : undefined
  return [input && fact(input.shape, input.elementType, input.values?.map(cut))]
}

const isAtLeastZero = (bound: Dimension): boolean => typeof bound === 'number' && bound >= 0

/** Truths of the first input's shape. */
const mask: Infer = ({ inputs: [input] }) => [input && fact(input.shape, BOOL)]

/** Output and mask. */
const dropout: Infer = (call) => [...alike(call), ...mask(call)]

/** Rows of operators on one element at a time. */
export const elementwise: readonly Operator[] = [
  { name: 'Identity', infer: identity, cells: 'stay', sign: keepsSign },
  { name: 'Cast', infer: cast, cells: 'stay', sign: keepsSign },
  { name: 'CastLike', infer: castLike, cells: 'stay', sign: keepsSign },
  { name: 'BitCast', infer: alike, cells: 'stay', sign: anySign },
  { name: 'Dropout', infer: dropout, cells: 'stay', sign: keepsSign },
  {
    ...{ name: 'Clip', infer: clip, cells: 'stay' },
    sign: (call) => keepsSign(call) || isAtLeastZero(call.number('min', 1, Number.NEGATIVE_INFINITY)),
  },

  { name: 'Abs', infer: mapping(Math.abs), cells: 'stay', sign: nonNegative },
  { name: 'Neg', infer: mapping((value) => -value), cells: 'stay', sign: anySign },
  { name: 'Sign', infer: mapping(Math.sign), cells: 'stay', sign: keepsSign },
  { name: 'Floor', infer: mapping(Math.floor), cells: 'stay', sign: keepsSign },
  { name: 'Ceil', infer: mapping(Math.ceil), cells: 'stay', sign: keepsSign },
  { name: 'Round', infer: mapping(roundHalfEven), cells: 'stay', sign: keepsSign },
  { name: 'Reciprocal', infer: mapping((value) => 1 / value), cells: 'stay', sign: keepsSign },
  { name: 'Sqrt', infer: mapping(Math.sqrt), cells: 'stay', sign: nonNegative },
  { name: 'Exp', infer: mapping(Math.exp), cells: 'stay', sign: nonNegative },
  { name: 'Log', infer: mapping(Math.log), cells: 'stay', sign: anySign },
  { name: 'Erf', infer: alike, cells: 'stay', sign: keepsSign },

  { name: 'Sin', infer: alike, cells: 'stay', sign: anySign },
  { name: 'Cos', infer: alike, cells: 'stay', sign: anySign },
  { name: 'Tan', infer: alike, cells: 'stay', sign: anySign },
  { name: 'Asin', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Acos', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'Atan', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Sinh', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Cosh', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'Tanh', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Asinh', infer: alike, cells: 'stay', sign: keepsSign },
  { name: 'Acosh', infer: alike, cells: 'stay', sign: nonNegative },
  { name: 'Atanh', infer: alike, cells: 'stay', sign: keepsSign },

  { name: 'Not', infer: mapping((value) => Number(!value)), cells: 'stay', sign: nonNegative },
  { name: 'BitwiseNot', infer: alike, cells: 'stay', sign: anySign },
  { name: 'IsNaN', infer: mask, cells: 'stay', sign: nonNegative },
  { name: 'IsInf', infer: mask, cells: 'stay', sign: nonNegative },
]
