import { type Engine, required, versionOf } from './engine.ts'
import { prepareOnnx } from './onnxruntime.ts'

/** Its WebAssembly backend, which is what it has in Node. */
export function onnxruntimeWeb(): Engine {
  const ort = required('onnxruntime-web/wasm')
  ort.env.wasm.numThreads = 1
  return {
    ...{ name: 'onnxruntime-web', title: 'ort-web', kind: 'wasm', version: versionOf('onnxruntime-web') },
    prepare: (task) => withoutWorker(() => prepareOnnx(ort, 'wasm', task)),
  }
}

/** As it starts, it makes Node's workers a global, by which jax-js then takes Node for a browser with threads. */
async function withoutWorker<T>(start: () => Promise<T>): Promise<T> {
  const had = 'Worker' in globalThis
  const started = await start()
  if (!had) Reflect.deleteProperty(globalThis, 'Worker')
  return started
}
