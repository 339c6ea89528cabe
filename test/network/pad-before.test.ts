import { describe, expect, it } from 'vitest'
import { floats, graph, ints, node } from '../models/onnx/make-model.ts'
import { type nodesOf, only, w } from './nodes-of.ts'

describe('the Pad before a node', () => {
  const conv = node('Conv', 'p w', 'y')
  const initializers = [w(4, 3, 3, 3), ints('pads', [0, 0, 1, 2, 0, 0, 3, 0]), floats('zero', [], [0])]
  const inputs = { x: ['n', 3, 8, 'w'] }

  it('is found with what it pads', async () => {
    const { pad, before, axes } = await only({ nodes: [node('Pad', 'x pads zero', 'p'), conv], inputs, initializers })
    expect(pad).toMatchObject({
      filling: { mode: 'constant', value: 0 },
      pads: [
        [1, 3],
        [2, 0],
      ],
      padsOthers: false,
      shared: false,
    })
    expect(pad?.through).toEqual([])
    expect(before.map(({ sizes }) => sizes)).toEqual([['n', 3, 8, 'w']])
    expect(axes.map(({ input }) => input)).toEqual([12, undefined])
  })

  it('as an attribute, of channels, by axes, with an unknown value', async () => {
    const attribute = node('Pad', 'x', 'p', { pads: [0, 1, 1, 2, 0, 0, 3, 0], mode: 'reflect', value: { float: 2.5 } })
    expect((await only({ nodes: [attribute, conv], inputs, initializers }, 9)).pad).toMatchObject({
      filling: { mode: 'reflect', value: undefined },
      padsOthers: true,
    })
    const opset1 = node('Pad', 'x', 'p', { paddings: [0, 0, 1, 2, 0, 0, 3, 0] })
    expect((await only({ nodes: [opset1, conv], inputs, initializers }, 1)).pad?.pads).toEqual([
      [1, 3],
      [2, 0],
    ])
    const some = { nodes: [node('Pad', 'x few - axes', 'p', { mode: 'edge' }), conv], inputs }
    const few = [ints('few', [1, 2]), ints('axes', [-1])]
    expect((await only({ ...some, initializers: [...initializers, ...few] }, 18)).pad).toMatchObject({
      filling: { mode: 'edge' },
      pads: [
        [0, 0],
        [1, 2],
      ],
    })
    const computed = { nodes: [node('Pad', 'x pads v', 'p'), conv], inputs: { ...inputs, v: [] }, initializers }
    expect((await only(computed)).pad?.filling.value).toBeUndefined()
    const unknown = { nodes: [node('Pad', 'x q', 'p'), conv], inputs: { ...inputs, q: [8] }, initializers }
    expect((await only(unknown)).pad).toMatchObject({ pads: undefined, padsOthers: undefined })
  })

  it('is shared when something else takes its output', async () => {
    const pad = node('Pad', 'x pads', 'p')
    const shared = async (...more: Parameters<typeof nodesOf>[0]['nodes'][number][]) =>
      (await only({ nodes: [pad, conv, ...more], inputs, initializers })).pad?.shared
    expect(await shared()).toBe(false)
    expect(await shared(node('Relu', 'p', 'r'))).toBe(true)
    const inner = graph({ nodes: [node('Relu', 'p', 'r')], outputs: { r: [1] } })
    expect(
      await shared(node('If', 'flag', 'z', { then_branch: { graph: inner }, else_branch: { graph: inner } })),
    ).toBe(true)
    const output = await only({ nodes: [pad, conv], inputs, initializers, outputs: { y: undefined, p: undefined } })
    expect(output.pad?.shared).toBe(true)
  })

  it('is seen through nodes that leave the cells where they are, but through no others', async () => {
    const nodes = [
      node('Pad', 'audio pads', 'p', { mode: 'reflect' }),
      node('Unsqueeze', 'p one', 'u'),
      node('Cast', 'u', 'c', { to: 1 }),
      node('Conv', 'c w', 'y'),
    ]
    const turned = [node('Pad', 'x pads', 'q'), node('Transpose', 'q', 'p', { perm: [0, 3, 1, 2] }), conv]
    const last = ints('pads', [0, 1, 2, 0, 0, 3, 0, 0])
    const channelsLast = await only({ nodes: turned, inputs: { x: [1, 8, 6, 3] }, initializers: [w(4, 3, 3, 3), last] })
    expect(channelsLast.pad).toMatchObject({
      pads: [
        [1, 3],
        [2, 0],
      ],
      padsOthers: false,
    })
    const audio = {
      inputs: { audio: ['n', 16] },
      initializers: [w(4, 1, 3), ints('pads', [0, 5, 0, 7]), ints('one', [1])],
    }
    const { pad, axes } = await only({ nodes, ...audio })
    expect(pad).toMatchObject({ filling: { mode: 'reflect' }, pads: [[5, 7]], padsOthers: false })
    expect(pad?.through.map(({ opType }) => opType)).toEqual(['Unsqueeze', 'Cast'])
    expect(axes[0].input).toBe(28)
    const blocked = [node('Pad', 'x pads', 'q'), node('Relu', 'q', 'p'), conv]
    expect((await only({ nodes: blocked, inputs, initializers })).pad).toBeUndefined()
  })

  it('has its numbers folded as exporters write them', async () => {
    // torch.onnx: pads of F.pad, last dimension first, filled up with zeros, turned round.
    const constant = (name: string, values: readonly number[]) =>
      node('Constant', '', name, { value: { tensor: ints('', values) } })
    const nodes = [
      ...[constant('given', [2, 0, 1, 3]), constant('four', [4]), node('ConstantOfShape', 'four', 'zeros')],
      ...[
        node('Concat', 'given zeros', 'all', { axis: 0 }),
        constant('pairs', [-1, 2]),
        node('Reshape', 'all pairs', 'rows'),
      ],
      ...[
        constant('last', [-1]),
        constant('first', [-(2 ** 53) + 1]),
        constant('axis', [0]),
        node('Slice', 'rows last first axis last', 'turned'),
      ],
      ...[
        node('Transpose', 'turned', 'columns', { perm: [1, 0] }),
        node('Reshape', 'columns last', 'flat'),
        node('Cast', 'flat', 'cast', { to: 7 }),
      ],
      ...[node('Pad', 'x cast', 'p'), conv],
    ]
    expect((await only({ nodes, inputs, initializers: [w(4, 3, 3, 3)] })).pad).toMatchObject({
      pads: [
        [1, 3],
        [2, 0],
      ],
      padsOthers: false,
    })
    // tf2onnx: a table of pairs, transposed; and sizes that are computed from the shape of the input.
    const computed = [
      ...[node('Constant', '', 'pairs', { value_ints: [0, 0, 0, 0, 1, 3, 2, 0] }), constant('table', [4, 2])],
      ...[node('Reshape', 'pairs table', 'rows'), node('Transpose', 'rows', 'columns'), constant('flat', [-1])],
      ...[node('Reshape', 'columns flat', 'pads'), node('Pad', 'x pads', 'p'), conv],
    ]
    expect((await only({ nodes: computed, inputs, initializers: [w(4, 3, 3, 3)] }, 13)).pad?.pads).toEqual([
      [1, 3],
      [2, 0],
    ])
  })
})
