import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What an application ships to run models, in bytes. */
export interface ShippedBytes {
  /** Gzipped: what a page loads. */
  readonly samepad: number
  readonly 'onnxruntime-web': number
  readonly 'LiteRT.js': number
  /** On disk. */
  readonly 'onnxruntime-node': number
}

const bench = join(import.meta.dirname, '..')

/** samepad/graph as a bundle, onnxruntime-web's and LiteRT.js's scripts for WebAssembly with their modules, and onnxruntime-node's libraries. */
export async function shippedBytes(): Promise<ShippedBytes> {
  const contents = "export { loadNetwork } from './dist/graph.js'"
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(bench, '..') },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
  })
  const web = join(bench, 'node_modules/onnxruntime-web/dist')
  const lite = join(bench, 'node_modules/@litertjs/core')
  const native = join(bench, 'node_modules/onnxruntime-node/bin/napi-v6', process.platform, process.arch)
  const gzipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length
  const files = (folder: string, names: readonly string[]): number =>
    names.map((name) => gzipped(readFileSync(join(folder, name)))).reduce((a, b) => a + b)
  return {
    samepad: gzipped(outputFiles[0].contents),
    'onnxruntime-web': files(web, ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm']),
    'LiteRT.js': files(lite, ['dist/index.js', 'wasm/litert_wasm_internal.js', 'wasm/litert_wasm_internal.wasm']),
    'onnxruntime-node': ['libonnxruntime.so.1', 'onnxruntime_binding.node']
      .map((name) => statSync(join(native, name), { throwIfNoEntry: false })?.size ?? 0)
      .reduce((a, b) => a + b),
  }
}
