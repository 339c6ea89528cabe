import { expect, it } from 'vitest'
import { loadNetwork, type Tensor } from '../../src/graph.ts'
import { conv, memoryUse } from '../../src/index.ts'
import { type ConstantOf, modelBytes, type NodeOf, tensorFrom } from './onnx-bytes.ts'

// Networks whose sizes depend on what they compute.

const integers = (...data: number[]): ConstantOf => ({ shape: [data.length], data, type: 7 })
const number = (data: number, type = 1): ConstantOf => ({ shape: [], data: [data], type })
const tensor = (shape: readonly number[], ...data: number[]): Tensor => ({ data: Float32Array.from(data), shape })

/** Boxes that are left, and what their scores are: the end of a detector, as exporters write it. */
const detector: readonly NodeOf[] = [
  ['NonMaxSuppression', ['boxes', 'scores', 'most', 'overlap', 'least'], ['kept']],
  ['Gather', ['kept', 'column'], ['places'], { axis: 1 }],
  ['Squeeze', ['places', 'ones'], ['list']],
  ['Gather', ['boxes', 'list'], ['found'], { axis: 1 }],
  ['Mul', ['found', 'two'], ['y']],
]
const constants = {
  ...{ most: integers(10), overlap: number(0.5), least: number(0.1), column: integers(2), ones: integers(1) },
  two: number(2),
}

it('as many boxes as are left, none included, in turns', async () => {
  const bytes = modelBytes({
    ...{ inputs: { boxes: [1, 'n', 4], scores: [1, 1, 'n'] }, outputs: ['kept', 'y'], nodes: detector, constants },
    types: { kept: 7 },
  })
  const network = await loadNetwork(bytes)
  const boxes = tensor([1, 3, 4], 0, 0, 2, 2, 0, 0, 2, 2.2, 4, 4, 6, 5)
  const before = memoryUse().used
  const cases: readonly (readonly [scores: number[], kept: number[], y: number[]])[] = [
    [
      [0.4, 0.9, 0.3],
      [0, 0, 1, 0, 0, 2],
      [0, 0, 4, Math.fround(2.2) * 2, 8, 8, 12, 10],
    ],
    [[0, 0, 0], [], []],
    [
      [0.2, 0, 0],
      [0, 0, 0],
      [0, 0, 4, 4],
    ],
    [
      [0.9, 0.9, 0.05],
      [0, 0, 0],
      [0, 0, 4, 4],
    ],
  ]
  for (const [scores, kept, y] of [...cases, ...cases]) {
    const found = network.run({ boxes, scores: tensor([1, 1, 3], ...scores) })
    expect(found.kept).toEqual(tensor([kept.length / 3, 3], ...kept))
    expect(found.y).toEqual(tensor([1, kept.length / 3, 4], ...y))
  }
  // Other sizes at the front, and the caller's own outputs, which must fit what is found.
  const y = tensor([1, 1, 4], 0, 0, 0, 0)
  const one = { boxes: tensor([1, 1, 4], 0, 0, 1, 1), scores: tensor([1, 1, 1], 1) }
  expect(network.run(one, { y }).y).toBe(y)
  expect([...y.data]).toEqual([0, 0, 2, 2])
  expect(() => network.run({ ...one, scores: tensor([1, 1, 1], 0) }, { y })).toThrow(
    'run: output y must have shape [1,0,4], got [1, 1, 4]',
  )
  expect(network.profile(one).map(({ node }) => node)).toContain("Mul 'y'")
  expect(network.plan({ boxes: [1, 3, 4], scores: [1, 1, 3] }).later).toEqual([
    ...["NonMaxSuppression 'kept'", "Gather 'places'", "Squeeze 'list'", "Gather 'found'", "Mul 'y'"],
  ])
  network.release()
  expect(memoryUse().used).toBe(before)
})

