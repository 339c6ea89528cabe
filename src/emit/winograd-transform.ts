import type { Plan } from '../plan/plan.ts'
import { points } from '../plan/winograd.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { constant, multiplyAdd } from './program.ts'

/** Rows of factors. */
export type Matrix = readonly (readonly number[])[]

/**
 * The transforms along one axis (Cook-Toom). Powers of a point p and of -p differ in the sign of odd ones only, so each
 * transform is a matrix that keeps even and odd powers of p apart, for numbers in the order 0, even and odd of each p,
 * infinity; and `sumsAndDifferences`, which makes p and -p of them, or them of those.
 */

/** From six cells to six numbers: the polynomials that vanish at all points but one. */
export function cellMatrix(): Matrix {
  const moved = (factors: readonly number[], by: number, times: number): number[] => {
    const row = new Array(2 * points.length + 2).fill(0)
    for (const [power, factor] of factors.entries()) row[2 * power + by] = factor * times
    return row
  }
  const middle = points.flatMap((p) => {
    const others = product(points.filter((q) => q !== p))
    return [moved(others, 2, 1), moved(others, 1, p)]
  })
  return [moved(product(points), 0, 1), ...middle, moved(product(points), 1, 1)]
}

/** From some taps to six numbers: powers of the points. */
export function filterMatrix(taps: number): Matrix {
  const row = (factor: (tap: number) => number): number[] => Array.from({ length: taps }, (_, tap) => factor(tap))
  const middle = points.flatMap((p) => [0, 1].map((odd) => row((tap) => (tap % 2 === odd ? p ** tap : 0))))
  return [row((tap) => (tap === 0 ? 1 : 0)), ...middle, row((tap) => (tap === taps - 1 ? 1 : 0))]
}

/** From six products to some outputs: powers of the points, over what cells and filters leave out. */
export function outputMatrix(outputs: number): Matrix {
  const weights = [
    1 / product(points)[0],
    ...points.flatMap((p) => {
      const weight = points.reduce((share, q) => (q === p ? share : share / (p * p - q * q)), 1 / (2 * p * p))
      return [weight, weight]
    }),
    1,
  ]
  const powers = filterMatrix(outputs)
  return Array.from({ length: outputs }, (_, output) => powers.map((row, index) => row[output] * weights[index]))
}

/** The coefficients of the product of (y - p^2), that of y^0 first. */
function product(points: readonly number[]): number[] {
  let factors = [1]
  for (const p of points) factors = [...factors, 0].map((factor, power) => (factors[power - 1] ?? 0) - p * p * factor)
  return factors
}

/** Of each pair between the first number and the last: the sum and the difference. */
export function sumsAndDifferences(code: Code, x: readonly Local[]): Local[] {
  return x.map((value, index) => {
    if (index === 0 || index === x.length - 1) return value
    const [result] = vectors(code, 1)
    const first = index - ((index + 1) % 2)
    code.get(x[first]).get(x[first + 1])
    code.emit(index === first ? 'f32x4.add' : 'f32x4.sub').set(result)
    return result
  })
}

/** Multiplies matrices by columns of vectors, in a function that loads their factors once. */
export class Products {
  readonly #code: Code
  readonly #plan: Plan
  readonly #factors = new Map<number, Local>()

  constructor(code: Code, plan: Plan, matrices: readonly Matrix[]) {
    this.#code = code
    this.#plan = plan
    for (const factor of new Set(matrices.flat(2).map(Math.fround))) {
      if (factor === 0 || factor === 1) continue
      const [local] = vectors(code, 1)
      constant(code, factor).set(local)
      this.#factors.set(factor, local)
    }
  }

  /** A new vector for each row, plus the same vector if one is given. */
  of(matrix: Matrix, x: readonly Local[], plus?: Local): Local[] {
    const code = this.#code
    return matrix.map((row) => {
      const [result] = vectors(code, 1)
      const terms = x.flatMap((value, index) =>
        row[index] === 0 ? [] : { value, factor: this.#factors.get(Math.fround(row[index])) },
      )
      if (plus) terms.push({ value: plus, factor: undefined })
      // What is added as it is comes first, since a product can be added in one instruction.
      const [first, ...rest] = terms.sort((a, b) => Number(a.factor !== undefined) - Number(b.factor !== undefined))
      code.get(first.value)
      if (first.factor) code.get(first.factor).emit('f32x4.mul')
      code.set(result)
      for (const { value, factor } of rest) {
        if (factor) multiplyAdd(code, this.#plan, value, factor, result)
        else code.get(result).get(value).emit('f32x4.add').set(result)
      }
      return result
    })
  }
}
