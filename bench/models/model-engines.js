// Engines that run whole models, each loaded when it is asked for. Plain JavaScript, so that a fresh process starts at once.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { loadLiteRt } from '../engines/litert-node.js'

const require = createRequire(new URL('../node_modules/of-bench.js', import.meta.url))

export const modelEngines = {
  async samepad({ path }, threads) {
    const { loadNetwork } = await import('../../dist/node/graph.js')
    const network = await loadNetwork(path, { threads })
    const [{ name }] = network.inputs
    return (data, shape) => network.run({ [name]: { data, shape } })
  },
  async 'onnxruntime-web'({ path }, threads) {
    const ort = require('onnxruntime-web/wasm')
    ort.env.wasm.numThreads = threads
    return onnxruntime(ort, 'wasm', readFileSync(path), threads)
  },
  'onnxruntime-node': async ({ path }, threads) => onnxruntime(require('onnxruntime-node'), 'cpu', path, threads),
  async 'LiteRT.js'({ tflite }, threads) {
    // Its second thread takes another build of it, which pages alone can load.
    if (!tflite || threads > 1) return undefined
    const { loadAndCompile, Tensor } = await loadLiteRt()
    const model = await loadAndCompile(new Uint8Array(readFileSync(tflite)), {
      accelerator: 'wasm',
      cpuOptions: { numThreads: threads },
    })
    const shapes = model.getOutputDetails().map(({ shape }) => [...shape])
    return async (data, shape) => {
      const x = new Tensor(data, [...shape])
      const outputs = await model.run(x)
      x.delete()
      const read = []
      for (const [index, y] of outputs.entries()) {
        read.push([`y${index}`, { data: await y.data(), shape: shapes[index] }])
        y.delete()
      }
      return Object.fromEntries(read)
    }
  },
}

async function onnxruntime(ort, provider, model, threads) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const [name] = session.inputNames
  return async (data, shape) => {
    const outputs = await session.run({ [name]: new ort.Tensor('float32', data, [...shape]) })
    return Object.fromEntries(Object.entries(outputs).map(([key, { data, dims }]) => [key, { data, shape: dims }]))
  }
}
