import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/geometry/index.ts'
import { readModel, type SpatialNode, type SpatialOptions, spatialNodes } from '../models/onnx/all.ts'
import { floats, graph, ints, model, node, type Parts } from '../models/onnx/make-model.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'

/** The spatial nodes of a model that is made for the purpose. */
async function nodesOf(parts: Parts, opset = 17, options: SpatialOptions = {}): Promise<SpatialNode[]> {
  return spatialNodes(await readModel(model(parts, opset)), options)
}

/** The one spatial node of a model. */
async function only(parts: Parts, opset = 17, options: SpatialOptions = {}): Promise<SpatialNode> {
  const nodes = await nodesOf(parts, opset, options)
  expect(nodes).toHaveLength(1)
  return nodes[0]
}

const w = (...dims: number[]) => floats('w', dims)
const padsOf = ({ axes }: SpatialNode) => axes.map(({ pads }) => pads)

describe('what is written', () => {
  const attributes = { pads: [0, 1, 2, 3], strides: [2, 3], dilations: [1, 2], group: 5, auto_pad: 'NOTSET' }

  it('is read as it stands', async () => {
    const conv = await only({
      nodes: [node('Conv', 'x w', 'y', { ...attributes, kernel_shape: [3, 2] }, { name: 'c' })],
      inputs: { x: [2, 10, 11, 13] },
      initializers: [w(15, 2, 3, 2)],
    })
    expect(conv.written).toMatchObject({
      ...{ autoPad: 'NOTSET', pads: [0, 1, 2, 3], strides: [2, 3], dilations: [1, 2], kernelShape: [3, 2], group: 5 },
      ...{ ceilMode: undefined, countIncludePad: undefined, outputPadding: undefined, outputShape: undefined },
    })
    expect(conv).toMatchObject({ op: 'conv', name: 'c', path: 'main', opset: 17, index: 0, calls: 1, groups: 5 })
    expect(conv).toMatchObject({ inputChannels: 10, outputChannels: 15, weightsShape: [15, 2, 3, 2] })
    expect(conv.geometry).toEqual(
      resolve({
        input: [11, 13],
        kernel: [3, 2],
        strides: [2, 3],
        dilations: [1, 2],
        padding: [
          [0, 2],
          [1, 3],
        ],
      }),
    )
    expect(conv.outputShape).toEqual([2, 15, 6, 5])
    expect(conv.reason).toBeUndefined()
  })

  it('the kernel is that of the weights where nothing is written', async () => {
    const conv = await only({ nodes: [node('Conv', 'x w', 'y')], inputs: { x: [1, 3, 9] }, initializers: [w(4, 3, 5)] })
    expect(conv.axes).toMatchObject([
      { input: 9, pads: [0, 0], output: 5, setting: { kernel: 5, stride: 1, dilation: 1 } },
    ])
    expect(conv.name).toBe("Conv 'y'")
  })

  it('weights that were quantised have a shape too', async () => {
    const conv = await only({
      nodes: [node('DequantizeLinear', 'w scale', 'd'), node('Conv', 'x d', 'y', { pads: [1, 0, 2, 0] })],
      inputs: { x: [1, 3, 9, 7] },
      initializers: [w(4, 3, 5, 2), floats('scale', [])],
    })
    expect(conv.outputShape).toEqual([1, 4, 8, 6])
  })

  it.each<[string, string, Record<string, unknown>]>([
    ['QLinearConv', 'x s z w s z s z', { op: 'conv', outputShape: [1, 4, 5, 6] }],
    ['ConvInteger', 'x w', { op: 'conv', outputShape: [1, 4, 5, 6] }],
    ['DeformConv', 'x w o', { op: 'conv', outputShape: [1, 4, 5, 6] }],
    ['ConvTranspose', 'x w', { op: 'convTranspose', outputShape: [1, 3, 13, 8], inputChannels: 3, outputChannels: 3 }],
    ['MaxPool', 'x', { op: 'maxPool', outputShape: [1, 3, 5, 6], weightsShape: undefined }],
    ['LpPool', 'x', { op: 'maxPool', outputShape: [1, 3, 5, 6] }],
    ['AveragePool', 'x', { op: 'averagePool', outputShape: [1, 3, 5, 6] }],
  ])('%s', async (opType, inputs, expected) => {
    const one = await only({
      nodes: [node(opType, inputs, 'y', { kernel_shape: [5, 2] })],
      inputs: { x: [1, 3, 9, 7], o: undefined },
      initializers: [w(4, 3, 5, 2)],
    })
    expect(one).toMatchObject(expected)
  })

  it('fused variants of com.microsoft count, operators of other domains do not', async () => {
    const fused = (domain: string) => node('FusedConv', 'x w', 'y', {}, { domain })
    const parts = { inputs: { x: [1, 3, 9] }, initializers: [w(4, 3, 5)] }
    expect(await nodesOf({ ...parts, nodes: [fused('com.microsoft')] })).toHaveLength(1)
    expect(await nodesOf({ ...parts, nodes: [fused('mine')] })).toHaveLength(0)
  })
})