it('outputs that the rest does not read are those of the part before it', async () => {
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { x: [4] }, outputs: ['apart', 'kept', 'read'] },
      nodes: [
        ['Relu', ['x'], ['apart']],
        ['Neg', ['x'], ['read']],
        ['Greater', ['x', 'none'], ['isMore']],
        ['Compress', ['read', 'isMore'], ['kept']],
      ],
      constants: { none: number(0) },
    }),
  )
  const apart = tensor([4], 7, 7, 7, 7)
  for (let run = 0; run < 2; run++) {
    const found = network.run({ x: tensor([4], 1, -2, 3, 0) }, { apart })
    expect(found.apart).toBe(apart)
    expect(found.apart).toEqual(tensor([4], 1, 0, 3, 0))
    expect([...found.read.data]).toEqual([-1, 2, -3, -0])
    expect(found.kept).toEqual(tensor([2], -1, -3))
    apart.data.fill(7)
  }
  network.release()
})

it('what is taken together of no elements is what ONNX and onnxruntime say', async () => {
  const kinds = ['Sum', 'SumSquare', 'L1', 'L2', 'LogSumExp', 'Max', 'Min', 'Mean', 'Prod']
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { x: [3] }, outputs: [...kinds, 'columns'], constants: { none: number(0), shape: integers(-1, 2) } },
      nodes: [
        ['Greater', ['x', 'none'], ['isMore']],
        ['Compress', ['x', 'isMore'], ['kept']],
        ...kinds.map((kind): NodeOf => [`Reduce${kind}`, ['kept'], [kind], { keepdims: 1 }]),
        ['Concat', ['kept', 'kept'], ['twice'], { axis: 0 }],
        ['Reshape', ['twice', 'shape'], ['pairs']],
        ['ReduceMax', ['pairs'], ['columns'], { axes: [1], keepdims: 0 }],
      ],
    }),
  )
  const { columns, ...nothing } = network.run({ x: tensor([3], -1, 0, -2) })
  const { NEGATIVE_INFINITY: least, POSITIVE_INFINITY: most } = Number
  const wanted = [0, 0, 0, 0, least, least, most, 0, 1]
  expect(nothing).toEqual(Object.fromEntries(kinds.map((kind, at) => [kind, tensor([1], wanted[at])])))
  expect(columns).toEqual(tensor([0]))
  const { Sum, Mean, columns: one } = network.run({ x: tensor([3], -1, 4, -2) })
  expect([Sum, Mean, one]).toEqual([tensor([1], 4), tensor([1], 4), tensor([1], 4)])
  network.release()
})

it('numbers that say sizes may be inputs', async () => {
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { x: [2, 6], k: [1], shape: [3] }, types: { k: 7, shape: 7 }, outputs: ['best', 'y'] },
      nodes: [
        ['TopK', ['x', 'k'], ['best', 'at']],
        ['Reshape', ['x', 'shape'], ['r']],
        ['Relu', ['r'], ['y']],
      ],
    }),
  )
  const x = tensor([2, 6], 1, -2, 3, -4, 5, -6, -1, 2, -3, 4, -5, 6)
  const first = network.run({ x, k: tensor([1], 2), shape: tensor([3], 3, 2, 2) })
  expect(first.best).toEqual(tensor([2, 2], 5, 3, 6, 4))
  expect(first.y).toEqual(tensor([3, 2, 2], 1, 0, 3, 0, 5, 0, 0, 2, 0, 4, 0, 6))
  const second = network.run({ x, k: tensor([1], 1), shape: tensor([3], 1, 12, 1) })
  expect(second.best).toEqual(tensor([2, 1], 5, 6))
  expect(second.y.shape).toEqual([1, 12, 1])
  expect(() => network.run({ x, k: tensor([1], 1), shape: tensor([3], 5, 1, 1) })).toThrow('run: ')
  expect(network.run({ x, k: tensor([1], 1), shape: tensor([3], 1, 12, 1) }).y.shape).toEqual([1, 12, 1])
  network.release()
})

it('weights may be computed', async () => {
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { x: [1, 2, 5, 5], w: [3, 2, 3, 3] }, outputs: ['y'] },
      nodes: [
        ['Relu', ['w'], ['v']],
        ['Conv', ['x', 'v'], ['c']],
        ['Relu', ['c'], ['y']],
      ],
    }),
  )
  for (const seed of [1, 2]) {
    const [x, w] = [tensorFrom(seed, [1, 2, 5, 5]), tensorFrom(seed + 5, [3, 2, 3, 3])]
    const wanted = conv(x, { data: w.data.map((one) => Math.max(0, one)), shape: w.shape }, { activation: 'relu' })
    const { y } = network.run({ x, w })
    expect(y.shape).toEqual(wanted.shape)
    y.data.forEach((one, at) => void expect(one).toBeCloseTo(wanted.data[at], 5))
  }
  network.release()
})

