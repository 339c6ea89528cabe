import { describe, expect, it } from 'vitest'
import { readModel } from '../../src/models.ts'
import { madeWithin, readBy } from '../../src/tiles/halo.ts'
import { type TileOptions, type TilePlan, tiles } from '../../src/tiles.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { sameByShape } from './same-by-shape.ts'

type Nodes = Parameters<typeof model>[0]['nodes']

/** A network on `x` of open sizes, with weights `w` of 3x3 for one channel. */
async function planOf(nodes: Nodes, options: Partial<TileOptions> = {}, size = [100, 90]): Promise<TilePlan> {
  const shape = [1, 1, 'height', 'width'] as const
  const bytes = model({
    nodes,
    inputs: { x: shape },
    initializers: [
      floats('w', [1, 1, 3, 3]),
      floats('w2', [1, 1, 2, 2]),
      floats('quarter', [4], [1, 1, 0.25, 0.25]),
      floats('twice', [4], [1, 1, 2, 2]),
      floats('third', [4], [1, 1, 1 / 3, 1 / 3]),
      floats('seventh', [4], [1, 1, 1 / 7, 1 / 7]),
      floats('threequarters', [4], [1, 1, 0.75, 0.75]),
      floats('scale', [1]),
      floats('bias', [1]),
      ints('pads', [0, 0, 1, 1, 0, 0, 1, 1]),
      ints('starts', [0, 0]),
      ints('ends', [50, 45]),
      ints('axes', [2, 3]),
    ],
  })
  return tiles(await readModel(bytes), { inputs: { x: [1, 1, ...size] }, tile: 40, ...options })
}

const conv = (from: string, to: string, attributes: object = { pads: [1, 1, 1, 1] }) =>
  node('Conv', `${from} w`, to, { kernel_shape: [3, 3], ...attributes }, { name: `conv ${to}` })

const same = { auto_pad: 'SAME_UPPER', strides: [2, 2] }

it('the outputs that are made within some cells are all that read nothing else', () => {
  const wrong: object[] = []
  for (const [over, under] of [
    [1, 1],
    [2, 1],
    [3, 1],
    [1, 2],
    [1, 3],
    [2, 3],
    [3, 2],
    [5, 4],
  ]) {
    for (let first = -3; first <= 2; first += 1 / (2 * under)) {
      for (let reach = 0; reach <= 3; reach += 1 / (2 * under)) {
        const step = { jump: { over, under }, centre: 0, first, reach }
        const [begin, end] = madeWithin([4, 11], step)
        for (let output = -20; output < 60; output++) {
          const [from, to] = readBy([output, output + 1], step)
          if (from >= to) continue // it reads nothing: no operator has such a step
          if ((output >= begin && output < end) !== (from >= 4 && to <= 11)) wrong.push({ step, output, from, to })
        }
      }
    }
  }
  expect(wrong).toEqual([])
})

it('a U-Net with nearest neighbours on the way up reads no more than its halo', async () => {
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  const { axes } = await planOf(
    [
      node('MaxPool', 'x', 'a', { kernel_shape: [2, 2], strides: [2, 2] }),
      conv('a', 'b'),
      node('Resize', 'b  twice', 'c', attributes),
      node('Add', 'c x', 'd'),
      conv('d', 'y'),
    ],
    { tile: 20 },
  )
  expect([axes[0].step, axes[0].halo]).toEqual([2, [4, 4]])
  expect(axes[0].pieces.slice(1, -1).map(({ own, read }) => [own[0] - read[0], read[1] - own[1]])).toEqual(
    axes[0].pieces.slice(1, -1).map(() => [4, 4]),
  )
})

it('a pool that was written as large as the picture is named by what spreads it', async () => {
  const squeezed = [
    node('AveragePool', 'x', 'a', { kernel_shape: [100, 90] }),
    node('Mul', 'a x', 'y', {}, { name: 'weigh' }),
  ]
  await expect(planOf(squeezed)).rejects.toThrow(
    'tiles: no piece can be exact: weigh (Mul) spreads over all cells one that was made of them together',
  )
  // Steps that differ otherwise are said.
  const halved = [
    node('MaxPool', 'x', 'a', { kernel_shape: [2, 2], strides: [2, 2] }),
    node('Slice', 'x starts ends axes', 'b'),
  ]
  await expect(planOf([...halved, node('Add', 'a b', 'y', {}, { name: 'join' })])).rejects.toThrow(
    'tiles: no piece can be exact: join (Add) joins cells of different steps, one in 2 and 1 cells of the input',
  )
})

