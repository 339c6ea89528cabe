import { bundledLibrary } from '../../bench/engines/bundled-tfjs.ts'
import type { Untyped } from '../../bench/engines/packages.ts'
import { accelerate } from '../../src/tfjs.ts'

export { farthest, integers, numbersOf } from './tfjs-numbers.ts'
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