describe('what it resolves to', () => {
  const same = (op: string, opset: number, attributes: Record<string, number | string | readonly number[]>) =>
    only({ nodes: [node(op, 'x w', 'y', attributes)], inputs: { x: [1, 3, 6] }, initializers: [w(3, 3, 3)] }, opset)

  it.each<[string, number, Record<string, number | string | readonly number[]>, unknown, number]>([
    ['Conv', 17, { auto_pad: 'SAME_UPPER', strides: [2] }, [0, 1], 3],
    ['Conv', 17, { auto_pad: 'SAME_LOWER', strides: [2] }, [1, 0], 3],
    ['Conv', 17, { auto_pad: 'SAME_UPPER', dilations: [2] }, [2, 2], 6],
    ['Conv', 17, { auto_pad: 'VALID', pads: [5, 5] }, [0, 0], 4],
    ['ConvTranspose', 11, { auto_pad: 'SAME_UPPER', strides: [2] }, [0, 1], 12],
    ['ConvTranspose', 11, { auto_pad: 'SAME_LOWER', strides: [2] }, [1, 0], 12],
    ['ConvTranspose', 10, { auto_pad: 'SAME_UPPER', strides: [2] }, [1, 0], 12],
    ['ConvTranspose', 10, { auto_pad: 'SAME_LOWER', strides: [2] }, [0, 1], 12],
    ['ConvTranspose', 11, { output_shape: [12], strides: [2] }, [1, 0], 12],
    ['ConvTranspose', 10, { output_shape: [12], strides: [2] }, [0, 1], 12],
    ['ConvTranspose', 17, { output_shape: [1, 3, 12], strides: [2], auto_pad: 'SAME_UPPER' }, [0, 1], 12],
    ['ConvTranspose', 17, { pads: [1, 1], output_padding: [1], strides: [2] }, [1, 0], 12],
    ['ConvTranspose', 17, { auto_pad: 'VALID', strides: [2] }, [0, 0], 13],
  ])('%s of operator set %i with %j', async (op, opset, attributes, pads, output) => {
    expect((await same(op, opset, attributes)).axes[0]).toMatchObject({ pads, output })
  })

  it.each<[Record<string, number | string | readonly number[]>, number, unknown]>([
    [{ kernel_shape: [3], strides: [2], ceil_mode: 1 }, 3, [0, 0]],
    [{ kernel_shape: [2], strides: [3], pads: [1, 1], ceil_mode: 1 }, 3, [1, 1]],
    [{ kernel_shape: [3], strides: [2], ceil_mode: 0 }, 2, [0, 0]],
    [{ kernel_shape: [3], strides: [2], auto_pad: 'VALID', ceil_mode: 1 }, 2, [0, 0]],
    [{ kernel_shape: [3], strides: [2], auto_pad: 'SAME_UPPER', ceil_mode: 1 }, 3, [0, 1]],
    [{ kernel_shape: [2] }, 5, [0, 0]],
  ])('MaxPool with %j', async (attributes, output, pads) => {
    const pool = await only({ nodes: [node('MaxPool', 'x', 'y', attributes)], inputs: { x: [1, 3, 6] } })
    expect(pool.axes[0]).toMatchObject({ output, pads })
  })

  it('a last window that starts in the end padding is none', async () => {
    const attributes = { kernel_shape: [2], strides: [3], pads: [1, 1], ceil_mode: 1 }
    const pool = await only({ nodes: [node('MaxPool', 'x', 'y', attributes)], inputs: { x: [1, 3, 2] } })
    expect(pool.axes[0].output).toBe(1)
  })

  it('an average says whether padding counts', async () => {
    const average = (attributes: Record<string, number>) =>
      only({ nodes: [node('AveragePool', 'x', 'y', { kernel_shape: [3], ...attributes })], inputs: { x: [1, 3, 6] } })
    expect((await average({})).axes[0].setting?.countIncludePad).toBe(false)
    expect((await average({ count_include_pad: 1 })).axes[0].setting?.countIncludePad).toBe(true)
  })
})

