import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { type TileOptions, tiles } from '../../src/tiles.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { comparePieces, type Engine, picture } from './run-pieces.ts'

// What operators beside windows do with cells: pieces give what the whole gives, or the node is named.

type Nodes = Parameters<typeof model>[0]['nodes']

const counts = (length: number): number[] => Array.from({ length }, (_, index) => (index % 3) - 1)

const bytesOf = (nodes: Nodes, inputs: Record<string, readonly (number | string)[]>) =>
  model(
    {
      nodes,
      inputs,
      initializers: [
        floats('w', [4, 4, 3, 3], counts(144)),
        ...[
          floats('columns', [4, 3], counts(12)),
          floats('half', [4], [1, 1, 1, 0.5]),
          floats('row', [90], counts(90)),
        ],
        ...[ints('parts', [1, 3]), ints('order', [2, 0, 1]), ints('second', 1), ints('once', [1, 2, 1, 1])],
        ...[ints('channels', 1), ints('height', 2), ints('groups', [1, 2, 2]), ints('all', [1, 4])],
        ...[ints('two', [2]), ints('four', [4]), ints('edge', [0, 0, 3, 3, 0, 0, 3, 3]), ints('six', [1, 4, 6, 9, 10])],
        ...[floats('part', [1], [1 / 37]), floats('twice', [4], [1, 1, 2, 2]), ints('channel', [1])],
        ...[0, 45, 50, -30, -45, 2 ** 40].map((value) => ints(String(value).replace('-', 'less'), [value])),
        ...[ints('none', [0]), ints('one', [1]), ints('first', [0, 0, 0, 0])],
      ],
    },
    18,
  )

const conv = (from: string, to: string) => node('Conv', `${from} w`, to, { pads: [1, 1, 1, 1] }, { name: `conv ${to}` })
const sizes = [node('Shape', 'a', 'shape'), node('Slice', 'shape two four', 'rest')]

const plan = async (nodes: Nodes, options: Partial<TileOptions> = {}, size = [40, 30]) => {
  const bytes = bytesOf(nodes, { x: [1, 4, 'h', 'w'] })
  return { bytes, plan: tiles(await readModel(bytes), { inputs: { x: [1, 4, ...size] }, tile: 16, ...options }) }
}

async function expectEqual(nodes: Nodes, size?: number[], tile?: number): Promise<void> {
  const { bytes, plan: made } = await plan(nodes, tile ? { tile } : {}, size)
  expect(made.pieces).toBeGreaterThan(1)
  const network = await loadNetwork(bytes, { deterministic: true })
  const run: Engine = ({ dims, data }) =>
    Object.fromEntries(
      Object.entries(network.run({ x: { data, shape: dims } })).map(([name, one]) => [
        name,
        { dims: one.shape, data: one.data },
      ]),
    )
  expect(await comparePieces(run, made, picture([1, 4, ...(size ?? [40, 30])]))).toEqual([])
  network.release()
}

