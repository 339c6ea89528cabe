import { describe, expect, it } from 'vitest'
import { openSource } from '../../src/bytes/source.ts'
import { loadWeighted } from '../../src/graph/model/load.ts'
import { NetworkPart } from '../../src/graph/part.ts'
import { loadNetwork } from '../../src/graph.ts'
import type { Tensor } from '../../src/index.ts'
import { modelBytes, numbersFrom } from './onnx-bytes.ts'

describe('sizes that come again', () => {
  const bytes = modelBytes({
    inputs: { x: [1, 3, 'h', 'w'] },
    outputs: ['y', 'shares'],
    nodes: [
      ['Conv', ['x', 'w'], ['c'], { pads: [1, 1, 1, 1], strides: [2, 2] }],
      ['Shape', ['c'], ['s']],
      ['ConstantOfShape', ['s'], ['zeros']],
      ['Concat', ['c', 'zeros'], ['joined'], { axis: 1 }],
      ['Softmax', ['joined'], ['shares'], { axis: 1 }],
      ['ReduceMean', ['shares'], ['y'], { axes: [2, 3] }],
    ],
    constants: { w: { shape: [5, 3, 3, 3], data: numbersFrom(1, 135) } },
  })
  const picture = (height: number, width: number): Tensor => ({
    data: numbersFrom(7, 3 * height * width),
    shape: [1, 3, height, width],
  })
  const sizes = [picture(8, 9), picture(41, 37), picture(8, 10), picture(41, 38)]

  it.each(['nchw', 'nhwc'] as const)('give what they gave before, also after a release, in %s', async (layout) => {
    const wanted = []
    for (const x of sizes) {
      const fresh = await loadNetwork(bytes, { layout })
      wanted.push(fresh.run({ x }))
      fresh.release()
    }
    const network = await loadNetwork(bytes, { layout })
    for (let round = 0; round < 3; round++) {
      for (const [index, x] of sizes.entries()) expect(network.run({ x })).toEqual(wanted[index])
      network.release()
    }
  })

  it('are lowered once, until many others make room', async () => {
    const options = { deterministic: false, threads: undefined, layout: undefined }
    const part = new NetworkPart(await loadWeighted(openSource(bytes), {}), options)
    const first = part.lower({ x: [1, 3, 8, 9] })
    expect(part.lower({ x: [1, 3, 8, 10] })).not.toBe(first)
    expect(part.lower({ x: [1, 3, 8, 9] })).toBe(first)
    // What a size has of constants of its own, 2.6 MB of zeros, is more than is kept beside it.
    part.lower({ x: [1, 3, 720, 720] })
    expect(part.lower({ x: [1, 3, 8, 9] })).not.toBe(first)
  })
})
