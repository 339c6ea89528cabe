import { bundledLibrary } from '../../bench/engines/bundled-tfjs.ts'
import type { Untyped } from '../../bench/engines/packages.ts'
import { accelerate } from '../../src/tfjs.ts'

export { bundledLibrary, type Untyped }

let bundled: Promise<Untyped> | undefined

/** The library with a backend in use. */
export async function libraryOn(backend: 'wasm' | 'cpu'): Promise<Untyped> {
  bundled ??= bundledLibrary()
  const tf = await bundled
  await tf.setBackend(backend)
  return tf
}

/** What calls give with samepad's kernels, and with the library's own. */
export function bothWays<T>(tf: Untyped, call: () => T): { readonly ours: T; readonly theirs: T } {
  const theirs = call()
  const acceleration = accelerate(tf, { deterministic: true })
  try {
    return { ours: call(), theirs }
  } finally {
    acceleration.stop()
  }
}

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
