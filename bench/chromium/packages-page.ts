import { once, type Packages, type Untyped } from '../engines/packages.ts'

const imported = (path: string): Promise<Untyped> => import(path)

/** The packages of bench/ as a page loads them from the server of the bench. */
export function pagePackages(versions: Readonly<Record<string, string>>): Packages {
  return {
    tfjs: async () => (await imported('/packages/tfjs.js')).default,
    onnxruntimeWeb: async () => {
      const ort = await imported('/files/onnxruntime-web/dist/ort.wasm.min.mjs')
      ort.env.wasm.wasmPaths = '/files/onnxruntime-web/dist/'
      return ort
    },
    jax: unavailable,
    liteRt: once(async () => {
      const litert = await imported('/packages/litert.js')
      await litert.loadLiteRt('/files/@litertjs/core/wasm/')
      return litert
    }),
    tfliteModule: async () => {
      const { document } = globalThis as Untyped
      const script = document.createElement('script')
      script.src = '/files/@tensorflow/tfjs-tflite/wasm/tflite_web_api_cc_simd.js'
      const loaded = new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }))
      document.head.append(script)
      await loaded
      return (globalThis as Untyped).tflite_web_api_ModuleFactory()
    },
    onnxruntimeNode: unavailable,
    version: (name) => versions[name],
    file: async (path) => new Uint8Array(await (await fetch(`/repository/${path}`)).arrayBuffer()),
  }
}

async function unavailable(): Promise<never> {
  throw new Error('this engine is for Node')
}