describe('what does not resolve says why', () => {
  const conv = (attributes: Record<string, number | string | readonly number[]>, x?: (number | string)[]) =>
    only({ nodes: [node('Conv', 'x w', 'y', attributes)], inputs: { x }, initializers: [w(4, 3, 3, 3)] })

  it.each<[string, Record<string, number | string | readonly number[]>, (number | string)[] | undefined, string]>([
    ['sizes', { pads: [1, 1, 1, 1] }, [1, 3, 'h', 7], "axis 0: its size is not known ('h')"],
    ['a rank', {}, undefined, 'axis 0: its size is not known; axis 1: its size is not known'],
    ['pads', { pads: [-1, 0, 0, 0] }, [1, 3, 7, 7], 'axis 0: padding must not be negative'],
    ['room', {}, [1, 3, 7, 2], 'axis 1: no window fits into the padded input'],
    ['lists', { strides: [2] }, [1, 3, 7, 7], 'strides must have 2 entries, got 1'],
    ['strides', { strides: [1, 0] }, [1, 3, 7, 7], 'axis 1: setting: stride must be an integer of at least 1, got 0'],
    [
      'words',
      { auto_pad: 'SAME', kernel_shape: [1, 1] },
      [1, 3, 7, 7],
      "auto_pad must be NOTSET, VALID, SAME_UPPER or SAME_LOWER, got 'SAME'",
    ],
    [
      'small letters',
      { auto_pad: 'same_upper' },
      [1, 3, 7, 7],
      "auto_pad must be NOTSET, VALID, SAME_UPPER or SAME_LOWER, got 'same_upper'",
    ],
    ['kernels', { kernel_shape: [3] }, [1, 3, 7, 7], 'kernel_shape must have 2 entries, got 1'],
    ['inputs', {}, [3, 7, 7], 'the input must have 4 dimensions, got 3'],
    ['emptiness', {}, [1, 3, 0, 7], 'axis 0: its size is not known'],
  ])('%s', async (_, attributes, x, reason) => {
    const one = await conv(attributes, x)
    expect(one.reason).toBe(reason)
    expect(one.geometry).toBeUndefined()
  })

  it('but an empty auto_pad is none, as runtimes have it', async () => {
    expect(padsOf(await conv({ auto_pad: '', pads: [1, 2, 3, 0] }, [1, 3, 7, 7]))).toEqual([
      [1, 3],
      [2, 0],
    ])
  })

  it('but pads that are numbers are known at any size, and so is SAME where windows move by one', async () => {
    expect(padsOf(await conv({ pads: [1, 2, 3, 0] }, [1, 3, 'h', 'w']))).toEqual([
      [1, 3],
      [2, 0],
    ])
    expect(padsOf(await conv({ auto_pad: 'SAME_LOWER', dilations: [1, 2] }, [1, 3, 'h', 'w']))).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(padsOf(await conv({ auto_pad: 'SAME_UPPER', strides: [2, 1] }, [1, 3, 'h', 'w']))).toEqual([
      undefined,
      [1, 1],
    ])
    expect((await conv({}, [1, 3, 'h', 'w'])).axes.map(({ symbol }) => symbol)).toEqual(['h', 'w'])
  })

  it('and a size keeps its name through windows that move by one and are padded for it', async () => {
    const same = await conv({ pads: [1, 0, 1, 1] }, ['n', 3, 'h', 'w'])
    expect(same.outputShape).toEqual(['n', 4, 'h', undefined])
    expect((await conv({ auto_pad: 'SAME_UPPER', strides: [1, 2] }, ['n', 3, 'h', 'w'])).outputShape?.slice(2)).toEqual(
      ['h', undefined],
    )
  })

  it('weights that nobody knows leave the kernel open', async () => {
    const inputs = { x: [1, 3, 9], v: undefined }
    expect((await only({ nodes: [node('Conv', 'x v', 'y')], inputs })).reason).toBe('axis 0: its kernel is not known')
  })

  it('a pool of which nothing is known has no axes', async () => {
    const pool = await only({ nodes: [node('MaxPool', 'x', 'y')], inputs: { x: undefined } })
    expect(pool).toMatchObject({ axes: [], reason: 'the number of axes is not known', outputShape: undefined })
  })
})

