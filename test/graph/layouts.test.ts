import { expect, it } from 'vitest'
import { loadNetwork, type NamedTensors } from '../../src/graph.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from './onnx-bytes.ts'

// A network gives the same in both layouts, whatever stands between its convolutions, and brings nothing into another order in vain.

const constant = (seed: number, ...shape: number[]): ConstantOf => ({
  shape,
  data: numbersFrom(
    seed,
    shape.reduce((a, b) => a * b, 1),
  ),
})
const list = (...data: number[]): ConstantOf => ({ shape: [data.length], data, type: 7 })
const constants: Readonly<Record<string, ConstantOf>> = {
  ...{ w: constant(1, 12, 12, 3, 3), v: constant(2, 12, 12, 1, 1), d: constant(3, 12, 1, 3, 3) },
  ...{
    up: constant(4, 12, 12, 2, 2),
    place: constant(5, 1, 12, 6, 5),
    row: constant(6, 5),
    each: constant(7, 12, 1, 1),
  },
  ...{
    twelve: constant(8, 12),
    five: constant(9, 5),
    m: constant(10, 12, 7),
    n: constant(11, 5, 4),
    long: constant(14, 360, 3),
    two: constant(15, 12, 24, 1, 1),
    many: constant(16, 4, 96, 1, 1),
  },
  ...{ wide: constant(12, 12, 48, 1, 1), narrow: constant(13, 12, 3, 1, 1), picks: list(3, 0, 11) },
  ...{ parts: list(0, 3, 4, 6, 5), whole: list(0, 12, 6, 5), flat: list(0, -1), pads: list(0, 0, 1, 2, 0, 0, 1, 0) },
  ...{ begins: list(-1, 1), ends: list(-20, 5), steps: list(-2, 2), axes: list(2, 3), repeats: list(1, 1, 2, 1) },
  ...{ larger: { shape: [4], data: [1, 1, 2, 1.5] }, size: list(2, 12, 6, 5), all: list(2, 12, 1, 5) },
  ...{ channels: list(1), rows: list(2), cells: list(2, 3), pieces: list(5, 7) },
}

const before: NodeOf = ['Conv', ['x', 'w'], ['a'], { pads: [1, 1, 1, 1] }]
const behind: NodeOf = ['Conv', ['b', 'v'], ['y']]
const [turn, back] = [{ perm: [0, 2, 3, 1] }, { perm: [0, 3, 1, 2] }]

/** What stands between two convolutions, from `a` to `b`, and the outputs of the model. */
type Between = readonly [what: string, nodes: readonly NodeOf[], outputs?: readonly string[]]

