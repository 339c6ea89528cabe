import { points, TILE } from '../plan/winograd.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { constant } from './program.ts'

/** A term of a sum of vectors: times a constant, or as it is. */
interface Term {
  readonly factor?: Local | undefined
  readonly value: Local
}

/**
 * The transforms along one axis, for vectors of independent tiles. With y = x^2 and the points p of the points, the cells'
 * transform is the product of (y - p^2) at the points 0 and infinity; at p and -p it leaves out that pair's factor, and
 * is a sum of even powers plus or minus p times the same sum of odd ones. The outputs' transform evaluates powers of p.
 */
export class Transform {
  readonly #code: Code
  readonly #relaxed: boolean
  readonly #constants = new Map<number, Local>()

  /** Begins a function: the constants are loaded once. */
  constructor(code: Code, relaxed: boolean, values: readonly number[]) {
    this.#code = code
    this.#relaxed = relaxed
    for (const value of new Set(values)) {
      if (value === 1) continue
      const [local] = vectors(code, 1)
      constant(code, value).set(local)
      this.#constants.set(value, local)
    }
  }

  /** The six numbers of six cells. */
  cells(x: readonly Local[]): Local[] {
    const code = this.#code
    const result = vectors(code, x.length)
    const [zero, infinity] = [0, 1].map((odd) => this.#terms(coefficients(points), x, odd))
    this.#sum(zero).set(result[0])
    points.forEach((p, pair) => {
      const others = coefficients(points.filter((_, other) => other !== pair))
      const [even, odd] = vectors(code, 2)
      this.#sum(this.#terms(others, x, 2)).set(even)
      this.#sum(this.#terms(others, x, 1)).set(odd)
      this.#sum([{ factor: this.#constant(p), value: odd }]).set(odd)
      code
        .get(even)
        .get(odd)
        .emit('f32x4.add')
        .set(result[2 * pair + 1])
      code
        .get(even)
        .get(odd)
        .emit('f32x4.sub')
        .set(result[2 * pair + 2])
    })
    this.#sum(infinity).set(result[x.length - 1])
    return result
  }

  /** The six numbers of three taps. */
  filters(g: readonly Local[]): Local[] {
    const code = this.#code
    const middle = points.flatMap((p) => {
      const [even, odd, ...results] = vectors(code, 4)
      this.#sum([{ factor: this.#constant(p * p), value: g[2] }, { value: g[0] }]).set(even)
      this.#sum([{ factor: this.#constant(p), value: g[1] }]).set(odd)
      code.get(even).get(odd).emit('f32x4.add').set(results[0])
      code.get(even).get(odd).emit('f32x4.sub').set(results[1])
      return results
    })
    return [g[0], ...middle, g[2]]
  }

  /** The four outputs of six numbers, each plus the same vector if one is given. */
  outputs(m: readonly Local[], plus?: Local): Local[] {
    const code = this.#code
    const halves = points.map((_, pair) =>
      (['f32x4.add', 'f32x4.sub'] as const).map((operation) => {
        const [half] = vectors(code, 1)
        code
          .get(m[2 * pair + 1])
          .get(m[2 * pair + 2])
          .emit(operation)
          .set(half)
        return half
      }),
    )
    return Array.from({ length: TILE }, (_, power) => {
      const terms: Term[] = points.map((_, pair) => ({
        factor: this.#constant(weight(pair, power)),
        value: halves[pair][power % 2],
      }))
      if (power === 0) terms.push({ factor: this.#constant(1 / coefficients(points)[0]), value: m[0] })
      if (power === TILE - 1) terms.push({ value: m[m.length - 1] })
      if (plus) terms.push({ value: plus })
      const [output] = vectors(code, 1)
      this.#sum(terms).set(output)
      return output
    })
  }

  #constant(value: number): Local | undefined {
    return this.#constants.get(value)
  }

  #terms(factors: readonly number[], x: readonly Local[], first: number): Term[] {
    return factors.map((factor, index) => ({ factor: this.#constant(factor), value: x[2 * index + first] }))
  }

  /** Pushes the sum of some terms; the last one begins it. */
  #sum([{ factor, value }, ...rest]: readonly Term[]): Code {
    const code = this.#code
    const product = (): Code => (factor ? code.get(value).get(factor).emit('f32x4.mul') : code.get(value))
    if (rest.length === 0) return product()
    if (factor && this.#relaxed) {
      code.get(value).get(factor)
      return this.#sum(rest).emit('f32x4.relaxed_madd')
    }
    this.#sum(rest)
    return product().emit('f32x4.add')
  }
}

/** The coefficients of the product of (y - p^2), that of y^0 first. */
function coefficients(points: readonly number[]): number[] {
  let factors = [1]
  for (const p of points) {
    factors = [...factors, 0].map((_, power) => (factors[power - 1] ?? 0) - p * p * (factors[power] ?? 0))
  }
  return factors
}

/** The constants of the cells' transform. */
export const cellConstants: readonly number[] = [
  ...coefficients(points),
  ...points.flatMap((p, pair) => [p, ...coefficients(points.filter((_, other) => other !== pair))]),
]

/** The constants of the filters' transform. */
export const filterConstants: readonly number[] = points.flatMap((p) => [p, p * p])

/** p^power over what the filters' transform leaves out: the product of the differences of this point to the others. */
function weight(pair: number, power: number): number {
  const square = (p: number): number => p * p
  const p = points[pair]
  return points.reduce(
    (factor, q) => (q === p ? factor : factor / (square(p) - square(q))),
    p ** power / (2 * square(p)),
  )
}

/** The constants of the outputs' transform. */
export const outputConstants: readonly number[] = [
  1 / coefficients(points)[0],
  ...points.flatMap((_, pair) => [0, 1, 2, 3].map((power) => weight(pair, power))),
]
