import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadLiteRt } from './litert-node.js'
import { once, type Packages, type Untyped } from './packages.ts'

const folder = join(import.meta.dirname, '..', 'node_modules')
const require = createRequire(join(folder, 'of-bench.js'))

const imported = (name: string): Promise<Untyped> => import(pathToFileURL(require.resolve(name)).href)

/** The packages of bench/ as Node loads them. */
export const nodePackages: Packages = {
  tfjs: async () => {
    const tf = require('@tensorflow/tfjs-core')
    require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
    return tf
  },
  onnxruntimeWeb: async () => withoutWorker(require('onnxruntime-web/wasm')),
  jax: () => imported('@jax-js/jax'),
  liteRt: once(loadLiteRt),
  tfliteModule: async () => {
    const path = join(folder, '@tensorflow/tfjs-tflite/wasm/tflite_web_api_cc_simd.js')
    return require(path)({ wasmBinary: readFileSync(path.replace(/js$/, 'wasm')), ...silent })
  },
  onnxruntimeNode: async () => require('onnxruntime-node'),
  version: (name) => JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version,
  file: async (path) => new Uint8Array(readFileSync(join(import.meta.dirname, '../..', path))),
}

/** Options of a module of Emscripten: it prints nothing. */
const silent = { print: () => undefined, printErr: () => undefined }

/** As it starts, it makes Node's workers a global, by which jax-js then takes Node for a browser with threads. */
function withoutWorker(ort: Untyped): Untyped {
  const had = 'Worker' in globalThis
  const create = ort.InferenceSession.create.bind(ort.InferenceSession)
  const quiet = async (...given: unknown[]): Promise<unknown> => {
    const session = await create(...given)
    if (!had) Reflect.deleteProperty(globalThis, 'Worker')
    return session
  }
  return { env: ort.env, Tensor: ort.Tensor, InferenceSession: { create: quiet } }
}
