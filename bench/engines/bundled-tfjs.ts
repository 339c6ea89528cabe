import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import type { Untyped } from './packages.ts'

const bench = join(import.meta.dirname, '..')

/** What `@tensorflow/tfjs` has of the library: its core with gradients and chained operations, and both backends. */
const entry = `
  import '@tensorflow/tfjs-core/dist/register_all_gradients'
  import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
  export * from '@tensorflow/tfjs-core'
  import '@tensorflow/tfjs-backend-cpu'
  export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
`

/** TensorFlow.js with gradients, which is made for bundlers, with more modules. */
export async function bundledLibrary(more = '', options: BuildOptions = {}): Promise<Untyped> {
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