const cases: readonly Between[] = [
  ['a depthwise convolution', [['Conv', ['a', 'd'], ['b'], { group: 12, pads: [1, 1, 1, 1] }]]],
  ['a transposed convolution', [['ConvTranspose', ['a', 'up'], ['b'], { strides: [2, 2] }]]],
  [
    'pools',
    [
      ['MaxPool', ['a'], ['p'], { kernel_shape: [2, 2] }],
      ['AveragePool', ['p'], ['b'], { kernel_shape: [3, 2] }],
    ],
  ],
  [
    'numbers of a place, a row, a channel',
    [
      ['Mul', ['a', 'place'], ['p']],
      ['Tanh', ['p'], ['q']],
      ['Add', ['q', 'row'], ['r']],
      ['Exp', ['r'], ['s']],
      ['PRelu', ['s', 'each'], ['b']],
    ],
  ],
  [
    'a gate',
    [
      ['GlobalAveragePool', ['a'], ['g']],
      ['Conv', ['g', 'v'], ['h']],
      ['HardSigmoid', ['h'], ['s']],
      ['Mul', ['a', 's'], ['b']],
    ],
  ],
  [
    'a gate of a matrix',
    [
      ['GlobalMaxPool', ['a'], ['g']],
      ['Flatten', ['g'], ['f']],
      ['MatMul', ['f', 'm'], ['e']],
      ['Relu', ['e'], ['r']],
      ['ReduceSum', ['r'], ['s']],
      ['Mul', ['a', 's'], ['b']],
    ],
  ],
  [
    'a shuffle',
    [
      ['Reshape', ['a', 'parts'], ['p']],
      ['Transpose', ['p'], ['q'], { perm: [0, 2, 1, 3, 4] }],
      ['Reshape', ['q', 'whole'], ['b']],
    ],
  ],
  [
    'blocks of channels',
    [
      ['DepthToSpace', ['a'], ['p'], { blocksize: 2 }],
      ['Conv', ['p', 'narrow'], ['b']],
    ],
  ],
  [
    'blocks of channels, these first',
    [
      ['DepthToSpace', ['a'], ['p'], { blocksize: 2, mode: 'CRD' }],
      ['Conv', ['p', 'narrow'], ['b']],
    ],
  ],
  [
    'blocks of cells',
    [
      ['Resize', ['a', '', 'larger'], ['r']],
      ['Slice', ['r', 'axes', 'ends8', 'axes'], ['s']],
      ['SpaceToDepth', ['s'], ['p'], { blocksize: 2 }],
      ['Conv', ['p', 'wide'], ['b']],
    ],
  ],
  ['a pad', [['Pad', ['a', 'pads'], ['b'], { mode: 'reflect' }]]],
  ['a slice', [['Slice', ['a', 'begins', 'ends', 'axes', 'steps'], ['b']]]],
  [
    'a split and joins',
    [
      ['Split', ['a', 'pieces'], ['p', 'q'], { axis: 1 }],
      ['Relu', ['p'], ['r']],
      ['Concat', ['q', 'r'], ['s'], { axis: 1 }],
      ['Concat', ['s', 'a'], ['t'], { axis: 2 }],
      ['Concat', ['t', 't'], ['b'], { axis: 0 }],
    ],
  ],
  [
    'sizes of their own',
    [
      ['ReduceMean', ['a'], ['m0'], { axes: [2] }],
      ['Expand', ['m0', 'size'], ['e']],
      ['Tile', ['e', 'repeats'], ['b']],
    ],
  ],
  ['a resizing', [['Resize', ['a', '', 'larger'], ['b'], { mode: 'linear' }]]],
  [
    'normalizations',
    [
      ['InstanceNormalization', ['a', 'twelve', 'twelve'], ['i']],
      ['GroupNormalization', ['i', 'twelve', 'twelve'], ['g'], { num_groups: 3 }],
      ['LRN', ['g'], ['b'], { size: 3 }],
    ],
  ],
  [
    'a normalization of channels',
    [
      ['Transpose', ['a'], ['t'], turn],
      ['LayerNormalization', ['t', 'twelve'], ['l']],
      ['MatMul', ['l', 'm'], ['o']],
      ['Softmax', ['o'], ['z']],
      ['Transpose', ['a'], ['b'], { perm: [0, 1, 2, 3] }],
    ],
    ['y', 'z'],
  ],
  [
    'a normalization of rows',
    [
      ['LayerNormalization', ['a', 'five'], ['l']],
      ['MatMul', ['l', 'n'], ['z']],
      ['Softmax', ['a'], ['b'], { axis: 1 }],
    ],
    ['y', 'z'],
  ],
  [
    'places and products',
    [
      ['ArgMax', ['a'], ['z'], { axis: 1 }],
      ['Gather', ['a', 'picks'], ['g'], { axis: 1 }],
      ['ReduceProd', ['g'], ['p'], { axes: [1] }],
      ['Mul', ['a', 'p'], ['b']],
    ],
    ['y', 'z'],
  ],
  [
    'functions without a program',
    [
      ['Sin', ['a'], ['s']],
      ['Where', ['k', 's', 'each'], ['p']],
      ['Atan', ['s'], ['c']],
      ['Mod', ['c', 'row'], ['l'], { fmod: 1 }],
      ['Max', ['p', 'l'], ['b']],
    ],
  ],
  [
    'flat values',
    [
      ['Flatten', ['a'], ['f']],
      ['Softmax', ['f'], ['s']],
      ['Reshape', ['s', 'whole'], ['b']],
    ],
  ],
  [
    'a product of two',
    [
      ['Transpose', ['a'], ['t'], { perm: [0, 1, 3, 2] }],
      ['MatMul', ['a', 't'], ['p']],
      ['MatMul', ['p', 'a'], ['b']],
    ],
  ],
]

const own = { ends8: list(10, 7), k: { shape: [12, 1, 1], data: [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1], type: 7 } }

async function inBoth(nodes: readonly NodeOf[], outputs: readonly string[], x: ReturnType<typeof tensorFrom>) {
  const bytes = modelBytes({ inputs: { x: x.shape }, outputs, nodes, constants: { ...constants, ...own }, opset: 21 })
  const [nchw, nhwc] = await Promise.all((['nchw', 'nhwc'] as const).map((layout) => loadNetwork(bytes, { layout })))
  const moves = [nchw, nhwc].map(
    (network) => network.plan({ x: x.shape }).steps.filter(({ operation }) => operation === 'order').length,
  )
  const found: readonly NamedTensors[] = [nchw.run({ x }), nhwc.run({ x })]
  return { found, moves, networks: [nchw, nhwc] }
}

it.each(cases.map(([what, nodes, outputs = ['y']]) => ({ what, nodes, outputs })))(
  'with $what between its convolutions',
  async ({ nodes, outputs }) => {
    const { found } = await inBoth([before, ...nodes, behind], outputs, tensorFrom(20, [2, 12, 6, 5]))
    for (const name of outputs) {
      const [{ data, shape }, other] = found.map((one) => one[name])
      expect(other.shape).toEqual(shape)
      const largest = Math.max(...data.map(Math.abs))
      expect(largest).toBeGreaterThan(0)
      const apart = data.map((one, at) => Math.abs(one - other.data[at]))
      expect(Math.max(...apart)).toBeLessThanOrEqual(1e-5 * largest)
    }
  },
)

