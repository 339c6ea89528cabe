import { eachAxis, type FollowAxes, mixing, mixingRest, own } from './axes.ts'
import { stretch, stretches } from './broadcast.ts'
import type { Call } from './call.ts'
import { einsum } from './einsum.ts'
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
const rowsStay: FollowAxes = (given) => {
  const [rank, other] = given.ranks
  if (rank === undefined || (other !== undefined && !given.isConstant(1))) return mixing('multiplies matrices')(given)
  return eachAxis((axis) => (axis === rank - 1 ? { ...own(axis), ends: 'multiplies matrices' } : own(axis)))(given)
}

/** Rows of products of matrices. */
export const multiplying: readonly Operator[] = [
  { name: 'MatMul', infer: matMul, cells: 'mix', axes: rowsStay, sign: keepsSigns },
  { name: 'MatMulInteger', infer: integerMatMul, cells: 'mix', sign: anySign },
  { name: 'QLinearMatMul', infer: quantizedMatMul, cells: 'mix', sign: anySign },
  { name: 'FusedMatMul', infer: fusedMatMul, cells: 'mix', sign: anySign },
  { name: 'Einsum', infer: einsum, cells: 'mix', sign: keepsSigns },
  { name: 'Det', infer: determinant, cells: 'mix', sign: anySign },
  { name: 'Gemm', infer: gemm, cells: 'mix', axes: mixingRest('multiplies matrices'), sign: anySign },
  { name: 'FusedGemm', infer: gemm, cells: 'mix', sign: anySign },
]
