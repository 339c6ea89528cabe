import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadNetwork, UnsupportedModelError } from '../../src/graph.ts'
import {
  add,
  averagePool,
  conv,
  memoryUse,
  programTensor,
  readSafetensors,
  releaseMemory,
  SamepadError,
  setThreads,
} from '../../src/index.ts'
import { type ModelOf, modelBytes, type NodeOf, tensorFrom } from './onnx-bytes.ts'

const data = join(import.meta.dirname, '..', '..', 'examples', 'face', 'data')

it('BlazeFace gives what onnxruntime gave, within 2e-5 of the range', async () => {
  const network = await loadNetwork(join(data, 'blazeface-front.onnx'))
  const expected = readSafetensors(join(data, 'expected.safetensors'))
  const [input] = network.inputs
  const outputs = network.run({ [input.name]: expected.get('input') })
  const names = ['scores16', 'scores8', 'boxes16', 'boxes8']
  for (const [index, { name }] of network.outputs.entries()) {
    const { data: wanted, shape } = expected.get(names[index])
    const { data: found } = outputs[name]
    expect(outputs[name].shape).toEqual(shape)
    const range = Math.max(...wanted) - Math.min(...wanted)
    const apart = found.reduce((most, one, at) => Math.max(most, Math.abs(one - wanted[at])), 0)
    expect(apart).toBeLessThanOrEqual(2e-5 * range)
  }
  network.release()
})

