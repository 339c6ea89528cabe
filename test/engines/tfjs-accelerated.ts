import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { accelerate } from '../../src/tfjs.ts'

// biome-ignore lint/suspicious/noExplicitAny: the packages of bench/ have no types here
export type Untyped = any

const root = join(import.meta.dirname, '..', '..')
const bench = join(root, 'bench')

/** What `@tensorflow/tfjs` has of the library: its core with gradients and chained operations, and both backends. */
const entry = `
  import '@tensorflow/tfjs-core/dist/register_all_gradients'
  import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
  export * from '@tensorflow/tfjs-core'
  import '@tensorflow/tfjs-backend-cpu'
  export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
`

let bundled: Promise<Untyped> | undefined

/** The library, which is made for bundlers, with more modules. */
export async function bundledLibrary(more: string, options: BuildOptions = {}): Promise<Untyped> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'samepad-tfjs-')), 'bundle.cjs')
  await build({
    stdin: { contents: entry + more, resolveDir: bench },
    ...{ outfile, bundle: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'], logLevel: 'error' },
    ...options,
  })
  const tf = createRequire(import.meta.url)(outfile)
  tf.setWasmPaths(`${bench}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`)
  return tf
}

/** The library with a backend in use. */
export async function libraryOn(backend: 'wasm' | 'cpu'): Promise<Untyped> {
  bundled ??= bundledLibrary('')
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
