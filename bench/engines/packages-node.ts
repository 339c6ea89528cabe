import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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

/**
 * LiteRT.js is made for pages: it runs a script that leaves a function in `self`. Here that script is compiled as
 * CommonJS, which its package does not say it is, and `self` and `importScripts` are there for as long as that takes.
 */
async function loadLiteRt(): Promise<Untyped> {
  const litert = await imported('@litertjs/core')
  const had = Object.getOwnPropertyDescriptor(globalThis, 'self')
  const importScripts = (path: string): unknown => Object.assign(globalThis, { ModuleFactory: compiled(path) })
  const given = { self: globalThis, importScripts, Module: silent, ModuleFactory: undefined }
  Object.assign(globalThis, given)
  const { warn } = console
  console.warn = () => undefined // that there is no GPU
  try {
    await litert.loadLiteRt(join(folder, '@litertjs/core/wasm/'))
  } finally {
    console.warn = warn
    for (const name of Object.keys(given)) Reflect.deleteProperty(globalThis, name)
    if (had) Object.defineProperty(globalThis, 'self', had)
  }
  return litert
}

/** What a file exports that is CommonJS, whatever its package says. */
function compiled(path: string): unknown {
  const module = new Module(path) as Module & { _compile: (source: string, path: string) => void }
  module.filename = path
  module.paths = []
  module._compile(readFileSync(path, 'utf8'), path)
  return module.exports
}