const weights = tensorFrom(1, [5, 3, 3, 3])
const block: ModelOf = {
  inputs: { x: ['n', 3, 'h', 'w'] },
  outputs: ['y'],
  nodes: [
    ['Conv', ['x', 'w'], ['c'], { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
    ['AveragePool', ['c'], ['p'], { kernel_shape: [3, 3], pads: [1, 1, 1, 1], count_include_pad: 1 }],
    ['Add', ['c', 'p'], ['y']],
  ],
  constants: { w: { ...weights } },
}

it('pads for each size that arrives, and keeps its weights', async () => {
  const network = await loadNetwork(modelBytes(block))
  for (const shape of [
    [1, 3, 9, 12],
    [3, 3, 8, 7],
    [1, 3, 9, 12],
    [2, 3, 40, 33],
  ]) {
    const x = tensorFrom(2, shape)
    const c = conv(x, weights, { padding: 'same', strides: 2 })
    const wanted = add(c, averagePool(c, { kernel: 3, strides: 1, padding: 1, countIncludePad: true }))
    const { y } = network.run({ x })
    expect(y.shape).toEqual(wanted.shape)
    y.data.forEach((one, at) => {
      expect(one).toBeCloseTo(wanted.data[at], 5)
    })
  }
  network.release()
})

it('writes into tensors that are given, in program memory or outside, and makes others', async () => {
  const network = await loadNetwork(modelBytes(block))
  const x = tensorFrom(3, [1, 3, 6, 6])
  const { y } = network.run({ x })
  const [outside, inside] = [{ data: new Float32Array(45), shape: [1, 5, 3, 3] }, programTensor([1, 5, 3, 3])]
  expect(network.run({ x }, { y: outside }).y).toBe(outside)
  expect(outside.data).toEqual(y.data)
  expect(network.run({ x: programTensor(x.shape, x.data) }, { y: inside }).y.data).toEqual(y.data)
  expect(() => network.run({ x }, { y: { data: new Float32Array(5), shape: [5] } })).toThrow(
    'run: output y must have shape [1,5,3,3], got [5]',
  )
  inside.release()
})

it('an input that is missing, unknown or of another rank is an error, and so are sizes that do not meet', async () => {
  const network = await loadNetwork(modelBytes(block))
  const x = tensorFrom(3, [1, 3, 6, 6])
  expect(() => network.run({})).toThrow('run: there must be an input x, got none')
  expect(() => network.run({ x, z: x })).toThrow("run: an input must be one of x, got 'z'")
  expect(() => network.run({ x: tensorFrom(3, [3, 6, 6]) })).toThrow('run: x must have 4 dimensions, got [3, 6, 6]')
  expect(() => network.run({ x: tensorFrom(3, [1, 4, 6, 6]) })).toThrow(
    "run: in Conv 'c' the weights must have the channels of what is read, got 4 of 'x' and ",
  )
  expect(network.run({ x }).y.shape).toEqual([1, 5, 3, 3])
  // The same when the sizes are those of the run before.
  expect(() => network.run({ x, z: x })).toThrow("run: an input must be one of x, got 'z'")
  expect(() => network.run(undefined as never)).toThrow('run: ')
  expect(() => network.run({ x }, { Y: tensorFrom(1, [1, 5, 3, 3]) })).toThrow(
    "run: an output must be one of y, got 'Y'",
  )
})

it('what does not run is refused when the model is loaded, by operator and node', async () => {
  const refusal = (nodes: ModelOf['nodes'], inputs: ModelOf['inputs'] = { x: [4, 4] }): Promise<unknown> =>
    loadNetwork(modelBytes({ inputs, outputs: ['y'], nodes }))
  await expect(refusal([['Det', ['x'], ['y']]])).rejects.toThrow(
    "loadNetwork: every node must be one that samepad runs, got Det 'y' is Det",
  )
  await expect(refusal([['Cast', ['x'], ['y'], { to: 8 }]])).rejects.toThrow("Cast 'y' (Cast) makes texts")
  const each: NodeOf = ['BatchNormalization', ['x', 'x', 'x', 'x', 'x'], ['y'], { spatial: 0 }]
  await expect(refusal([each])).rejects.toThrow("BatchNormalization 'y' (BatchNormalization) has spatial 0")
  const error: unknown = await refusal([['Multinomial', ['x'], ['y']]]).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UnsupportedModelError)
  expect(error).toBeInstanceOf(SamepadError)
  expect((error as UnsupportedModelError).nodes).toEqual([
    { name: "Multinomial 'y'", operator: 'Multinomial', reason: 'is Multinomial' },
  ])
  // A neighbour: what depends on sizes alone is no refusal.
  await expect(
    refusal([
      ['Shape', ['x'], ['s']],
      ['Reshape', ['x', 's'], ['y']],
    ]),
  ).resolves.toBeDefined()
})

it('10 networks that are released, and 2,000 runs of one, leave program memory as it was', async () => {
  releaseMemory()
  const bytes = modelBytes(block)
  const x = tensorFrom(3, [1, 3, 32, 32])
  const run = async (): Promise<void> => {
    const network = await loadNetwork(bytes)
    network.run({ x })
    network.release()
  }
  await run()
  const { used } = memoryUse()
  for (let count = 0; count < 10; count++) await run()
  expect(memoryUse().used).toBe(used)
  const network = await loadNetwork(bytes)
  network.run({ x })
  const before = memoryUse()
  for (let count = 0; count < 2000; count++) network.run({ x })
  expect(memoryUse()).toEqual(before)
  const { y } = network.run({ x })
  releaseMemory()
  expect(network.run({ x }).y.data).toEqual(y.data)
  network.release()
})

it('tells how long each step took', async () => {
  const network = await loadNetwork(new Blob([modelBytes(block) as Uint8Array<ArrayBuffer>]))
  const steps = network.profile({ x: tensorFrom(3, [1, 3, 6, 6]) })
  expect(steps.map(({ node, operation }) => `${node}: ${operation}`)).toEqual([
    "Conv 'c': conv",
    "AveragePool 'p': averagePool",
  ])
  for (const { milliseconds } of steps) expect(milliseconds).toBeGreaterThanOrEqual(0)
})

it('runs on as many threads as it is told, with the same results', async () => {
  const x = tensorFrom(3, [1, 3, 96, 96])
  const one = await loadNetwork(modelBytes(block))
  const { y } = one.run({ x })
  const two = await loadNetwork(modelBytes(block), { threads: 2 })
  for (let count = 0; count < 20; count++) expect(two.run({ x }).y.data).toEqual(y.data)
  two.release()
  one.release()
  expect(setThreads(1)).toBe(1)
  await expect(loadNetwork(modelBytes(block), { threads: 0 })).rejects.toThrow('loadNetwork: threads must be')
})

it('reads a Buffer, whose slices are no copies', async () => {
  const network = await loadNetwork(Buffer.concat([Buffer.alloc(1), modelBytes(block)]).subarray(1))
  expect(network.run({ x: tensorFrom(3, [1, 3, 6, 6]) }).y.shape).toEqual([1, 5, 3, 3])
})

it('a file that is no model is an error', async () => {
  await expect(loadNetwork(new Uint8Array(readFileSync(join(data, 'astronaut.png'))))).rejects.toThrow()
  await expect(loadNetwork('nowhere.onnx')).rejects.toThrow('file: the file must be readable')
})

it('plans without computing: steps, and one piece of memory that is hardly larger than what lives together', async () => {
  const network = await loadNetwork(join(data, 'blazeface-front.onnx'))
  const plan = network.plan({ 'input:0': [1, 128, 128, 3] })
  // Its input has channels last, and so have its convolutions.
  expect(plan.steps[0]).toMatchObject({
    operation: 'conv',
    detail: 'k5x5 s2 p1,2 nhwc relu',
    outputs: [[1, 64, 64, 24]],
  })
  expect([plan.layout, plan.reason.slice(0, 14)]).toEqual(['nhwc', 'in nhwc copies'])
  expect(plan.arena).toBeGreaterThanOrEqual(plan.live)
  expect(plan.arena).toBeLessThanOrEqual(1.2 * plan.live)
  expect(() => network.plan({ 'input:0': [1, 128, 128] })).toThrow('plan: input:0 must have 4 dimensions')
})

it('multiplies matrices that are both computed, over batches that are broadcast, and vectors', async () => {
  const product = async (
    a: readonly number[],
    b: readonly number[],
  ): Promise<[number[], Float32Array, ...Float32Array[]]> => {
    const nodes: ModelOf['nodes'] = [['MatMul', ['a', 'b'], ['y']]]
    const network = await loadNetwork(modelBytes({ inputs: { a, b }, outputs: ['y'], nodes }))
    const [x, z] = [tensorFrom(5, a), tensorFrom(6, b)]
    const { y } = network.run({ a: x, b: z })
    return [[...y.shape], y.data, x.data, z.data]
  }
  const [shape, found, x, z] = await product([2, 1, 3, 4], [5, 4, 2])
  expect(shape).toEqual([2, 5, 3, 2])
  for (const [index, one] of found.entries()) {
    const [column, row, second, first] = [
      index % 2,
      Math.floor(index / 2) % 3,
      Math.floor(index / 6) % 5,
      Math.floor(index / 30),
    ]
    let sum = 0
    for (let k = 0; k < 4; k++) sum += x[first * 12 + row * 4 + k] * z[second * 8 + k * 2 + column]
    expect(one).toBeCloseTo(sum, 6)
  }
  const [scalar, value, u, v] = await product([7], [7])
  expect(scalar).toEqual([])
  expect(value[0]).toBeCloseTo(
    u.reduce((sum, one, at) => sum + one * v[at], 0),
    5,
  )
  expect((await product([7], [3, 7, 2]))[0]).toEqual([3, 2])
})

it.each(['Sub', 'Mul', 'Add'])(
  'a part of a joined tensor that is read behind the joining stays: %s',
  async (operator) => {
    const network = await loadNetwork(
      modelBytes({
        inputs: { a: [1, 2, 4, 4], b: [1, 2, 4, 4] },
        outputs: ['y'],
        nodes: [
          ['Sigmoid', ['a'], ['p']],
          ['Sigmoid', ['b'], ['q']],
          ['Concat', ['p', 'q'], ['c'], { axis: 0 }],
          [operator, ['c', 'p'], ['y']],
        ],
      }),
    )
    const [a, b] = [tensorFrom(1, [1, 2, 4, 4]), tensorFrom(2, [1, 2, 4, 4])]
    const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))
    const join = {
      Sub: (c: number, p: number) => c - p,
      Mul: (c: number, p: number) => c * p,
      Add: (c: number, p: number) => c + p,
    }
    const { y } = network.run({ a, b })
    y.data.forEach((value, at) => {
      const c = at < 32 ? a.data[at] : b.data[at - 32]
      expect(value).toBeCloseTo(join[operator as keyof typeof join](sigmoid(c), sigmoid(a.data[at % 32])), 5)
    })
    network.release()
  },
)