it('an axis that tile leaves whole is one piece, whatever takes its cells together; without tile it is to be cut', async () => {
  const place = [conv('x', 'a'), node('ArgMax', 'a', 'y', { axis: 3 }, { name: 'place' })]
  const { axes, pieces, isExact } = await planOf(place, { tile: [40, 90] })
  expect([pieces, isExact]).toEqual([3, true])
  expect(axes[1].pieces).toEqual([{ own: [0, 90], read: [0, 90], keep: [] }])
  expect(axes[0].pieces.map(({ keep }) => keep.map(({ axis }) => axis))).toEqual([[2], [2], [2]])
  for (const tile of [[40, 89], undefined])
    await expect(planOf(place, { tile })).rejects.toThrow('tiles: no piece can be exact: place (ArgMax)')
  // What one output mixes another keeps.
  const both = model({
    nodes: [conv('x', 'a'), node('ArgMax', 'a', 'y', { axis: 3 })],
    inputs: { x: [1, 1, 'h', 'w'] },
    outputs: { y: undefined, a: undefined },
    initializers: [floats('w', [1, 1, 3, 3])],
  })
  const plan = tiles(await readModel(both), { inputs: { x: [1, 1, 100, 90] }, tile: [40, 90] })
  expect(plan.axes[1].pieces[0].keep).toEqual([{ output: 'a', axis: 3, cells: [0, 90], from: 0 }])
})

it('a picture on which the network does not run tells of those next to it', async () => {
  const twice = { kernel_shape: [2, 2], strides: [2, 2] }
  const halved = [
    node('MaxPool', 'x', 'a', twice),
    node('MaxPool', 'a', 'b', twice),
    node('ConvTranspose', 'b w2', 'c', twice),
    node('ConvTranspose', 'c w2', 'd', twice),
    node('Add', 'd x', 'y', {}, { name: 'join' }),
  ]
  const runs = (size: number[]) => planOf(halved, {}, size)
  await expect(runs([102, 91])).rejects.toThrow(
    /^tiles: the network must run on the picture \(join: sizes along axis 2 .*; it runs on \[1, 1, 100, 88\] and on \[1, 1, 104, 92\]\), got \[1, 1, 102, 91\]$/,
  )
  await expect(runs([100, 3])).rejects.toThrow(/; it runs on \[1, 1, 100, 4\]\), got/) // none has no width
  expect((await runs([100, 88])).isExact).toBe(true)
  // Where none is known nothing is said.
  const shrunk = [node('Conv', 'x w2', 'a', { kernel_shape: [2, 2] }), node('Add', 'a x', 'y', {}, { name: 'join' })]
  await expect(planOf(shrunk, {}, [101, 90])).rejects.toThrow(/picture \(join: [^;]*\), got \[1, 1, 101, 90\]$/)
})

it('the halo is what all layers span', async () => {
  const { axes, isExact } = await planOf([conv('x', 'a'), conv('a', 'b'), conv('b', 'y')])
  expect(isExact).toBe(true)
  expect(axes.map(({ halo, step }) => [halo, step])).toEqual([
    [[3, 3], 1],
    [[3, 3], 1],
  ])
  expect(axes[0].pieces.map(({ own, read }) => [own, read])).toEqual([
    [[0, 34], [0, 37]],
    [[34, 68], [31, 71]],
    [[68, 100], [65, 100]],
  ]) // biome-ignore format: a table
  expect(axes[0].pieces[1].keep).toEqual([{ output: 'y', axis: 2, cells: [34, 68], from: 3 }])
  expect(axes[0].shares.map(({ name, cells }) => [name, cells])).toEqual([
    ['conv y', 2],
    ['conv b', 2],
    ['conv a', 2],
  ])
})

it('pieces of strided SAME begin on multiples of the step and leave the remainder that the picture leaves', async () => {
  for (const size of [97, 98, 99, 100]) {
    const { axes } = await planOf([conv('x', 'a', same), conv('a', 'y', same)], {}, [size, 80])
    const [{ step, pieces }] = axes
    expect(step).toBe(4)
    expect(pieces.length).toBeGreaterThan(2)
    for (const { read } of pieces) {
      expect(read[0] % step).toBe(0)
      expect((size - (read[1] - read[0])) % step).toBe(0)
    }
  }
})

