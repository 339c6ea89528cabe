import { describe, expect, it } from 'vitest'
import { phase, receptiveField } from '../../src/geometry.ts'
import { outputPhases } from '../../src/models.ts'
import { floats, model, node } from '../models/onnx/make-model.ts'
import { bytesOf } from '../models/onnx/real-models.ts'
import { chain } from './networks.ts'

const height = async (bytes: Uint8Array, inputs = {}) => (await outputPhases(bytes, { inputs })).outputs[0].axes[0]

describe('outputPhases', () => {
  it('says of a chain what `phase` and `receptiveField` say of its settings', async () => {
    for (const size of [31, 32]) {
      const same = { auto_pad: 'SAME_UPPER', strides: [2, 1] }
      const bytes = chain(
        [
          ['Conv', { kernel_shape: [7, 1], ...same }],
          ['MaxPool', { kernel_shape: [3, 1], ...same }],
          ['Conv', { kernel_shape: [3, 1], dilations: [2, 1], pads: [1, 0, 2, 0] }],
        ],
        { input: [1, 2, size, 9] },
      )
      const layer = { op: 'conv', stride: 2, dilation: 1 } as const
      const settings = [
        { ...layer, convention: 'onnx.same-upper', kernel: 7 },
        { ...layer, convention: 'onnx.same-upper', kernel: 3 },
        { ...layer, convention: 'onnx.explicit', kernel: 3, stride: 1, dilation: 2, pads: [1, 2] as const },
      ]
      const last = phase(settings, size).at(-1)
      const { size: cells, start } = receptiveField(settings, size)
      expect(await height(bytes)).toMatchObject({
        ...{ name: 'height', input: 'x', axis: 2, jump: last?.jump, centres: [last?.centre] },
        field: { size: cells, first: start },
        ended: undefined,
      })
    }
  })

  it('follows both ways of a branch and names the node where they meet apart', async () => {
    const bytes = (kernel: number) =>
      model({
        nodes: [
          node('Conv', 'x w', 'a', { strides: [2], pads: [1, 1] }),
          node('MaxPool', 'x', 'b', { kernel_shape: [kernel], strides: [2], pads: kernel === 3 ? [1, 1] : [0, 0] }),
          node('Add', 'a b', 'y', {}, { name: 'meet' }),
        ],
        inputs: { x: [1, 1, 16] },
        initializers: [floats('w', [1, 1, 3])],
      })
    const apart = await outputPhases(bytes(2))
    expect(apart.meetings).toEqual([{ name: 'meet', opType: 'Add', axis: 'length', jump: 2, centres: [[0], [0.5]] }])
    expect(apart.outputs[0].axes[0]).toMatchObject({ centres: [0, 0.5], field: { size: 3, first: -1 } })
    // The same window on both ways: nothing lies apart.
    const alike = await outputPhases(bytes(3))
    expect(alike.meetings).toEqual([])
    expect(alike.outputs[0].axes[0]).toMatchObject({ centres: [0], field: { size: 3, first: -1 } })
  })

  it.each([
    ['Squeeze', 'Squeeze', { axes: [2, 3] }, 11, 'leaves this axis out'],
    ['a mean without its axes', 'ReduceMean', { axes: [2, 3], keepdims: 0 }, 11, 'takes all cells together'],
    ['a mean that keeps them', 'ReduceMean', { axes: [2, 3], keepdims: 1 }, 11, 'takes all cells together'],
    ['axes that are not known', 'Squeeze', { other: 1 }, 13, 'is not followed'],
  ])('%s ends the way and is told of behind what follows', async (_, opType, attributes, opset, why) => {
    const bytes = model(
      {
        nodes: [
          node('Conv', 'x w', 'a', { strides: [2, 2], pads: [1, 1, 1, 1] }),
          node(opType, why === 'is not followed' ? 'a axes' : 'a', 'b', attributes, { name: 'end' }),
          node('Relu', 'b', 'c'),
          node('Softmax', 'c', 'y'),
        ],
        inputs: { x: [1, 1, 16, 16], ...(why === 'is not followed' && { axes: [2] }) },
        initializers: [floats('w', [1, 1, 3, 3])],
      },
      opset,
    )
    const { axes } = (await outputPhases(bytes)).outputs[0]
    const told = axes.filter(({ input }) => input === 'x')
    expect(told).toMatchObject(
      ['height', 'width'].map((name) => ({
        ...{ name: expect.stringContaining(name), jump: 2, centres: [0], field: { size: 3, first: -1 } },
        ended: { name: 'end', why },
      })),
    )
  })

  it('sizes of a value are no cells of it', async () => {
    const bytes = model({
      nodes: [node('Conv', 'x w', 'a', { strides: [2, 2] }), node('Shape', 'a', 'y')],
      inputs: { x: [1, 1, 16, 16] },
      initializers: [floats('w', [1, 1, 3, 3])],
    })
    expect((await outputPhases(bytes)).outputs[0].axes).toEqual([])
  })

  it('counts from a resize by two in halves, as its cells lie on average', async () => {
    const resized = async (attributes: object) => height(windowed([resize(attributes)]))
    const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
    expect(await resized(nearest)).toMatchObject({ jump: 0.5, centres: [-0.25], field: { size: 1 } })
    const linear = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
    expect(await resized(linear)).toMatchObject({ jump: 0.5, centres: [-0.25], field: { size: 2 } })
    expect(await resized({ ...linear, coordinate_transformation_mode: 'asymmetric' })).toMatchObject({ centres: [0] })
    expect(await resized({ ...linear, coordinate_transformation_mode: 'tf_crop_and_resize' })).toMatchObject({
      ended: { opType: 'Resize' },
    })
  })

  it('says what ends a way, and what takes all cells together beside it', async () => {
    const bytes = model({
      nodes: [
        node('Conv', 'x w', 'a', { strides: [2], pads: [1, 1] }),
        node('GlobalAveragePool', 'a', 'g', {}, { name: 'all' }),
        node('Mul', 'a g', 'b'),
        node('Flatten', 'b', 'f', {}, { name: 'flat' }),
        node('GlobalMaxPool', 'a', 'm', {}, { name: 'max' }),
      ],
      inputs: { x: [1, 1, 16] },
      outputs: { b: undefined, f: undefined, m: undefined },
      initializers: [floats('w', [1, 1, 3])],
    })
    const [b, f, m] = (await outputPhases(bytes)).outputs.map(({ axes }) => axes[0])
    const own = { jump: 2, centres: [0], field: { size: 3, first: -1 } }
    expect(b).toMatchObject({ ...own, whole: { name: 'all', opType: 'GlobalAveragePool' }, ended: undefined })
    expect(f).toMatchObject({ ...own, ended: { name: 'flat', opType: 'Flatten', why: 'lays all cells in a row' } })
    expect(m).toMatchObject({ ...own, ended: { name: 'max', why: 'takes all cells together' }, whole: undefined })
  })

  it('knows no place where the padding depends on a size that is open', async () => {
    const bytes = chain([['Conv', { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' }]], {
      input: [1, 2, 'h', 'w'],
    })
    expect(await height(bytes)).toMatchObject({ jump: 2, centres: undefined, field: { size: 3, first: undefined } })
    expect(await height(bytes, { x: [1, 2, 8, 9] })).toMatchObject({ centres: [1], field: { size: 3, first: 0 } })
    expect(await height(bytes, { x: [1, 2, 9, 9] })).toMatchObject({ centres: [0], field: { size: 3, first: -1 } })
  })

  it('reads the face detector, whose outputs are laid in rows', async () => {
    const { outputs, meetings } = await outputPhases(bytesOf('blazeface'))
    expect(outputs.map(({ axes }) => axes.map(({ name, jump, ended }) => [name, jump, ended?.opType]))).toEqual([
      [['height', 8, 'Reshape'], ['width', 8, 'Reshape']], // biome-ignore format: a table
      [['height', 16, 'Reshape'], ['width', 16, 'Reshape']], // biome-ignore format: a table
      [['height', 8, 'Reshape'], ['width', 8, 'Reshape']], // biome-ignore format: a table
      [['height', 16, 'Reshape'], ['width', 16, 'Reshape']], // biome-ignore format: a table
    ])
    // 3x3 with stride 2 and SAME meets a pool of 2 beside it, once for each strided block.
    expect(meetings.filter(({ axis }) => axis === 'height')[0].centres).toEqual([[3], [2]])
  })
})

/** One axis, a window that slides along it and keeps its cells, and nodes behind it. */
const windowed = (nodes: readonly ReturnType<typeof node>[]): Uint8Array =>
  model({
    nodes: [node('MaxPool', 'x', 'v', { kernel_shape: [1] }), ...nodes],
    inputs: { x: [1, 1, 8] },
    initializers: [floats('s', [3], [1, 1, 2])],
  })

const resize = (attributes: object) => node('Resize', 'v - s', 'y', { ...attributes })