describe('sizes', () => {
  const parts: Parts = {
    nodes: [
      node('Relu', 'x', 'r'),
      node('Mystery', 'r', 'm', {}, { domain: 'mine' }),
      node('Conv', 'm w', 'y', { strides: [2] }),
    ],
    inputs: { x: ['n', 3, 'length'] },
    values: { m: ['n', 3, 'length'] },
    initializers: [w(4, 3, 3)],
  }

  it('of inputs are given, and names take the numbers', async () => {
    expect((await only(parts)).axes[0]).toMatchObject({ input: undefined, symbol: 'length' })
    expect((await only(parts, 17, { inputs: { x: [5, 3, 21] } })).outputShape).toEqual([5, 4, 10])
  })

  it('that the file says of a value are not taken when an input contradicts the file', async () => {
    const fixed = { ...parts, inputs: { x: [1, 3, 8] }, values: { m: [1, 3, 8] } }
    expect((await only(fixed)).axes[0].input).toBe(8)
    expect((await only(fixed, 17, { inputs: { x: [1, 3, 9] } })).axes[0].input).toBeUndefined()
  })

  it('that were found out win over those that the file says', async () => {
    const lying = { nodes: [node('Relu', 'x', 'm'), node('Conv', 'm w', 'y')], initializers: [w(4, 3, 3)] }
    expect((await only({ ...lying, inputs: { x: [1, 3, 8] }, values: { m: [1, 3, 9] } })).axes[0].input).toBe(8)
  })

  it('of inputs must fit', async () => {
    const list = (inputs: Record<string, readonly number[]>) => nodesOf(parts, 17, { inputs })
    await expect(list({ z: [1] })).rejects.toThrow("model: an input must be one of the model's: x, got 'z'")
    await expect(list({ x: [1, 3] })).rejects.toThrow('model: the shape of x must have 3 dimensions, got [1, 3]')
    await expect(list({ x: [1, 3, 0] })).rejects.toThrow(
      'spatialNodes: x.shape[2] must be an integer of at least 1, got 0',
    )
    await expect(nodesOf(parts, 17, { input: {} } as never)).rejects.toThrow(
      'spatialNodes: the option is called inputs, got ',
    )
    await expect(nodesOf(parts, 17, { inputs: 5 } as never)).rejects.toThrow(
      'spatialNodes: options must be a plain object, got 5',
    )
  })
})

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

