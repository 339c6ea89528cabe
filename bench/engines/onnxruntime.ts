import { onnxNodes } from '../../src/conventions/spell/index.ts'
import { onnxModel } from '../../test/engines/onnx-model.ts'
import { isPool } from '../layers.ts'
import type { Task } from '../tensors.ts'
import type { Prepared } from './engine.ts'
import type { Untyped } from './packages.ts'

/**
 * Makes a layer ready in onnxruntime: a session of a model with one node, explicit pads and constant weights, which the
 * session packs. A run takes its input from an array and gives a new one, as this interface has it.
 *
 * @param provider must be named: both packages put their backends into one list
 */
export async function prepareOnnx(ort: Untyped, provider: string, { layer, x, weights }: Task): Promise<Prepared> {
  const { geometry, groups } = layer
  const pool = isPool(layer)
  const nodes = onnxNodes(geometry, pool ? {} : { groups, bias: false })
  const filter = { name: 'weight', type: 'float', shape: weights.shape, values: Array.from(weights.data) } as const
  const model = onnxModel(
    nodes.map((node) => (node.inputs.includes('weight') ? { ...node, constants: [...node.constants, filter] } : node)),
    { x: x.shape },
  )
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const feeds = { x: new ort.Tensor('float32', x.data, x.shape) }
  return {
    run: () => session.run(feeds),
    result: async () => {
      const { y } = await session.run(feeds)
      return { data: y.data, shape: y.dims }
    },
    release: () => session.release(),
  }
}
