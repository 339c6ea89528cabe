import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { pad } from '../../src/index.ts'
import { type ModelOf, modelBytes, tensorFrom } from './onnx-bytes.ts'

/** Pads of 2 x 5 x 4 x 3 elements, what stands there, and the steps of a network that is nothing but that Pad. */
const cases = [
  [[0, 0, 0, 0], [0, 3, 0, 0], 'constant', 0, ['concat']],
  [[0, 2, 0, 0], [0, 0, 0, 0], 'constant', 2.5, ['concat']],
  [[0, 1, 0, 0], [0, 4, 0, 0], 'constant', -1, ['concat']],
  [[0, 1, 0, 0], [0, 5, 0, 0], 'constant', -1, ['pad']],
  [[0, -1, 0, 0], [0, 2, 0, 0], 'constant', 0, ['pad']],
  [[0, 1, 0, 0], [0, 0, 1, 0], 'constant', 0, ['pad']],
  [[1, 0, 0, 0], [0, 0, 0, 0], 'constant', 0, ['pad']],
  [[0, 1, 0, 0], [0, 2, 0, 0], 'reflect', 0, ['pad']],
  [[0, 0, 0, 0], [0, 0, 0, 0], 'constant', 0, []],
] as const

it.each(cases)('a Pad by %j and %j, %s %d, is %j', async (begins, ends, mode, value, steps) => {
  const constants = {
    pads: { shape: [8], data: [...begins, ...ends], type: 7 },
    value: { shape: [], data: [value] },
  }
  const nodes: ModelOf['nodes'] = [['Pad', ['x', 'pads', 'value'], ['y'], { mode }]]
  const network = await loadNetwork(modelBytes({ inputs: { x: [2, 5, 4, 3] }, outputs: ['y'], nodes, constants }))
  const x = tensorFrom(1, [2, 5, 4, 3])
  const { y } = network.run({ x })
  const wanted = pad(
    x,
    begins.map((begin, axis): [number, number] => [begin, ends[axis]]),
    { mode, value },
  )
  expect(y).toEqual({ data: wanted.data, shape: wanted.shape })
  expect(network.plan({ x: x.shape }).steps.map(({ operation }) => operation)).toEqual(steps)
  network.release()
})