it('an antialiased resize reads as many more cells as it takes together', async () => {
  const resize = (antialias: number) =>
    node('Resize', 'a - quarter', 'y', { mode: 'cubic', antialias }, { name: 'resize' })
  const haloOf = async (antialias: number) =>
    (await planOf([conv('x', 'a'), resize(antialias)], { tile: 60 }, [160, 88])).axes[0].halo
  expect(await haloOf(0)).toEqual([1, 1])
  expect(await haloOf(1)).toEqual([7, 7])
})

it('pieces of a resize are exact only where its places are the same further on, and in a picture of another size', async () => {
  const by = (scale: string, attributes: Parameters<typeof node>[3], size: number[]) =>
    planOf([conv('x', 'a'), node('Resize', `a - ${scale}`, 'y', attributes, { name: 'resize' })], {}, size)
  const nearest = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
  // A third is so near to one in float32 that quotients by it are rounded to whole cells; a seventh is not.
  await expect(by('seventh', nearest, [126, 126])).rejects.toThrow('resize (Resize) resizes by a factor that float32')
  expect((await by('third', nearest, [126, 126])).isExact).toBe(true)
  // The middle stays where it is: 98 * 0.75 are 73.5 cells, of which 73 are left.
  const symmetric = { mode: 'linear', coordinate_transformation_mode: 'half_pixel_symmetric' }
  await expect(by('threequarters', symmetric, [98, 98])).rejects.toThrow('resize (Resize) moves cells by what is left')
  const { axes } = await by('threequarters', symmetric, [100, 88])
  for (const { pieces } of axes) for (const { read } of pieces) expect((read[1] - read[0]) % 4).toBe(0)
})

it('padding that is computed of the shape is followed in each piece', async () => {
  const { nodes, initializers } = sameByShape(3, 3)
  const bytes = model({
    nodes: [...nodes, node('Conv', 'padded w', 'y', { kernel_shape: [3, 3], strides: [3, 3] })],
    inputs: { x: [1, 1, 'h', 'w'] },
    initializers: [...initializers, floats('w', [1, 1, 3, 3])],
  })
  // SAME pads 37 cells 1,1 and 36 not at all: a piece that begins at 0 must have the one cell too.
  const { axes } = tiles(await readModel(bytes), { inputs: { x: [1, 1, 37, 36] }, tile: 20 })
  const [[first, ...others], same] = axes.map(({ pieces }) => pieces.map(({ read: [begin, end] }) => [begin, end]))
  expect(first[0]).toBe(0)
  expect((37 - first[1]) % 3).toBe(0)
  for (const [begin] of others) expect(begin % 3).toBe(0)
  expect(same).toEqual([[0, 18], [18, 36]]) // biome-ignore format: short
})

