import { describe, expect, it } from 'vitest'
import { type Model, readModel, type SpatialNode, spatialNodes } from '../../src/models.ts'

// Numbers of layer types: the order in which ncnn registers them.
const [CONVOLUTION, DECONVOLUTION, INPUT, POOLING] = [6, 8, 16, 21]

/** A layer: its type, the blobs that flow in and out, and its parameters by number. */
type Layer = readonly [
  type: number,
  inputs: readonly number[],
  outputs: readonly number[],
  parameters: Readonly<Record<number, number | readonly number[] | { readonly float: number }>>,
]

const float = (value: number): number => new Int32Array(Float32Array.of(value).buffer)[0]

function binary(layers: readonly Layer[], blobs = 10): Uint8Array {
  const words = [7_767_517, layers.length, blobs]
  for (const [type, inputs, outputs, parameters] of layers) {
    words.push(type, inputs.length, outputs.length, ...inputs, ...outputs)
    for (const [key, value] of Object.entries(parameters)) {
      if (typeof value === 'number') words.push(Number(key), value)
      else if ('float' in value) words.push(Number(key), float(value.float))
      else words.push(-23_300 - Number(key), value.length, ...value)
    }
    words.push(-233)
  }
  return new Uint8Array(Int32Array.from(words).buffer)
}

const picture: Layer = [INPUT, [], [0], { 0: 12, 1: 9, 2: 4 }]
const read = (...layers: Layer[]): Promise<Model> => readModel(binary([picture, ...layers]))
const only = async (layer: Layer): Promise<SpatialNode> => spatialNodes(await read(layer))[0]
const padsOf = ({ axes }: SpatialNode): unknown[] => axes.map(({ pads }) => pads)

const convolution = { 0: 8, 1: 3, 6: 8 * 4 * 9 }

it('an input is width, height, channels', async () => {
  expect((await read([CONVOLUTION, [0], [1], convolution])).graph.inputs[0].shape).toEqual([1, 4, 9, 12])
})

describe('keys by the kind of layer', () => {
  it('14 and 15 are top and right of a convolution', async () => {
    const window = await only([CONVOLUTION, [0], [1], { ...convolution, 4: 1, 14: 2, 15: 3, 16: 4 }])
    expect(padsOf(window)).toEqual([
      [2, 4],
      [1, 3],
    ])
  })

  it('14 and 15 are right and bottom of a pool', async () => {
    const window = await only([POOLING, [0], [1], { 1: 5, 2: 1, 3: 1, 13: 2, 14: 3, 15: 4, 5: 1 }])
    expect(padsOf(window)).toEqual([
      [2, 4],
      [1, 3],
    ])
  })

  it('3 is the stride of a convolution and 2 its dilation, which is the stride of a pool', async () => {
    const window = await only([CONVOLUTION, [0], [1], { ...convolution, 2: 2, 3: 3, 13: 4 }])
    expect(window.written).toMatchObject({ dilations: [2, 2], strides: [4, 3] })
    expect((await only([POOLING, [0], [1], { 1: 2, 2: 2, 12: 3, 5: 1 }])).written.strides).toEqual([3, 2])
  })
})

describe('SAME', () => {
  it.each([
    ['-233 on one side, which all others take over', { 4: -233 }, 'ncnn.same-upper'],
    ['-234 on all', { 4: -234, 14: -234, 15: -234, 16: -234 }, 'ncnn.same-lower'],
    ['-233 on three, which counts for none', { 4: -233, 14: -233, 15: -233, 16: 0 }, 'ncnn.explicit'],
    ['both kinds, which count for none', { 4: -233, 14: -234, 15: -233, 16: -234 }, 'ncnn.explicit'],
  ])('%s', async (_, sides, convention) => {
    const { axes } = await only([CONVOLUTION, [0], [1], { ...convolution, ...sides }])
    expect(axes.map(({ setting }) => setting?.convention)).toEqual([convention, convention])
  })

  it.each([
    [0, 'ncnn.full'],
    [1, 'ncnn.explicit'],
    [2, 'ncnn.same-upper'],
    [3, 'ncnn.same-lower'],
  ])('of a pool is its mode %i', async (mode) => {
    const { written } = await only([POOLING, [0], [1], { 1: 3, 2: 2, 5: mode }])
    expect(written.ceilMode).toBe(mode === 0)
    expect(written.autoPad).toBe([undefined, undefined, 'same-upper', 'same-lower'][mode])
  })

  it('of a transposed convolution counts only beside a size of the output', async () => {
    const taps = { 0: 8, 1: 3, 3: 2, 4: -233, 6: 8 * 4 * 9 }
    expect((await only([DECONVOLUTION, [0], [1], taps])).axes[0].pads).toEqual([0, 0])
    expect((await only([DECONVOLUTION, [0], [1], { ...taps, 20: 24, 21: 18 }])).outputShape).toEqual([1, 8, 18, 24])
  })
})

it('shapes of blobs are an array of key 30', async () => {
  const made = await read([999, [0], [1], { 30: [3, 7, 6, 5] }], [POOLING, [1], [2], { 1: 1, 2: 1, 5: 1 }])
  expect(made.graph.nodes[0].opType).toBe('type 999')
  expect(spatialNodes(made)[0].inputShape).toEqual([1, 5, 6, 7])
})

it('floats beside integers are told by their size', async () => {
  const window = await only([
    CONVOLUTION,
    [0],
    [1],
    { ...convolution, 4: 1, 9: 2, 10: { float: 0.1 }, 18: { float: -1 } },
  ])
  // The value of the padding is a float: a Pad of that value in front.
  expect(window.pad?.filling.value).toBe(-1)
  expect(window.pad?.pads).toEqual([
    [1, 1],
    [1, 1],
  ])
})

describe('what is damaged is refused', () => {
  const words = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from([7_767_517, ...values]).buffer)
  it.each([
    ['no layers', words(0, 0), /a network must have layers/],
    ['an end within a layer', words(1, 1, 16, 0, 1), /a layer must end within the file/],
    ['2^31 - 1 layers', words(2 ** 31 - 1, 1), /the number of layers must be 0 to 1048576/],
    ['more inputs than blobs', words(1, 2, 6, 3, 0), /the number of inputs must be 0 to 2, got 3/],
    ['an array over the end', words(1, 1, 16, 0, 1, 0, -23_330, 1_000_000, 1), /a layer must end within the file/],
    ['an array of less than nothing', words(1, 1, 16, 0, 1, 0, -23_330, -1), /the length of an array must be 0 to/],
  ])('%s', async (_, file, message) => {
    await expect(readModel(file)).rejects.toThrow(message)
  })
})
