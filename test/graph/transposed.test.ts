import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { convTranspose } from '../../src/index.ts'
import { type ModelOf, modelBytes, tensorFrom } from './onnx-bytes.ts'

/** Transposed convolutions of few channels: strides, kernel, channels, other attributes, and whether each cell has a block to itself. */
const ups = [
  [[2, 2], [2, 2], 1, {}, true],
  [[3, 2], [3, 2], 3, {}, true],
  [[2], [2], 2, {}, true],
  [[1, 1], [1, 1], 2, {}, true],
  [[2, 1, 3], [2, 1, 3], 1, {}, true],
  [[2, 2], [2, 2], 4, {}, false],
  [[2, 2], [3, 2], 1, {}, false],
  [[2, 2], [2, 2], 1, { output_padding: [1, 0] }, false],
  [[2, 2], [2, 2], 1, { pads: [0, 0, 0, 1] }, false],
  [[2, 2], [2, 2], 1, { dilations: [2, 2], pads: [0, 0, 1, 1] }, false],
] as const

it.each(ups)(
  'a transposed convolution of strides %j, kernel %j and %i channels (%j): in blocks: %s',
  async (...one) => {
    const [strides, kernel, channels, attributes, isInBlocks] = one
    const {
      output_padding: outputPadding = 0,
      dilations = 1,
      pads,
    } = attributes as Record<string, number[] | undefined>
    const rank = kernel.length
    const [w, { data: bias }] = [tensorFrom(3, [5, channels, ...kernel]), tensorFrom(4, [channels])]
    const nodes: ModelOf['nodes'] = [['ConvTranspose', ['x', 'w', 'b'], ['y'], { ...attributes, strides }]]
    const constants = { w, b: { shape: [channels], data: bias } }
    const model = { inputs: { x: ['n', 5, ...kernel.map((_, axis) => `s${axis}`)] }, outputs: ['y'], nodes, constants }
    for (const layout of ['nchw', 'nhwc'] as const) {
      const network = await loadNetwork(modelBytes(model), { layout })
      for (const shape of [[1, 5, 7, 6, 3].slice(0, 2 + rank), [2, 5, 4, 9, 2].slice(0, 2 + rank)]) {
        const x = tensorFrom(2, shape)
        const padding = kernel.map((_, axis): [number, number] => [0, pads?.[rank + axis] ?? 0])
        const wanted = convTranspose(x, w, { strides, padding, outputPadding, dilations, bias })
        const { y } = network.run({ x })
        expect(y.shape).toEqual(wanted.shape)
        expect(Math.max(...y.data.map((value, at) => Math.abs(value - wanted.data[at])))).toBeLessThan(1e-5)
        const operations = network.plan({ x: shape }).steps.map(({ operation }) => operation)
        expect(operations.includes('convTranspose')).toBe(!isInBlocks)
      }
      network.release()
    }
  },
)
