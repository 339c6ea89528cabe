import type { Structure } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { constant, multiplyAdd } from './program.ts'

/** Rows of factors. */
export type Matrix = readonly (readonly number[])[]

/**
 * The transforms along one axis (Cook-Toom), with the points 0, p and -p for p^2 = 1/2 and 2, and infinity. Powers of p and
 * of -p differ in the sign of odd ones only. So each transform is a matrix that keeps even and odd powers apart, in the
 * order 0, even and odd of each p, infinity; and `sumsAndDifferences`, which makes p and -p of even and odd and back.
 */
const { SQRT1_2, SQRT2 } = Math

/**
 * From the cells of a span, five or six, to as many numbers: the polynomials in y = x^2 that vanish at all points but one,
 * times x and p. Without infinity five cells are left.
 */
export const cellMatrix = (span: number): Matrix => sixCells.slice(0, span).map((row) => row.slice(0, span))

const sixCells: Matrix = [
  [1, 0, -2.5, 0, 1, 0], // (y - 1/2) (y - 2)
  [0, 0, -2, 0, 1, 0], // y (y - 2)
  [0, -SQRT2, 0, SQRT1_2, 0, 0],
  [0, 0, -0.5, 0, 1, 0], // y (y - 1/2)
  [0, -SQRT1_2, 0, SQRT2, 0, 0],
  [0, 1, 0, -2.5, 0, 1], // x (y - 1/2) (y - 2)
]

/** From some taps to the numbers of a span: powers of the points. */
export function filterMatrix(taps: number, span: number): Matrix {
  const row = (factor: (power: number) => number): number[] => Array.from({ length: taps }, (_, power) => factor(power))
  const powers = (p: number, odd: number): number[] => row((power) => (power % 2 === odd ? p ** power : 0))
  return [
    row((power) => Number(power === 0)),
    ...[SQRT1_2, SQRT2].flatMap((p) => [powers(p, 0), powers(p, 1)]),
    row((power) => Number(power === taps - 1)),
  ].slice(0, span)
}

/** What cells and filters leave out: one over the products of the differences of each point to the others. */
const weights = [1, -2 / 3, -2 / 3, 1 / 6, 1 / 6, 1]

/** From the products of a span to some outputs: powers of the points, weighted. */
export function outputMatrix(outputs: number, span: number): Matrix {
  const columns = filterMatrix(outputs, span)
  return columns[0].map((_, power) => columns.map((column, index) => column[power] * weights[index]))
}

/** Of the second and third number, and of the fourth and fifth: the sum and the difference. */
export function sumsAndDifferences(code: Code, x: readonly Local[]): Local[] {
  const results = [...x]
  for (let first = 1; first < x.length - 1; first += 2) {
    for (const [index, operation] of (['f32x4.add', 'f32x4.sub'] as const).entries()) {
      const [result] = vectors(code, 1)
      code.compute(result, operation, x[first], x[first + 1])
      results[first + index] = result
    }
  }
  return results
}

/** Multiplies some matrices by columns of vectors, in a function that loads their factors once. */
export function multiplier(
  code: Code,
  plan: Pick<Structure, 'relaxed'>,
  matrices: readonly Matrix[],
): (matrix: Matrix, x: readonly Local[], plus?: Local) => Local[] {
  const factors = new Map<number, Local>()
  for (const factor of new Set(matrices.flat(2))) {
    if (factor === 0 || factor === 1) continue
    const [local] = vectors(code, 1)
    constant(code, factor).set(local)
    factors.set(factor, local)
  }
  return (matrix, x, plus) =>
    matrix.map((row) => {
      const [result] = vectors(code, 1)
      // What is added as it is comes first, since a product can be added in one instruction.
      const ones = x.filter((_, index) => row[index] === 1)
      if (plus) ones.push(plus)
      const scaled = x.flatMap((value, index) => {
        const factor = factors.get(row[index])
        return factor ? [[value, factor] as const] : []
      })
      ones.forEach((value, index) => {
        code.get(value)
        if (index > 0) code.get(result).emit('f32x4.add')
        code.set(result)
      })
      scaled.forEach(([value, factor], index) => {
        if (ones.length + index > 0) multiplyAdd(code, plan, value, factor, result)
        else code.compute(result, 'f32x4.mul', value, factor)
      })
      return result
    })
}
