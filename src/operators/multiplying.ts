import { type AxisPlace, eachAxis, type FollowAxes, mixing } from './axes.ts'
import { stretch, stretches } from './broadcast.ts'
import type { Call } from './call.ts'
import { einsum, einsumTerms } from './einsum.ts'
import { type Fact, fact, INT32, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSigns } from './sign.ts'

/** Products of matrices; vectors are matrices of one row or column that is left out again. */
function multiplied(
  call: Call,
  first: number,
  second: number,
  elementType = call.inputs[first]?.elementType,
): Fact | undefined {
  const [a, b] = [call.inputs[first], call.inputs[second]]
  if (!a?.shape || !b?.shape || a.shape.length === 0 || b.shape.length === 0) return undefined
  const [rows, columns] = [a.shape.length > 1, b.shape.length > 1]
  const inputs = [first, second] as const
  call.meet('rows must be as long as columns', a.shape.at(-1), b.shape.at(columns ? -2 : -1), inputs)
  const batch = stretch([a.shape.slice(0, -2), b.shape.slice(0, -2)], (sizes, _, axis) => {
    call.refuse(stretches(axis), sizes, inputs)
  })
  const ends: Shape = [...(rows ? [a.shape.at(-2)] : []), ...(columns ? [b.shape.at(-1)] : [])]
  return batch && fact([...batch, ...ends], elementType)
}

const matMul: Infer = (call) => [multiplied(call, 0, 1)]

/** Rows and columns of a matrix, turned if it is to be. */
const turned = (shape: Shape = [], turns: number | undefined): Shape => (turns ? [shape[1], shape[0]] : shape)

const gemm: Infer = (call) => {
  const [a, b, c] = call.inputs
  const [rows, inner] = turned(a?.shape, call.int('transA'))
  const [other, columns] = turned(b?.shape, call.int('transB'))
  call.meet('rows must be as long as columns', inner, other, [0, 1])
  stretch([[rows, columns], c?.shape], (sizes, _, axis) => {
    call.refuse(`the sum must stretch along axis ${axis} of the product`, sizes)
  })
  return [fact([rows, columns], a?.elementType)]
}

/** Of quantized matrices: each side with its scale and zero point. */
const quantizedMatMul: Infer = (call) => [multiplied(call, 0, 3, call.inputs[7]?.elementType)]

const integerMatMul: Infer = (call) => [multiplied(call, 0, 1, INT32)]

const fusedMatMul: Infer = (call) => (call.int('transA') || call.int('transB') ? [] : matMul(call))

/** One number for each square matrix. */
const determinant: Infer = ({ inputs: [input] }) => [input && fact(input.shape?.slice(0, -2), input.elementType)]

/** Rows are mixed with columns: what lies before them stays, unless the other matrix has it too. */
export const rowsStay =
  (second = 1): FollowAxes =>
  (given) => {
    const { call, ranks, isConstant } = given
    const [rank, other] = [ranks[0], ranks[second] ?? 0]
    const isTurned = call.int('transA') === 1 || call.int('transBatchA') === 1
    const areWritten = ranks.every((one, input) => input === 0 || one === undefined || isConstant(input))
    if (rank === undefined || other > rank || isTurned || !areWritten) return mixing('multiplies matrices')(given)
    return eachAxis((axis) => {
      const at = axis - rank + other
      const beside = axis < rank - 2 && at >= 0 ? [{ input: second, axis: at }] : []
      const source = { from: [{ input: 0, axis }, ...beside] }
      return axis === rank - 1 ? { ...source, ends: 'multiplies matrices' } : source
    })(given)
  }

/** An axis of the output is made of all that have its letter; what has another one is summed. */
export const byLetters: FollowAxes = (given) => {
  const { call, ranks } = given
  const equation = call.attribute('equation')?.string ?? ''
  const terms = ranks.includes(undefined) ? undefined : einsumTerms(equation, ranks as readonly number[])
  if (!terms) return mixing('is not followed')(given)
  const placesOf = (letter: string): AxisPlace[] =>
    terms.inputs.flatMap((term, input) => [...term].flatMap((one, axis) => (one === letter ? [{ input, axis }] : [])))
  return [[...terms.output].map((letter) => ({ from: placesOf(letter) }))]
}

/** Rows of products of matrices. */
export const multiplying: readonly Operator[] = [
  { name: 'MatMul', infer: matMul, cells: 'mix', sign: keepsSigns },
  { name: 'MatMulInteger', infer: integerMatMul, cells: 'mix', sign: anySign },
  { name: 'QLinearMatMul', infer: quantizedMatMul, cells: 'mix', sign: anySign },
  { name: 'FusedMatMul', infer: fusedMatMul, cells: 'mix', sign: anySign },
  { name: 'Einsum', infer: einsum, cells: 'mix', sign: keepsSigns },
  { name: 'Det', infer: determinant, cells: 'mix', sign: anySign },
  { name: 'Gemm', infer: gemm, cells: 'mix', sign: anySign },
  { name: 'FusedGemm', infer: gemm, cells: 'mix', sign: anySign },
]