it('what is picked of a constant by a size is picked anew for another size', async () => {
  const table = tensorFrom(4, [600, 4])
  const network = await loadNetwork(
    modelBytes({
      inputs: { x: [1, 'h'] },
      outputs: ['y'],
      nodes: [
        ['Shape', ['x'], ['s']],
        ['Gather', ['s', 'one'], ['h'], { axis: 0 }],
        ['Gather', ['table', 'h'], ['row'], { axis: 0 }],
        ['ReduceSum', ['x', 'one'], ['sum'], { keepdims: 1 }],
        ['Add', ['row', 'sum'], ['y']],
      ],
      constants: { table, one: { shape: [1], data: [1], type: 7 } },
    }),
  )
  for (const h of [3, 7, 3]) {
    const { y } = network.run({ x: { data: new Float32Array(h), shape: [1, h] } })
    expect([...y.data]).toEqual([...table.data.subarray(4 * h, 4 * h + 4)])
  }
  network.release()
})

it('a constant with more dimensions than the pattern of a function has keeps them in the result', async () => {
  const network = await loadNetwork(
    modelBytes({
      inputs: { x: [2, 3] },
      outputs: ['y'],
      nodes: [
        ['Add', ['x', 'three'], ['a']],
        ['Clip', ['a', 'zero', 'six'], ['b']],
        ['Mul', ['x', 'b'], ['c']],
        ['Div', ['c', 'wide'], ['y']],
      ],
      constants: {
        ...{ three: { shape: [], data: [3] }, zero: { shape: [], data: [0] }, six: { shape: [], data: [6] } },
        wide: { shape: [1, 1, 1], data: [6] },
      },
    }),
  )
  expect(network.run({ x: tensorFrom(1, [2, 3]) }).y.shape).toEqual([1, 2, 3])
  network.release()
})

