import { type Engine, required, versionOf } from './engine.ts'
import { prepareOnnx } from './onnxruntime.ts'

/** Native code, with whatever vectors the processor has. */
export function onnxruntimeNode(): Engine {
  const ort = required('onnxruntime-node')
  return {
    ...{ name: 'onnxruntime-node', title: 'ort-node', kind: 'native', version: versionOf('onnxruntime-node') },
    prepare: (task) => prepareOnnx(ort, 'cpu', task),
  }
}
