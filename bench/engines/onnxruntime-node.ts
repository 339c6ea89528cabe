import type { Engine } from './engine.ts'
import { prepareOnnx } from './onnxruntime.ts'
import type { Packages } from './packages.ts'

/** Native code, with whatever vectors the processor has. */
export async function onnxruntimeNode(packages: Packages): Promise<Engine> {
  const ort = await packages.onnxruntimeNode()
  return {
    ...{ name: 'onnxruntime-node', kind: 'native', version: packages.version('onnxruntime-node') },
    prepare: (task) => prepareOnnx(ort, 'cpu', task),
  }
}