it('integers are computed exactly or not at all', async () => {
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { a: [3], b: [3] }, types: { a: 7, b: 7, q: 7 }, outputs: ['q', 's'] },
      nodes: [
        ['Div', ['a', 'b'], ['q']],
        ['Mul', ['a', 'b'], ['s']],
      ],
    }),
  )
  const { q, s } = network.run({ a: tensor([3], 7, -7, 6), b: tensor([3], 2, 2, 3) })
  expect([...q.data]).toEqual([3, -3, 2])
  expect([...s.data]).toEqual([14, -14, 18])
  const large = tensor([3], 5000, 1, 1)
  expect(() => network.run({ a: large, b: large })).toThrow(
    "run: Mul 's' must compute integers to 2^24, as float32 holds them, got 25000000",
  )
  network.release()
})

it('a picture without cells is told as one, whether windows slide over it or over what pads it', async () => {
  const window: NodeOf = ['MaxPool', ['p'], ['y'], { kernel_shape: [2, 2] }]
  for (const [pads, means] of [
    [[0, 0, 0, 0, 0, 0, 0, 0], 'must read at least one cell along each axis, got [1, 2, 3, 0]'],
    [[0, 0, 1, 0, 0, 0, 1, 0], 'must read at least one cell along each axis, got [1, 2, 5, 0]'],
  ] as const) {
    const network = await loadNetwork(
      modelBytes({
        ...{ inputs: { x: [1, 2, 'h', 'w'] }, outputs: ['y'], nodes: [['Pad', ['x', 'k'], ['p']], window] },
        constants: { k: integers(...pads) },
      }),
    )
    expect(() => network.run({ x: tensor([1, 2, 3, 0]) })).toThrow(`run: MaxPool 'y' ${means}`)
    expect(network.run({ x: tensor([1, 2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8) }).y.data.at(-1)).toBe(8)
    network.release()
  }
})

it.each([
  ['GatherElements', [3, 1], undefined, 'must have places within [2,3] but for axis 1, got [3, 1]'],
  ['ScatterElements', [3, 1], [3, 1], 'must have places within [2,3] but for axis 1, got [3, 1]'],
  ['ScatterElements', [2, 1], [3, 1], 'must have new elements of shape [2,1], got [3, 1]'],
  ['ScatterND', [2, 1], [1, 3], 'must have new elements of shape [2,3], got [1, 3]'],
  ['ScatterND', [1, 3], [1], 'must name at most 2 axes, got 3'],
  ['GatherND', [3, 1], undefined, 'must have places in a batch of shape [2], got [3]'],
])('%s of places %j that do not fit is an error', async (opType, places, updates, says) => {
  const count = places.reduce((a, b) => a * b, 1)
  const news = updates && { shape: updates, data: new Float32Array(updates.reduce((a, b) => a * b, 1)).fill(1) }
  const batch: Readonly<Record<string, number>> = updates ? {} : { batch_dims: 1 }
  const attributes = opType.endsWith('ND') ? batch : { axis: 1 }
  const network = await loadNetwork(
    modelBytes({
      ...{ inputs: { x: ['n', 3] }, outputs: ['y'], opset: 16 },
      nodes: [[opType, ['x', 'at', ...(news ? ['news'] : [])], ['y'], attributes]],
      constants: { at: { shape: places, data: new Array<number>(count).fill(0), type: 7 }, ...(news ? { news } : {}) },
    }),
  )
  expect(() => network.run({ x: tensorFrom(1, [2, 3]) })).toThrow(`run: ${opType} 'y' ${says}`)
  // A neighbour: the same places in a tensor that has them.
  if (places[0] === 3) expect(network.run({ x: tensorFrom(1, [3, 3]) }).y.data.some(Number.isNaN)).toBe(false)
  network.release()
})
