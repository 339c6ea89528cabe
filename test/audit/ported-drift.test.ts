import { describe, expect, it } from 'vitest'
import { audit, diff, fix, portedDrift } from '../../src/models.ts'
import { bytesOf } from '../models/onnx/real-models.ts'
import { chain, conv, pads, type Spec } from './networks.ts'

describe('the drift of a port', () => {
  it('is what diff says of the file that fix writes, layer by layer', async () => {
    const bytes = bytesOf('blazeface')
    const { bytes: copy } = await fix(bytes, { to: 'symmetric' })
    const { pairs } = await diff(bytes, copy)
    expect(await portedDrift(bytes)).toEqual({ rule: 'symmetric', nodes: pairs.map(({ drift }) => drift) })
    expect(pairs.some(({ drift }) => drift[0] === -15)).toBe(true)
  })

  it('of a network padded on both sides alike is that to TensorFlow SAME', async () => {
    const model = chain([conv(3, 2, pads(1, 1)), conv(5, 1, pads(2, 2)), conv(3, 2, pads(1, 1))])
    const { bytes } = await fix(model, { to: 'tf-same' })
    const { rule, nodes } = await portedDrift(model)
    expect(rule).toBe('tf-same')
    expect(nodes).toEqual((await diff(model, bytes)).pairs.map(({ drift }) => drift))
    expect(nodes.map(([down]) => down)).toEqual([1, 1, 3])
  })

  it('is none where no layer tells the rules apart, and where the rules are not exchanged', async () => {
    const none = async (layers: Spec[]): Promise<boolean> =>
      (await portedDrift(chain(layers))).nodes.flat().every((cells) => cells === 0)
    expect(await none([conv(3, 1, pads(1, 1)), conv(1, 2)])).toBe(true)
    expect(await none([conv(3, 2)])).toBe(true) // fewer outputs than either rule makes
    expect(await none([conv(2, 2), ['MaxPool', { kernel_shape: [4, 4], strides: [4, 4] }]])).toBe(true)
    // A neighbour that is exchanged.
    expect(await none([conv(3, 2, pads(0, 1))])).toBe(false)
  })

  it('has a node for each of the audit, and nothing where a size is not known', async () => {
    const model = chain([conv(3, 2, { auto_pad: 'SAME_UPPER' })], { input: ['n', 3, 'h', 'w'] })
    const known = await portedDrift(model, { inputs: { x: [1, 3, 64, 65] } })
    expect(known.nodes).toEqual([[-1, 0]])
    const { nodes } = await portedDrift(model)
    expect(nodes).toEqual([[undefined, undefined]])
    expect(nodes.length).toBe((await audit(model)).nodes.length)
  })
})
