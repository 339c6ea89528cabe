import { describe, expect, it } from 'vitest'
import { ints, node } from '../models/onnx/make-model.ts'
import { conflictOf, conflictsOf } from './conflicts-of.ts'

describe('sizes that cannot meet', () => {
  // Each with shapes that cannot meet, the two sizes, and shapes much like them that can.
  it.each([
    [
      'Add',
      {},
      [
        [2, 8],
        [2, 7],
      ],
      [8, 7],
      [
        [2, 8],
        [2, 1],
      ],
    ],
    [
      'Mul',
      {},
      [
        [3, 8],
        [2, 8],
      ],
      [3, 2],
      [[3, 8], [8]],
    ],
    ['Where', {}, [[4], [4], [3]], [4, 3], [[4], [1], [4]]],
    ['Sum', {}, [[5], [1], [1], [6]], [5, 6], [[5], [1], ['n'], [5]]],
    [
      'Less',
      {},
      [
        [5, 1],
        [4, 3],
      ],
      [5, 4],
      [
        [5, 1],
        [1, 3],
      ],
    ],
    [
      'Concat',
      { axis: 1 },
      [
        [1, 2, 8],
        [1, 3, 7],
      ],
      [8, 7],
      [
        [1, 2, 8],
        [1, 3, 8],
      ],
    ],
    [
      'Concat',
      { axis: -1 },
      [
        [2, 3],
        [2, 3, 4],
      ],
      [2, 3],
      [
        [2, 3, 1],
        [2, 3, 4],
      ],
    ],
    [
      'MatMul',
      {},
      [
        [2, 3, 4],
        [5, 6],
      ],
      [4, 5],
      [
        [2, 3, 4],
        [4, 6],
      ],
    ],
    [
      'MatMul',
      {},
      [
        [2, 3, 4],
        [3, 4, 6],
      ],
      [2, 3],
      [
        [2, 3, 4],
        [1, 4, 6],
      ],
    ],
    ['MatMul', {}, [[4], [5]], [4, 5], [[4], [4]]],
    [
      'Gemm',
      { transB: 1 },
      [
        [2, 3],
        [4, 5],
      ],
      [3, 5],
      [
        [2, 3],
        [4, 3],
      ],
    ],
    [
      'Gemm',
      {},
      [[2, 3], [3, 4], [5]],
      [4, 5],
      [
        [2, 3],
        [3, 4],
        [2, 1],
      ],
    ],
    [
      'Conv',
      {},
      [
        [1, 3, 9],
        [4, 2, 3],
      ],
      [3, 2],
      [
        [1, 3, 9],
        [4, 3, 3],
      ],
    ],
    [
      'Conv',
      { group: 3 },
      [
        [1, 3, 9],
        [6, 3, 3],
      ],
      [3, 9],
      [
        [1, 3, 9],
        [6, 1, 3],
      ],
    ],
    [
      'Conv',
      { pads: [0, 1] },
      [
        [1, 3, 1],
        [4, 3, 3],
      ],
      [3, 1],
      [
        [1, 3, 2],
        [4, 3, 3],
      ],
    ],
    [
      'ConvTranspose',
      {},
      [
        [1, 3, 9],
        [4, 2, 3],
      ],
      [3, 4],
      [
        [1, 3, 9],
        [3, 2, 3],
      ],
    ],
    ['MaxPool', { kernel_shape: [4] }, [[1, 3, 3]], [4, 3], [[1, 3, 4]]],
    ['DepthToSpace', { blocksize: 2 }, [[1, 6, 2, 2]], [6, 4], [[1, 8, 2, 2]]],
    ['SpaceToDepth', { blocksize: 2 }, [[1, 6, 3, 2]], [3, 2], [[1, 6, 4, 2]]],
    ['Transpose', { perm: [0, 2, 1] }, [[1, 2]], [2, 3], [[1, 2, 3]]],
    [
      'GridSample',
      {},
      [
        [2, 3, 4, 5],
        [1, 6, 7, 2],
      ],
      [2, 1],
      [
        [2, 3, 4, 5],
        [2, 6, 7, 2],
      ],
    ],
    ['BatchNormalization', {}, [[1, 3, 5], [4], [4], [4], [4]], [3, 4], [[1, 4, 5], [4], [4], [4], [4]]],
    [
      'LSTM',
      { hidden_size: 5 },
      [
        [7, 1, 3],
        [1, 20, 4],
        [1, 20, 5],
      ],
      [3, 4],
      [
        [7, 1, 4],
        [1, 20, 4],
        [1, 20, 5],
      ],
    ],
  ] as const)('%s %j of %j: %j', async (opType, attributes, shapes, sizes, neighbour) => {
    expect((await conflictOf(opType, shapes, attributes))?.sizes).toEqual(sizes)
    expect(await conflictOf(opType, neighbour, attributes)).toBeUndefined()
  })

  it('sizes that are computed or given as numbers', async () => {
    const reshape = (sizes: number[]) => conflictOf('Reshape', [[2, 3, 4]], {}, { initializers: [ints('s', sizes)] })
    expect((await reshape([5, -1]))?.message).toBe('the elements must divide among the other axes, got 24 and 5')
    expect((await reshape([5, 5]))?.sizes).toEqual([24, 25])
    expect(await reshape([0, -1, 2])).toBeUndefined()
    const expand = (sizes: number[]) => conflictOf('Expand', [[3, 1]], {}, { initializers: [ints('s', sizes)] })
    expect((await expand([2, 4]))?.sizes).toEqual([3, 2])
    expect(await expand([3, 4])).toBeUndefined()
    const split = (sizes: number[]) =>
      conflictOf('Split', [[1, 6]], { axis: 1 }, { initializers: [ints('s', sizes)], outputs: 'y z' })
    expect((await split([2, 3]))?.sizes).toEqual([6, 5])
    expect(await split([2, 4])).toBeUndefined()
    const halves = (size: number, opset: number) =>
      conflictOf('Split', [[1, size]], { axis: 1 }, { opset, outputs: 'y z' })
    expect((await halves(7, 13))?.sizes).toEqual([7, 2])
    expect(await halves(8, 13)).toBeUndefined()
    expect(await halves(7, 18)).toBeUndefined()
    const gather = (index: number) =>
      conflictOf('Gather', [[1, 6]], { axis: 1 }, { initializers: [ints('i', [index])] })
    expect((await gather(6))?.sizes).toEqual([6, 6])
    expect(await gather(-6)).toBeUndefined()
    const pad = (end: number) => conflictOf('Pad', [[5]], {}, { initializers: [ints('p', [-2, end])] })
    expect((await pad(-4))?.message).toBe('no more cells must be cropped than there are, got 5 and 6')
    expect(await pad(-3)).toBeUndefined()
  })

  it('an axis that is left out has one cell', async () => {
    const squeeze = (size: number) => conflictOf('Squeeze', [[2, size]], { axes: [1] }, { opset: 11 })
    expect((await squeeze(3))?.sizes).toEqual([3, 1])
    expect(await squeeze(1)).toBeUndefined()
  })

  it('names the node, what must hold, and whose sizes they are', async () => {
    const [found] = await conflictsOf({
      nodes: [node('Add', 'a b', 'y', {}, { name: 'meeting' })],
      inputs: { a: [1, 2, 8], b: [2, 7] },
    })
    expect(found).toMatchObject({ name: 'meeting', path: 'main', sizes: [8, 7], values: ['a', 'b'] })
    expect(found.message).toBe("sizes along axis 2 must be equal, or one of them 1, got 8 of 'a' and 7 of 'b'")
  })

  it('before operator set 7, shapes were equal or stretched as an attribute says', async () => {
    expect((await conflictOf('Add', [[2, 8], [8]], {}, { opset: 6 }))?.sizes).toEqual([2, 1])
    expect(
      (
        await conflictOf(
          'Add',
          [
            [2, 8],
            [2, 7],
          ],
          {},
          { opset: 6 },
        )
      )?.sizes,
    ).toEqual([8, 7])
    expect(await conflictOf('Add', [[2, 8], [2]], { broadcast: 1, axis: 0 }, { opset: 6 })).toBeUndefined()
    expect(await conflictOf('PRelu', [[1, 3, 8], [3]], {}, { opset: 6 })).toBeUndefined()
  })

  it('open sizes may meet any', async () => {
    expect(
      await conflictOf('Add', [
        ['n', 8],
        [7, 8],
      ]),
    ).toBeUndefined()
    expect(
      await conflictOf(
        'Concat',
        [
          ['n', 8],
          [7, 8],
        ],
        { axis: 1 },
      ),
    ).toBeUndefined()
  })

  it('one conflict is told once: what follows from it is not known', async () => {
    const found = await conflictsOf({
      nodes: [node('Add', 'a b', 'c'), node('Add', 'c d', 'y')],
      inputs: { a: [8], b: [7], d: [6] },
    })
    expect(found.map(({ name }) => name)).toEqual(["Add 'c'"])
  })
})
