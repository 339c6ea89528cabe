import { stretch } from './broadcast.ts'
import { type Fact, fact, type Shape } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign, keepsSigns } from './sign.ts'

/** Products of matrices; vectors are matrices of one row or column that is left out again. */
function multiplied(a: Fact | undefined, b: Fact | undefined): Fact | undefined {
  if (!a?.shape || !b?.shape || a.shape.length === 0 || b.shape.length === 0) return undefined
  const [rows, columns] = [a.shape.length > 1, b.shape.length > 1]
  const batch = stretch([a.shape.slice(0, -2), b.shape.slice(0, -2)])
  const ends: Shape = [...(rows ? [a.shape.at(-2)] : []), ...(columns ? [b.shape.at(-1)] : [])]
  return batch && fact([...batch, ...ends], a.elementType)
}

const matMul: Infer = ({ inputs: [a, b] }) => [multiplied(a, b)]

const gemm: Infer = (call) => {
  const [a, b] = call.inputs
  const rows = a?.shape?.[call.int('transA') ? 1 : 0]
  const columns = b?.shape?.[call.int('transB') ? 0 : 1]
  return [fact([rows, columns], a?.elementType)]
}

/** Of quantized matrices: each side with its scale and zero point. */
const quantizedMatMul: Infer = ({ inputs: [a, , , b] }) => [multiplied(a, b)]

const fusedMatMul: Infer = (call) => (call.int('transA') || call.int('transB') ? [] : matMul(call))

/** Rows of products of matrices. */
export const multiplying: readonly Operator[] = [
  { name: 'MatMul', infer: matMul, cells: 'mix', sign: keepsSigns },
  { name: 'MatMulInteger', infer: matMul, cells: 'mix', sign: anySign },
  { name: 'QLinearMatMul', infer: quantizedMatMul, cells: 'mix', sign: anySign },
  { name: 'FusedMatMul', infer: fusedMatMul, cells: 'mix', sign: anySign },
  { name: 'Gemm', infer: gemm, cells: 'mix', sign: anySign },
  { name: 'FusedGemm', infer: gemm, cells: 'mix', sign: anySign },
]