it.each([
  ['ReduceL1', 3],
  ['ReduceL2', 3],
  ['ReduceSumSquare', 9],
  ['ReduceSum', -3],
  ['ReduceLogSumExp', -3],
] as const)('%s does its work on a number alone', async (opType, wanted) => {
  const nodes = [[opType, ['x'], ['y']]] as const
  const scalar = await loadNetwork(modelBytes({ inputs: { x: [] }, outputs: ['y'], nodes, opset: 18 }))
  expect([...scalar.run({ x: { data: Float32Array.of(-3), shape: [] } }).y.data]).toEqual([wanted])
  const each = [[opType, ['x'], ['y'], { noop_with_empty_axes: 1 }]] as const
  const list = await loadNetwork(modelBytes({ inputs: { x: [2] }, outputs: ['y'], nodes: each, opset: 18 }))
  expect([...list.run({ x: { data: Float32Array.of(-3, -3), shape: [2] } }).y.data]).toEqual([wanted, wanted])
})

it('the logarithm of a sum with infinite terms is not NaN', async () => {
  const nodes = [['ReduceLogSumExp', ['x'], ['y'], { axes: [1], keepdims: 0 }]] as const
  const network = await loadNetwork(modelBytes({ inputs: { x: ['n', 2] }, outputs: ['y'], nodes, opset: 13 }))
  const { POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number
  const { y } = network.run({ x: { data: Float32Array.of(least, least, 1, most, least, 5), shape: [3, 2] } })
  expect([...y.data]).toEqual([least, most, 5])
})

it.each([
  ['float32', 1, { shape: [], data: [0.7] }],
  ['float64', 11, { shape: [], data: [], type: 11, raw: new Uint8Array(Float64Array.of(0.7).buffer) }],
])('sizes that are computed in %s are rounded as a run rounds them', async (_, to, k) => {
  const nodes = [
    ['Shape', ['x'], ['s']],
    ['Cast', ['s'], ['f'], { to }],
    ['Mul', ['f', 'k'], ['m']],
    ['Floor', ['m'], ['v']],
    ['Cast', ['v'], ['z'], { to: 7 }],
    ['Expand', ['one', 'z'], ['e']],
    ['ReduceMax', ['x'], ['r'], { keepdims: 0 }],
    ['Add', ['e', 'r'], ['y']],
  ] as const
  const constants = { k, one: { shape: [1], data: [1] } }
  const network = await loadNetwork(modelBytes({ inputs: { x: ['n', 'm'] }, outputs: ['y'], nodes, constants }))
  // 10 times the float32 number that is closest to 0.7 is less than 7 in float64.
  expect(network.run({ x: tensorFrom(1, [10, 20]) }).y.shape).toEqual([7, 14])
})
