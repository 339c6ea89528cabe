import type { Untyped } from '../../bench/engines/packages.ts'

export type { Untyped }

/** Numbers below 1, the same ones for the same seed. */
export function numbersOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A tensor of small integers, whose sums of products are exact in any order. */
export function integers(tf: Untyped, shape: readonly number[], random: () => number): Untyped {
  const length = shape.reduce((product, size) => product * size, 1)
  return tf.tensor(
    Float32Array.from({ length }, () => Math.floor(random() * 9) - 4),
    shape,
  )
}

/** The largest difference between numbers. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY
  for (let index = 0; index < a.length; index++) most = Math.max(most, Math.abs(a[index] - b[index]))
  return most
}