describe('subgraphs and functions', () => {
  const conv = (input: string, output: string, name: string) =>
    node('Conv', `${input} w`, output, { strides: [2] }, { name })
  const initializers = [w(3, 3, 3)]
  const branch = (name: string) => ({ graph: graph({ nodes: [conv('x', 'b', name)], outputs: { b: undefined } }) })
  const choice = node('If', 'flag', 'i', { then_branch: branch('a'), else_branch: branch('b') }, { name: 'choice' })

  it('are listed in order with their paths, and what leaves them is known', async () => {
    const nodes = await nodesOf({
      nodes: [choice, conv('i', 'y', 'after')],
      inputs: { x: [1, 3, 21], flag: [] },
      initializers,
    })
    expect(nodes.map(({ path, name, outputShape }) => [path, name, outputShape?.[2]])).toEqual([
      ['main / choice.then_branch', 'a', 10],
      ['main / choice.else_branch', 'b', 10],
      ['main', 'after', 4],
    ])
    expect(nodes[0].graph?.nodes).toContain(nodes[0].node)
  })

  it('a condition that is known takes its branch', async () => {
    const still = { graph: graph({ nodes: [node('Identity', 'x', 'b')], outputs: { b: undefined } }) }
    const made = (flag: number) => [
      node('Constant', '', 'flag', { value: { tensor: { dims: [], dataType: 9, int32Data: [flag] } } }),
      node('If', 'flag', 'i', { then_branch: branch('a'), else_branch: still }),
      conv('i', 'y', 'after'),
    ]
    const inputs = { x: [1, 3, 21] }
    expect((await nodesOf({ nodes: made(1), inputs, initializers })).at(-1)?.outputShape).toEqual([1, 3, 4])
    expect((await nodesOf({ nodes: made(1), inputs, initializers })).map(({ isSkipped }) => isSkipped)).toEqual([
      false,
      false,
    ])
    expect((await nodesOf({ nodes: made(0), inputs, initializers })).map(({ isSkipped }) => isSkipped)).toEqual([
      true,
      false,
    ])
    expect((await nodesOf({ nodes: made(0), inputs, initializers })).at(-1)?.outputShape).toEqual([1, 3, 10])
  })

  it('of Scan know their states and slices, of Loop what they declare', async () => {
    const body = graph({
      nodes: [node('Identity', 's', 't'), conv('z', 'o', 'inside')],
      inputs: { s: undefined, z: undefined },
      outputs: { t: undefined, o: undefined },
    })
    const scan = node('Scan', 'state xs', 'final ys', { num_scan_inputs: 1, body: { graph: body } })
    const inputs = { state: [4], xs: [6, 1, 3, 21], x: [1, 3, 21] }
    expect((await only({ nodes: [scan], inputs, initializers })).outputShape).toEqual([1, 3, 10])
    const loop = (shape?: number[]) =>
      node('Loop', 'm c x', 'l', {
        body: {
          graph: graph({
            nodes: [conv('v', 'o', 'inside')],
            inputs: { i: [], c: [], v: shape },
            outputs: { c: [], o: undefined },
          }),
        },
      })
    expect((await only({ nodes: [loop([1, 3, 9])], inputs, initializers })).outputShape).toEqual([1, 3, 4])
    expect((await only({ nodes: [loop()], inputs, initializers })).axes[0].input).toBeUndefined()
  })

  const functions = (nodes: ReturnType<typeof node>[]) => [
    {
      name: 'block',
      domain: 'mine',
      input: ['a', 'w'],
      output: ['b'],
      attribute: ['steps'],
      opsetImport: [{ domain: '', version: 17n }],
      node: nodes,
    },
  ]
  const call = (input: string, output: string, steps: number) =>
    node('block', `${input} w`, output, { steps: [steps] }, { domain: 'mine', name: `call ${output}` })
  const list = async (nodes: ReturnType<typeof node>[], called: Parameters<typeof model>[2]) =>
    spatialNodes(await readModel(model({ nodes, inputs: { x: [1, 3, 21] }, initializers }, 17, called)))

  it('functions are listed for each call, with the attributes of the call', async () => {
    const body = [node('Conv', 'a w', 'b', { strides: { ref: 'steps' } })]
    const nodes = await list([call('x', 'i', 1), call('i', 'y', 3)], functions(body))
    expect(nodes.map(({ path, calls, graph, outputShape }) => [path, calls, graph, outputShape])).toEqual([
      ['main / call i', 2, undefined, [1, 3, 19]],
      ['main / call y', 2, undefined, [1, 3, 6]],
    ])
    expect(nodes[0].node).toBe(nodes[1].node)
  })

  it('attributes of the call reach a branch that the function takes or not, as those of torchlib do', async () => {
    // Whether there is a batch: the rank of the input, as a size of a shape, is compared with that of the weights.
    const inside = [node('Conv', 'a w', 'c', { strides: { ref: 'steps' } })]
    const branchOf = (nodes: ReturnType<typeof node>[]) => ({ graph: graph({ nodes, outputs: { c: undefined } }) })
    const without = [node('Unsqueeze', 'a zero', 'u'), node('Conv', 'u w', 'c')]
    const body = [
      ...[node('Shape', 'a', 's'), node('Size', 's', 'rank'), node('Constant', '', 'three', { value_int: 3 })],
      ...[node('Equal', 'rank three', 'batch'), node('Not', 'batch', 'none')],
      node('If', 'none', 'b', { then_branch: branchOf(without), else_branch: branchOf(inside) }),
    ]
    const nodes = await list([call('x', 'y', 4)], functions(body))
    expect(nodes.map(({ path, isSkipped, outputShape }) => [path, isSkipped, outputShape?.[2]])).toEqual([
      ["main / call y / If 'b'.then_branch", true, undefined],
      ["main / call y / If 'b'.else_branch", false, 5],
    ])
  })

  it('that call themselves, or each other without end, are refused', async () => {
    await expect(list([call('x', 'y', 1)], functions([call('a', 'b', 1)]))).rejects.toThrow(
      /^model: a function must not call itself, got 'block' \(at byte \d+\)$/,
    )
    const tower = Array.from({ length: 30 }, (_, level) => ({
      ...{ name: `f${level}`, domain: 'mine', input: ['a'], output: ['b'] },
      node: ['m', 'b'].map((output) => node(`f${level + 1}`, 'a', output, {}, { domain: 'mine' })),
    }))
    await expect(list([node('f0', 'x', 'y', {}, { domain: 'mine' })], tower)).rejects.toThrow(
      /^model: calls of functions must come to at most \d+ nodes and values, got more \(at byte \d+\)$/,
    )
  })
})

