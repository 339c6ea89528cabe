import type { Engine } from './engine.ts'
import { prepareOnnx } from './onnxruntime.ts'
import type { Packages } from './packages.ts'

/** Its WebAssembly backend, which is what it has in Node. */
export async function onnxruntimeWeb(packages: Packages): Promise<Engine> {
  const ort = await packages.onnxruntimeWeb()
  ort.env.wasm.numThreads = 1
  return {
    ...{ name: 'onnxruntime-web', kind: 'wasm', version: packages.version('onnxruntime-web') },
    prepare: (task) => prepareOnnx(ort, 'wasm', task),
  }
}
