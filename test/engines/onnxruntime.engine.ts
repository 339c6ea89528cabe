import { expect, it } from 'vitest'
import { onnxNodes } from '../../src/conventions/spell/index.ts'
import type { Op, Tensor } from '../../src/index.ts'
import { type Case, casesOf, difference } from './cases.ts'
import { engine } from './engine.ts'
import { onnxModel } from './onnx-model.ts'

/** ONNX Runtime's answer to a case. */
async function run({ geometry, options, x, weight, bias }: Case): Promise<{ data: Float32Array; dims: number[] }> {
  const { InferenceSession, Tensor: OrtTensor } = engine('onnxruntime-node')
  const inputs = Object.entries({ x, weight, bias }).filter(
    (entry): entry is [string, Tensor] => entry[1] !== undefined,
  )
  const shapes = Object.fromEntries(inputs.map(([name, { shape }]) => [name, shape]))
  const session = await InferenceSession.create(onnxModel(onnxNodes(geometry, options), shapes), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
  })
  const feeds = inputs.map(([name, { data, shape }]) => [name, new OrtTensor('float32', data, shape)])
  const { y } = await session.run(Object.fromEntries(feeds))
  await session.release()
  return y
}

it.each<Op>(['conv', 'convTranspose', 'maxPool', 'averagePool'])(
  'ONNX Runtime computes the nodes of %s',
  async (op) => {
    const failures: string[] = []
    const cases = casesOf(op, 300, 1)
    for (const one of cases) {
      const wrong = await run(one).then(
        ({ data, dims }) => difference(one.expected, data, dims, op),
        (error) => String(error),
      )
      if (wrong) failures.push(`${one.name}: ${wrong}`)
    }
    expect(failures.slice(0, 5)).toEqual([])
  },
)
