import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/geometry/index.ts'
import { readModel, spatialNodes } from '../models/onnx/all.ts'
import { floats, node, type Parts } from '../models/onnx/make-model.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'
import { nodesOf, only, padsOf, w } from './nodes-of.ts'

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
