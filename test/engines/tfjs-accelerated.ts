import { accelerate } from '../../src/tfjs.ts'
import { engine } from './engine.ts'

// biome-ignore lint/suspicious/noExplicitAny: the packages of bench/ have no types here
export type Untyped = any

/** The library with a backend in use. */
export async function libraryOn(backend: 'wasm' | 'cpu'): Promise<Untyped> {
  const tf = engine('@tensorflow/tfjs-core')
  if (backend === 'wasm') engine('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
  else engine('@tensorflow/tfjs-backend-cpu')
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