describe('real models', () => {
  it.each(realNames)('%s: every node is solved at a size of its inputs', async (name) => {
    const { path, inputs } = realModels[name]
    const nodes = spatialNodes(await readModel(path), { inputs })
    const counts = { blazeface: 40, detection: 64, recognition: 39, angle: 54, voiceLegacy: 36, voice: 12 }
    expect(nodes).toHaveLength(counts[name])
    // The branch for 8 kHz of the voice model cannot run on as many samples as that for 16 kHz.
    const open = nodes.filter(({ reason }) => reason !== undefined).map(({ path }) => path)
    expect(open).toEqual(name === 'voice' ? ['main / If_0.else_branch'] : [])
  })

  it('BlazeFace has four layers with the padding of TensorFlow at an even size', async () => {
    const nodes = spatialNodes(await readModel(realModels.blazeface.path))
    const uneven = nodes.filter(({ axes }) => axes.some(({ pads }) => pads?.[0] !== pads?.[1]))
    expect(uneven.map(({ axes }) => axes.map(({ pads }) => pads?.join()))).toEqual([
      ['1,2', '1,2'],
      ['0,1', '0,1'],
      ['0,1', '0,1'],
      ['0,1', '0,1'],
    ])
    for (const { geometry } of uneven) {
      const [input, kernel] = [
        geometry?.axes.map((axis) => axis.input) ?? [],
        geometry?.axes.map((axis) => axis.kernel) ?? [],
      ]
      expect(geometry).toEqual(resolve({ input, kernel, strides: 2, padding: 'same' }))
    }
  })

  it('the voice models reflect their samples before the first convolution', async () => {
    const nodes = spatialNodes(await readModel(realModels.voice.path))
    const padded = nodes.filter(({ pad }) => pad)
    expect(
      padded.map(({ path, pad }) => [path, pad?.filling.mode, pad?.pads, pad?.through.map(({ opType }) => opType)]),
    ).toEqual([
      ['main / If_0.else_branch', 'reflect', [[0, 32]], ['Unsqueeze']],
      ['main / If_0.then_branch', 'reflect', [[0, 64]], ['Unsqueeze']],
    ])
  })
})
