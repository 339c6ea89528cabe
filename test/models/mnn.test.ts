import { describe, expect, it } from 'vitest'
import { type Model, readModel, type SpatialNode, spatialNodes } from '../../src/models.ts'
import { bool, type Fields, float32, int8, int32, int32s, table } from './flat.ts'
import { constant, input, type MnnFileOperator, mnnFile } from './mnn-file.ts'

const [CAFFE, VALID, SAME] = [0, 1, 2]

const read = (operators: readonly MnnFileOperator[]): Promise<Model> => {
  const whole = mnnFile(operators)
  return readModel({ size: whole.length, path: 'x.mnn', whole, read: () => whole, close() {} })
}

async function only(type: number, main: Fields, ...shape: number[]): Promise<SpatialNode> {
  const found = spatialNodes(await read([input(...shape), { type, main, inputs: [0], outputs: [1] }]))
  expect(found).toHaveLength(1)
  return found[0]
}

const convolution = (common: Fields): Fields => ({ 0: table({ 10: int32(8), 11: int32(4), ...common }) })
const padsOf = ({ axes }: SpatialNode): unknown[] => axes.map(({ pads }) => pads)

describe('a convolution', () => {
  it('has the width before the height in every pair', async () => {
    const common = { 2: int32(2), 3: int32(3), 4: int32(4), 5: int32(5), 6: int32(6), 7: int32(7), 8: int8(VALID) }
    const { written, weightsShape } = await only(12, convolution(common), 1, 4, 50, 60)
    expect(written).toMatchObject({ strides: [5, 4], dilations: [7, 6] })
    expect(weightsShape).toEqual([8, 4, 3, 2])
  })

  it('has taps and steps of 1 where nothing is said', async () => {
    const window = await only(12, convolution({}), 1, 4, 5, 6)
    expect(window).toMatchObject({ outputShape: [1, 8, 5, 6], weightsShape: [8, 4, 1, 1] })
  })

  const taps = { 2: int32(3), 3: int32(3) }
  it.each([
    [
      'the pair, width first',
      { 0: int32(2), 1: int32(1) },
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'top, left, bottom, right',
      { 14: int32s([0, 1, 2, 3]) },
      [
        [0, 2],
        [1, 3],
      ],
    ],
    [
      'a list of two, height first',
      { 14: int32s([2, 1]) },
      [
        [2, 2],
        [1, 1],
      ],
    ],
    [
      'a list beside the pair',
      { 0: int32(9), 1: int32(9), 14: int32s([0, 1, 2, 3]) },
      [
        [0, 2],
        [1, 3],
      ],
    ],
    [
      'a list of one, which counts for nothing',
      { 0: int32(2), 1: int32(1), 14: int32s([7]) },
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      'numbers beside SAME, which count for nothing',
      { 0: int32(5), 8: int8(SAME), 14: int32s([5, 5, 5, 5]) },
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ])('is padded by %s', async (_, common, pads) => {
    expect(padsOf(await only(12, convolution({ ...taps, ...common }), 1, 4, 9, 9))).toEqual(pads)
  })

  it('SAME may take cells away, where its steps are wider than its taps', async () => {
    const common = { 4: int32(3), 5: int32(3), 8: int8(SAME) }
    const { axes } = await only(12, convolution(common), 1, 4, 9, 9)
    // Other frameworks never take any: their first window reads cell 0, MNN's the second one, since (3-1)*3+1-9 is -2.
    expect(axes[0].setting?.convention).toBe('mnn.same')
    expect(axes[0].pads).toEqual([-1, -1])
  })

  it('by depth has a group for each channel', async () => {
    const window = await only(13, convolution({ 10: int32(4), 2: int32(3), 3: int32(3) }), 1, 4, 9, 9)
    expect(window).toMatchObject({ groups: 4, outputChannels: 4, weightsShape: [4, 1, 3, 3] })
  })
})

describe('a pool', () => {
  const common = { 3: int32(3), 4: int32(3), 5: int32(2), 6: int32(2) }
  it.each([
    ['up where nothing is said', {}, 4],
    ['up', { 10: bool(true) }, 4],
    ['down', { 10: bool(false) }, 3],
  ])('rounds %s', async (_, more, cells) => {
    expect((await only(47, { ...common, ...more }, 1, 4, 8, 8)).outputShape).toEqual([1, 4, cells, cells])
  })

  it('has the width before the height', async () => {
    const { written } = await only(47, { 3: int32(2), 4: int32(3), 5: int32(4), 6: int32(5) }, 1, 4, 40, 40)
    expect(written).toMatchObject({ kernelShape: [3, 2], strides: [5, 4] })
  })

  it.each([
    ['with the pair of Caffe', { 0: int32(1), 1: int32(1) }, true],
    ['without it beside a list', { 11: int32s([1, 1, 1, 1]) }, false],
    ['without it in SAME', { 8: int8(SAME) }, false],
    ['with it if it says so', { 8: int8(SAME), 12: int8(1) }, true],
    ['without it if it says so', { 0: int32(1), 1: int32(1), 12: int8(2) }, false],
  ])('of an average counts padding %s', async (_, more, counts) => {
    const { written } = await only(47, { ...common, 7: int8(1), 8: int8(CAFFE), ...more }, 1, 4, 8, 8)
    expect(written.countIncludePad).toBe(counts)
  })

  it('over the whole picture has no window', async () => {
    const model = await read([input(1, 4, 8, 8), { type: 47, main: { 2: bool(true) }, inputs: [0], outputs: [1] }])
    expect(model.graph.nodes.map(({ opType }) => opType)).toEqual(['GlobalMaxPool'])
  })
})

describe('sizes follow through', () => {
  const pool: Fields = { 3: int32(1), 4: int32(1), 5: int32(1), 6: int32(1) }
  /** The shape in which a window of one tap reads the value before it. */
  async function shapeBehind(...operators: MnnFileOperator[]): Promise<unknown> {
    const last = operators[operators.length - 1].outputs[0]
    const made = await read([input(1, 6, 8, 10), ...operators, { type: 47, main: pool, inputs: [last], outputs: [9] }])
    return spatialNodes(made)[0].inputShape
  }
  const one = (type: number, main: Fields): MnnFileOperator => ({ type, main, inputs: [0], outputs: [1] })

  it.each<[string, MnnFileOperator[], number[]]>([
    ['an order with the channels last', [one(129, { 0: int8(2), 1: int8(1) })], [1, 8, 10, 6]],
    ['an order with the channels first', [one(129, { 0: int8(1), 1: int8(0) })], [1, 10, 6, 8]],
    ['blocks of channels', [one(129, { 0: int8(0), 1: int8(2) })], [1, 6, 8, 10]],
    ['Reshape by its list', [one(73, { 0: int32s([1, 3, -1, 4]) })], [1, 3, 40, 4]],
    ['Reshape by an input', [constant(2, [1, 3, -1, 4]), { type: 73, inputs: [0, 2], outputs: [1] }], [1, 3, 40, 4]],
    ['Permute', [one(46, { 0: int32s([0, 3, 2, 1]) })], [1, 10, 8, 6]],
    ['a mean that keeps its axes', [one(68, { 0: int8(3), 1: int32s([2]), 3: bool(true) })], [1, 6, 1, 10]],
    ['Interp by numbers', [one(35, { 2: int32(30), 3: int32(20) })], [1, 6, 20, 30]],
    ['Interp by factors', [one(35, { 0: float32(3), 1: float32(2) })], [1, 6, 16, 30]],
    [
      'Squeeze and Unsqueeze',
      [one(90, { 0: int32s([0]) }), { type: 107, main: { 0: int32s([0]) }, inputs: [1], outputs: [2] }],
      [1, 6, 8, 10],
    ],
    [
      'Padding by a row for each axis',
      [constant(2, [0, 0, 0, 0, 1, 2, 3, 4], [4, 2]), { type: 45, inputs: [0, 2], outputs: [1] }],
      [1, 6, 11, 17],
    ],
    [
      'a slice with masks',
      [
        ...[constant(2, [0, 0, 1, 1]), constant(3, [0, 0, 0, 9]), constant(4, [1, 1, 1, 1])],
        { type: 91, main: { 2: int32(3), 3: int32(7) }, inputs: [0, 2, 3, 4], outputs: [1] },
      ],
      [1, 6, 7, 8],
    ],
  ])('%s', async (_, operators, shape) => {
    expect(await shapeBehind(...operators)).toEqual(shape)
  })
})

it('an unknown type keeps its number, and no row of ONNX is taken for it', async () => {
  const { graph } = await read([input(1, 4), { type: 600, inputs: [0], outputs: [1] }])
  expect(graph.nodes).toMatchObject([{ opType: 'MNN 600', domain: 'mnn' }])
})

it.each([
  [0, 'Add'],
  [1, 'Sub'],
  [9, 'Max'],
])('BinaryOp %i is %s', async (kind, opType) => {
  const { graph } = await read([input(1, 4), { type: 7, main: { 0: int32(kind) }, inputs: [0, 0], outputs: [1] }])
  expect(graph.nodes[0].opType).toBe(opType)
})