describe('what no piece can have right is named', () => {
  it.each<[string, Nodes, string]>([
    [
      'a global pool',
      [conv('x', 'a'), node('GlobalAveragePool', 'a', 'g', {}, { name: 'pool' }), node('Mul', 'a g', 'y')],
      'pool (GlobalAveragePool) takes all cells together',
    ],
    [
      'statistics of a picture',
      [conv('x', 'a'), node('InstanceNormalization', 'a scale bias', 'y', {}, { name: 'norm' })],
      'norm (InstanceNormalization) takes all cells along this axis together',
    ],
    [
      'a softmax over the width',
      [conv('x', 'a'), node('Softmax', 'a', 'y', { axis: 3 }, { name: 'soft' })],
      'soft (Softmax) takes all cells along this axis together',
    ],
    [
      'a Flatten',
      [conv('x', 'a'), node('Flatten', 'a', 'y', {}, { name: 'flat' })],
      'flat (Flatten) lays all cells in a row',
    ],
    [
      'weights that are computed of the picture',
      [
        conv('x', 'a'),
        node('GlobalMaxPool', 'x', 'g', {}, { name: 'g' }),
        node('Expand', 'g s', 'k'),
        node('Conv', 'a k', 'y', { kernel_shape: [1, 1] }),
      ],
      'g (GlobalMaxPool) takes all cells together',
    ],
    [
      'a resize that stretches corners',
      [
        conv('x', 'a'),
        node(
          'Resize',
          'a - r',
          'y',
          { coordinate_transformation_mode: 'align_corners', mode: 'linear' },
          { name: 'up' },
        ),
      ],
      'up (Resize)',
    ],
    [
      'padding from the other end',
      [node('Pad', 'x p', 'a', { mode: 'wrap' }, { name: 'wrap' }), conv('a', 'y')],
      'wrap (Pad) takes cells from the other end',
    ],
    [
      'places of maxima',
      [conv('x', 'a'), node('MaxPool', 'a', 'b y', { kernel_shape: [2, 2], strides: [2, 2] }, { name: 'pool' })],
      'pool (MaxPool) counts places of the whole picture',
    ],
    [
      'the place of the largest along the width',
      [conv('x', 'a'), node('ArgMax', 'a', 'y', { axis: 3 }, { name: 'place' })],
      'place (ArgMax) takes all cells together',
    ],
  ])('%s', async (_, nodes, message) => {
    const bytes = model({
      nodes,
      inputs: { x: [1, 1, 'h', 'w'] },
      initializers: [
        ...[floats('w', [1, 1, 3, 3]), floats('scale', [1], [1]), floats('bias', [1]), floats('r', [4], [1, 1, 2, 2])],
        ...[ints('s', [1, 1, 1, 1]), ints('p', [0, 0, 1, 1, 0, 0, 1, 1])],
      ],
    }) // biome-ignore format: a list
    const read = await readModel(bytes)
    const options = { inputs: { x: [1, 1, 64, 64] }, tile: 40 }
    expect(() => tiles(read, options)).toThrow(`tiles: no piece can be exact: ${message}`)
  })

  it('neighbours are exact: a softmax over channels, a norm of the batch, reflected padding', async () => {
    const plan = await planOf([
      node('Pad', 'x pads', 'a', { mode: 'reflect' }),
      conv('a', 'b', {}),
      node('BatchNormalization', 'b scale bias scale bias', 'c'),
      node('Softmax', 'c', 'y', { axis: 1 }),
    ])
    expect([plan.isExact, plan.axes.map(({ halo }) => halo)]).toEqual([true, [[1, 1], [1, 1]]]) // biome-ignore format: short
  })

  it('neighbours are exact: maxima, and the class of each cell', async () => {
    const pool = node('MaxPool', 'a', 'b places', { kernel_shape: [2, 2], strides: [2, 2] })
    for (const last of [node('ArgMax', 'b', 'y', { axis: 1 }), node('ArgMin', 'b', 'y', { axis: -3, keepdims: 0 })])
      expect((await planOf([conv('x', 'a'), pool, last])).isExact).toBe(true)
  })

  it('a number that is computed of the size of the picture is named; one of channels is not', async () => {
    const divided = (axis: number) => [
      conv('x', 'a'),
      node('Shape', 'a', 'sizes', { start: axis, end: axis + 1 }),
      node('Cast', 'sizes', 'number', { to: 1 }),
      node('Div', 'a number', 'y', {}, { name: 'mean' }),
    ]
    await expect(planOf(divided(3))).rejects.toThrow("mean computes with 'number', which depends on the size")
    expect((await planOf(divided(1))).isExact).toBe(true)
  })

  it('a halo that is given plans pieces that are not exact', async () => {
    const nodes = [conv('x', 'a'), node('InstanceNormalization', 'a scale bias', 'y')]
    const plan = await planOf(nodes, { halo: 8 })
    expect([plan.isExact, plan.axes[0].pieces[1].read[0]]).toEqual([false, plan.axes[0].pieces[1].own[0] - 8])
  })
})

it('memory bounds the values of a piece', async () => {
  const nodes = [conv('x', 'a'), conv('a', 'y')]
  const memory = 20_000
  const plan = await planOf(nodes, { tile: undefined, memory })
  expect(plan.memory).toBeLessThanOrEqual(memory)
  expect(plan.memory).toBeGreaterThan(memory / 2)
  expect((await planOf(nodes, { tile: undefined, memory: 1e9 })).pieces).toBe(1)
})

it.each<[Partial<TileOptions>, string]>([
  [{ tile: 0 }, 'tiles: tile must be'],
  [{ tile: [10] }, 'tiles: tile must be one number, or 2'],
  [{ tile: 2 }, 'tiles: a piece must be at least 5 cells along axis 2 of x, got 2'],
  [{ inputs: {} }, 'tiles: the shape of x must be given, got [1,1,height,width]'],
  [{ inputs: { x: [1, 1, 1, 1] } }, 'tiles: the network must run on the picture'],
  [{ memory: 10, tile: undefined }, 'tiles: memory must be enough for the smallest piece, which takes about '],
  [{ input: 'z' }, 'tiles: input must be one along which windows slide: x'],
  [{ halos: 1 } as never, 'tiles: '],
])('%j is refused', async (options, message) => {
  const nodes = [conv('x', 'a'), conv('a', 'y', { kernel_shape: [3, 3] })]
  await expect(planOf(nodes, options)).rejects.toThrow(message)
})