describe('pieces give what the whole gives', () => {
  const shuffled = [
    ...sizes,
    node('Concat', 'groups rest', 'apart', { axis: 0 }),
    node('Reshape', 'a apart', 'b'),
    node('Transpose', 'b', 'c', { perm: [0, 2, 1, 3, 4] }),
    node('Concat', 'all rest', 'together', { axis: 0 }),
    node('Reshape', 'c together', 'd'),
    conv('d', 'y'),
  ]
  it.each<[string, Nodes]>([
    [
      'channels are split by sizes that are given',
      [node('Split', 'a parts', 'b c', { axis: 1 }), node('Mul', 'b c', 'y')],
    ],
    ['channels are picked', [node('Gather', 'a order', 'y', { axis: 1 })]],
    ['one channel is picked and its axis left out', [node('Gather', 'a second', 'y', { axis: 1 })]],
    ['channels are shuffled by Reshape, with sizes that are computed', shuffled],
    ['cells are expanded to their own shape', [node('Shape', 'a', 'shape'), node('Expand', 'a shape', 'y')]],
    ['channels are repeated', [node('Tile', 'a once', 'y')]],
    ['channels are summed up', [node('CumSum', 'a channels', 'y')]],
    ['channels are multiplied by letters', [node('Einsum', 'a columns', 'y', { equation: 'nchw,cd->ndhw' })]],
  ])('%s', async (_, nodes) => {
    await expectEqual([conv('x', 'a'), ...nodes])
  })

  // A whole of 4,800 numbers is worth programs, a piece of 1,024 is not, where bits do not count.
  it.each<[string, Nodes]>([
    ['exponentials', [node('Sigmoid', 'b', 'y')]],
    ['sums over channels', [node('Softmax', 'b', 'y', { axis: 1 })]],
    ['means of channels', [node('ReduceMean', 'b channel', 'y')]],
    ['cubic curves', [node('Resize', 'b - twice', 'y', { mode: 'cubic' })]],
  ])('numbers that are rounded too: %s', async (_, nodes) => {
    await expectEqual([conv('x', 'a'), node('Mul', 'a part', 'c'), node('Sigmoid', 'c', 'b'), ...nodes])
  })

  it('without a window: along the axes that the file leaves open', async () => {
    await expectEqual([node('Transpose', 'x', 'a', { perm: [0, 1, 3, 2] }), node('Relu', 'a', 'y')])
    const { plan: made } = await plan([node('Relu', 'x', 'y')])
    expect(made.axes.map(({ axis, pieces }) => [axis, pieces.length])).toEqual([[2, 3], [3, 2]]) // biome-ignore format: short
  })

  it('an axis of which no output has cells is not cut', async () => {
    const nodes = [node('Shape', 'x', 'y')]
    const { plan: made } = await plan(nodes, { tile: undefined })
    expect(made.axes.map(({ pieces }) => pieces.map(({ read }) => read))).toEqual([[[0, 40]], [[0, 30]]])
    expect(made.shape).toEqual([1, 4, 40, 30])
    await expect(plan(nodes)).rejects.toThrow('an output must have cells of an axis that is cut, got axis 2 of x')
  })

  it.each([
    ['50 and 30', [50, 30]],
    ['none and 45', [0, 45]],
    ['45 and none', [45, 0]],
  ])('rows are dropped before and behind: %s', async (_, [before, behind]) => {
    const list = [before, behind === 0 ? 2 ** 40 : -behind]
    const names = list.map((value) => String(value).replace('-', 'less'))
    const nodes = [conv('x', 'a'), node('Slice', `a ${names.join(' ')} two`, 'y')]
    await expectEqual(nodes, [160, 30], 110)
  })

  it('the outermost cell is repeated more often than there are cells', async () => {
    const pool = node('MaxPool', 'x', 'a', { kernel_shape: [4, 4], strides: [4, 4] })
    await expectEqual([pool, node('Pad', 'a edge', 'y', { mode: 'edge' })], [40, 8], 24)
  })

  it("PyTorch's rule puts a cell that is alone elsewhere: no piece has one where the whole has several", async () => {
    const pool = node('MaxPool', 'x', 'a', { kernel_shape: [4, 4], strides: [4, 4] })
    const half = { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' }
    await expectEqual([pool, node('Resize', 'a - half', 'y', half)], [8, 60], 20)
  })
})

describe('what no piece can have right is named', () => {
  it.each<[string, Nodes, string]>([
    ['cells are summed up', [node('CumSum', 'a height', 'y', {}, { name: 'sum' })], 'sum (CumSum) adds up all cells'],
    ['rows are picked', [node('Gather', 'a order', 'y', { axis: 2 }, { name: 'pick' })], 'pick (Gather) picks cells'],
    [
      'each cell meets all others',
      [node('Einsum', 'a a', 'y', { equation: 'nchw,nckw->nhk' }, { name: 'pair' })],
      'pair (Einsum) pairs each cell with all others',
    ],
    [
      'columns have numbers of their own',
      [node('Add', 'a row', 'y', {}, { name: 'add' })],
      'add (Add) joins cells with constants',
    ],
    [
      'height and width are exchanged',
      [node('Transpose', 'a', 'b', { perm: [0, 1, 3, 2] }), node('Add', 'a b', 'y', {}, { name: 'add' })],
      "add (Add) joins cells with those of 'b', which lie along another axis or come from another input",
    ],
  ])('%s', async (_, nodes, message) => {
    await expect(plan([conv('x', 'a'), ...nodes], {}, [90, 90])).rejects.toThrow(
      `tiles: no piece can be exact: ${message}`,
    )
  })

  it('of another input, which is not cut', async () => {
    const nodes = [conv('x', 'a'), node('Add', 'a mask', 'y', {}, { name: 'add' })]
    const bytes = bytesOf(nodes, { x: [1, 4, 'h', 'w'], mask: [1, 1, 'h', 'w'] })
    const inputs = { x: [1, 4, 40, 30], mask: [1, 1, 40, 30] }
    const model = await readModel(bytes)
    expect(() => tiles(model, { inputs, tile: 16 })).toThrow("add (Add) joins cells with those of 'mask'")
    expect(tiles(model, { inputs: { ...inputs, mask: [1, 1, 1, 1] }, tile: 16 }).isExact).toBe(true)
  })

  it('a window that does not fit is no question of pieces', async () => {
    const nodes = [node('Conv', 'x w', 'y', { dilations: [40, 1] }, { name: 'wide' })]
    await expect(plan(nodes)).rejects.toThrow('tiles: the network must run on the picture (wide: a window must fit')
  })
})