it.each<readonly [what: string, nodes: readonly NodeOf[], shape: readonly number[], moves: readonly [number, number]]>([
  ['two convolutions', [before, ['Relu', ['a'], ['b']], behind], [1, 12, 6, 5], [0, 2]],
  ['a gate', [before, ...cases[4][1], behind], [1, 12, 6, 5], [0, 2]],
  ['a shuffle', [before, ...cases[6][1], behind], [1, 12, 6, 5], [1, 3]],
  ['a normalization over channels', [before, ['LRN', ['a'], ['b'], { size: 3 }], behind], [1, 12, 6, 5], [0, 2]],
  [
    'pictures whose channels come last, turned for convolutions',
    [
      ['Transpose', ['x'], ['t'], back],
      ['Conv', ['t', 'w'], ['a'], { pads: [1, 1, 1, 1] }],
      ['Transpose', ['a'], ['p'], turn],
      ['Softmax', ['p'], ['q']],
      ['Transpose', ['q'], ['b'], back],
      ['Conv', ['b', 'v'], ['c']],
      ['Transpose', ['c'], ['y'], turn],
    ],
    [1, 6, 5, 12],
    [2, 0],
  ],
  [
    'lists of cells',
    [
      before,
      ['Conv', ['a', 'v'], ['b']],
      ['Transpose', ['b'], ['t'], turn],
      ['Reshape', ['t', 'flat'], ['f']],
      ['MatMul', ['f', 'long'], ['y']],
    ],
    [1, 12, 6, 5],
    [1, 1],
  ],
])('%s take no more steps than needed to bring values into order', async (_, nodes, shape, moves) => {
  expect((await inBoth(nodes, ['y'], tensorFrom(21, shape))).moves).toEqual(moves)
})

it('values that are joined along their channels are written where they belong, in joined tensors that are joined again too', async () => {
  const nodes: readonly NodeOf[] = [
    before,
    ['Conv', ['a', 'd'], ['e'], { group: 12, pads: [1, 1, 1, 1] }],
    ['Concat', ['a', 'e'], ['c'], { axis: 1 }],
    ['Relu', ['c'], ['r']],
    ['Conv', ['r', 'two'], ['f']],
    ['Concat', ['a', 'e', 'f'], ['g'], { axis: 1 }],
    ['MaxPool', ['g'], ['p'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
    ['AveragePool', ['a'], ['q'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }],
    ['Concat', ['p', 'q', 'x', 'g'], ['h'], { axis: 1 }],
    ['Conv', ['h', 'many'], ['y']],
  ]
  for (const batch of [1, 3]) {
    const { found, networks } = await inBoth(nodes, ['y'], tensorFrom(22, [batch, 12, 6, 5]))
    const [{ data }, other] = found.map(({ y }) => y)
    const largest = Math.max(...data.map(Math.abs))
    expect(Math.max(...data.map((one, at) => Math.abs(one - other.data[at])))).toBeLessThanOrEqual(1e-5 * largest)
    for (const network of networks) {
      const { steps } = network.plan({ x: [batch, 12, 6, 5] })
      const placed = new Map(steps.map(({ node, place }) => [node, place]))
      const all = placed.get("Concat 'h'") as number
      const isLast = steps.some(({ detail }) => detail.includes('nhwc'))
      // Bytes from channel to channel.
      const each = 4 * (isLast ? 1 : 30)
      const from = (name: string): number => ((placed.get(name) as number) - all) / each
      expect([from("MaxPool 'p'"), from("AveragePool 'q'"), from("Conv 'a'"), from("Conv 'f'")]).toEqual([
        0, 36, 60, 84,
      ])
    }
  }
})

it('the layout is asked for, or chosen by what it copies', async () => {
  const bytes = (nodes: readonly NodeOf[]): Uint8Array =>
    modelBytes({ inputs: { x: ['n', 12, 'h', 'w'] }, outputs: ['y'], nodes, constants })
  const shapes = { x: [1, 12, 6, 5] }
  const nodes = [
    before,
    ...Array.from({ length: 8 }, (_, at): NodeOf => ['Conv', [at ? `c${at}` : 'a', 'v'], [`c${at + 1}`]]),
    ['Relu', ['c8'], ['y']] as const,
  ]
  const chosen = (await loadNetwork(bytes(nodes))).plan(shapes)
  expect([chosen.layout, chosen.reason]).toEqual([
    'nhwc',
    'in nhwc copies are 11 % of what windows read and write (2.9 kB of 25.9 kB); nhwc is chosen up to 25 %',
  ])
  const short = (await loadNetwork(bytes([before, ['Relu', ['a'], ['y']]]))).plan(shapes)
  expect(short.layout).toBe('nchw')
  expect((await loadNetwork(bytes(nodes), { layout: 'nchw' })).plan(shapes)).toMatchObject({
    layout: 'nchw',
    reason: 'as asked',
  })
  expect((await loadNetwork(bytes([['Relu', ['x'], ['y']]]))).plan(shapes).reason).toBe('no step has a window')
  await expect(loadNetwork(bytes(nodes), { layout: 'last' as never })).rejects.toThrow(
    "loadNetwork: layout must be one of nchw, nhwc, got 'last'",
  )
})
