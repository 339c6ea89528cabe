import { expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { type ModelOf, modelBytes, type NodeOf, tensorFrom } from './onnx-bytes.ts'

// Functions that a model defines, and branches whose condition is known: written out when the model is loaded.

const x = tensorFrom(1, [2, 3])
const only: Pick<ModelOf, 'inputs' | 'outputs'> = { inputs: { x: ['n', 3] }, outputs: ['y'] }
const run = async (model: Omit<ModelOf, 'inputs' | 'outputs'>): Promise<readonly number[]> => {
  const network = await loadNetwork(modelBytes({ ...only, ...model }))
  return [...network.run({ x }).y.data]
}
const each = (of: (one: number) => number): number[] => Array.from(x.data, (one) => Math.fround(of(one)))

it('a function is what it is made of, wherever it is called, with the attributes of its call', async () => {
  const functions = {
    Leaky: { inputs: ['a'], outputs: ['b'], nodes: [['LeakyRelu', ['a'], ['b'], { alpha: { reference: 'slope' } }]] },
    Twice: {
      ...{ inputs: ['a', 'z'], outputs: ['c', 'unused'] },
      nodes: [
        ['own.Leaky', ['a'], ['h'], { slope: { float: 0.25 } }],
        ['Identity', ['h'], ['unused']],
        ['own.Leaky', ['h'], ['i'], { slope: { float: 0.5 } }],
        ['Add', ['i', 'z'], ['c']],
      ],
    },
  } satisfies ModelOf['functions']
  const nodes: NodeOf[] = [
    ['own.Twice', ['x', 'x'], ['h']],
    ['own.Twice', ['h', 'x'], ['y']],
  ]
  const twice = (one: number, z: number): number => Math.fround((one < 0 ? one / 8 : one) + z)
  expect(await run({ nodes, functions })).toEqual(each((one) => twice(twice(one, one), one)))
})

it('a function that calls itself, or means another operator set, is refused', async () => {
  const nodes: NodeOf[] = [['own.F', ['x'], ['y']]]
  const own = (nodes: NodeOf[], opset?: number): Pick<ModelOf, 'functions'> => ({
    functions: { F: { inputs: ['a'], outputs: ['b'], nodes, ...(opset && { opset }) } },
  })
  await expect(run({ nodes, ...own([['own.F', ['a'], ['b']]]) })).rejects.toThrow('functions must not call themselves')
  const twice: NodeOf[] = [
    ['own.F', ['a'], ['c']],
    ['own.F', ['c'], ['b']],
  ]
  await expect(run({ nodes, ...own(twice) })).rejects.toThrow('loadNetwork: functions must')
  await expect(run({ nodes, ...own([['Relu', ['a'], ['b']]], 6) })).rejects.toThrow("F 'y' is own.F")
})

const branch = (nodes: readonly NodeOf[], outputs = ['b'], constants = {}) => ({ graph: { nodes, outputs, constants } })

it('a choice by what is known is its branch, which reads what lies around it; also within a branch', async () => {
  const inner: NodeOf = [
    ...(['If', ['yes'], ['b']] as const),
    {
      then_branch: branch([['Mul', ['a', 'k'], ['b']]], ['b'], { k: { shape: [1], data: [4] } }),
      else_branch: branch([['Neg', ['a'], ['b']]]),
    },
  ]
  const choice = (condition: string): NodeOf[] => [
    ['Abs', ['x'], ['a']],
    ['If', [condition], ['h'], { then_branch: branch([inner]), else_branch: branch([], ['a']) }],
    ['Add', ['h', 'k'], ['y']],
  ]
  const constants = {
    k: { shape: [1], data: [1] },
    yes: { shape: [1], data: [1], type: 9, raw: Uint8Array.of(1) },
    no: { shape: [1], data: [0], type: 9, raw: Uint8Array.of(0) },
  }
  expect(await run({ nodes: choice('yes'), constants })).toEqual(each((one) => Math.fround(4 * Math.abs(one)) + 1))
  expect(await run({ nodes: choice('no'), constants })).toEqual(each((one) => Math.abs(one) + 1))
})

it('a choice by a size that is fixed is known', async () => {
  const branches = { then_branch: branch([['Relu', ['x'], ['b']]]), else_branch: branch([['Abs', ['x'], ['b']]]) }
  const constants = { three: { shape: [1], data: [3], type: 7 }, one: { shape: [1], data: [1], type: 7 } }
  const bySize: NodeOf[] = [
    ['Shape', ['x'], ['s']],
    ['Gather', ['s', 'one'], ['w']],
    ['Equal', ['w', 'three'], ['c']],
    ['If', ['c'], ['y'], branches],
  ]
  expect(await run({ nodes: bySize, constants })).toEqual(each((one) => Math.max(one, 0)))
  const inputs = { x: ['n', 3] }
  const network = await loadNetwork(modelBytes({ inputs, outputs: ['y'], nodes: bySize, constants }))
  expect(() => network.run({ x: tensorFrom(1, [1, 4]) })).toThrow(
    'run: x must be nx3, by which the file chooses branches, got [1, 4]',
  )
  const byRank: NodeOf[] = [['Shape', ['s'], ['w']], ['Equal', ['w', 'one'], ['c']], bySize[3]]
  const any = modelBytes({ inputs, outputs: ['y'], nodes: [bySize[0], ...byRank], constants })
  expect((await loadNetwork(any)).run({ x: tensorFrom(1, [1, 4]) }).y.shape).toEqual([1, 4])
})

it('a choice by a value is its branch at each run, which reads what lies around it; also within a branch', async () => {
  const positive = (name: string, of: string): NodeOf[] => [
    ['ReduceMax', [of], [`${name}m`], { keepdims: 0 }],
    ['Greater', [`${name}m`, 'zero'], [name]],
  ]
  const inner: NodeOf = [
    ...(['If', ['d'], ['b']] as const),
    {
      then_branch: branch([['Add', ['a', 'k'], ['b']]], ['b'], { k: { shape: [1], data: [10] } }),
      else_branch: branch([['Mul', ['a', 'k'], ['b']]]),
    },
  ]
  const more: NodeOf[] = [['Sub', ['x', 'k'], ['less']], ...positive('d', 'less'), inner]
  const bytes = modelBytes({
    ...{ inputs: { x: ['n', 3] }, outputs: ['y'] },
    nodes: [
      ['Abs', ['x'], ['a']],
      ...positive('c', 'x'),
      ['If', ['c'], ['h'], { then_branch: branch(more), else_branch: branch([], ['a']) }],
      ['Neg', ['h'], ['y']],
    ],
    constants: { k: { shape: [1], data: [2] }, zero: { shape: [], data: [0] } },
  })
  const network = await loadNetwork(bytes)
  const found = (...data: number[]): number[] => [
    ...network.run({ x: { data: Float32Array.from(data), shape: [data.length / 3, 3] } }).y.data,
  ]
  for (let round = 0; round < 2; round++) {
    expect(found(-1, -2, -3)).toEqual([-1, -2, -3])
    expect(found(1, -2, 1)).toEqual([-2, -4, -2])
    expect(found(5, -2, 1, 0, 0, 0)).toEqual([-15, -12, -11, -10, -10, -10])
  }
  network.release()
  // Both branches must be of nodes that run.
  const refused = { then_branch: branch([['Det', ['x'], ['b']]]), else_branch: branch([], ['x']) }
  const nodes: NodeOf[] = [...positive('c', 'x'), ['If', ['c'], ['y'], refused]]
  await expect(run({ nodes, constants: { zero: { shape: [], data: [0] } } })).rejects.toThrow(
    "got Det 'y/then_branch/b' is Det",
  )
})

it('a choice by a size that is open is that of the size', async () => {
  const branches = { then_branch: branch([['Relu', ['x'], ['b']]]), else_branch: branch([['Abs', ['x'], ['b']]]) }
  const bytes = modelBytes({
    ...{ inputs: { x: ['n'] }, outputs: ['y'] },
    nodes: [
      ['Size', ['x'], ['s']],
      ['Less', ['s', 'three'], ['c']],
      ['If', ['c'], ['y'], branches],
    ],
    constants: { three: { shape: [], data: [3], type: 7 } },
  })
  const network = await loadNetwork(bytes)
  for (const [data, wanted] of [
    [
      [-1, 2],
      [0, 2],
    ],
    [
      [-1, 2, -3],
      [1, 2, 3],
    ],
    [[-5], [0]],
  ]) {
    expect([...network.run({ x: { data: Float32Array.from(data), shape: [data.length] } }).y.data]).toEqual(wanted)
  }
  network.release()
})

it('a choice by what is computed of constants is its branch, whether a walk can compute it or steps must', async () => {
  const branches = { then_branch: branch([['Relu', ['x'], ['b']]]), else_branch: branch([['Abs', ['x'], ['b']]]) }
  const choice: NodeOf[] = [
    ['ReduceMax', ['k'], ['m'], { keepdims: 0 }],
    ['Greater', ['m', 'least'], ['c']],
    ['If', ['c'], ['y'], branches],
  ]
  const least = { shape: [], data: [0.5] }
  for (const [length, most] of [3, 2000].flatMap((one) => [0, 1].map((most) => [one, most]))) {
    const k = { shape: [length], data: new Float32Array(length).fill(most) }
    const wanted = each((one) => (most > 0.5 ? Math.max(one, 0) : Math.abs(one)))
    expect(await run({ nodes: choice, constants: { k, least } })).toEqual(wanted)
  }
  // As many zeros as the input has elements.
  const zeros: NodeOf[] = [
    ['Shape', ['x'], ['s']],
    ['ConstantOfShape', ['s'], ['k']],
  ]
  const model = { inputs: { x: ['n', 3] }, outputs: ['y'], nodes: [...zeros, ...choice], constants: { least } }
  const network = await loadNetwork(modelBytes(model))
  for (const rows of [2, 700, 1, 700]) {
    const { data, shape } = tensorFrom(3, [rows, 3])
    expect(network.run({ x: { data, shape } }).y).toEqual({ data: data.map(Math.abs), shape })
  }
  network.release()
})

it('rows of a table are taken by integers that come with the inputs', async () => {
  const model: ModelOf = {
    ...{ inputs: { tokens: ['n'] }, outputs: ['y'], types: { tokens: 7 } },
    nodes: [['Gather', ['table', 'tokens'], ['y']]],
    constants: { table: { shape: [3, 2], data: [0, 1, 10, 11, 20, 21] } },
  }
  const network = await loadNetwork(modelBytes(model))
  const rows = (...data: number[]): number[] => [
    ...network.run({ tokens: { data: Float32Array.from(data), shape: [data.length] } }).y.data,
  ]
  expect(rows(2, 0, -1)).toEqual([20, 21, 0, 1, 20, 21])
  expect(() => rows(3)).toThrow("run: Gather 'y' must take places below 3, got 3")
  expect(() => rows(Number.NaN)).toThrow('must take places below 3, got NaN')
})

it('a picture of bytes becomes real numbers in the model', async () => {
  const model: ModelOf = {
    ...{ inputs: { x: [2, 3] }, outputs: ['y'], types: { x: 2 } },
    nodes: [
      ['Cast', ['x'], ['f'], { to: 1 }],
      ['Mul', ['f', 'k'], ['y']],
    ],
    constants: { k: { shape: [1], data: [0.5] } },
  }
  const network = await loadNetwork(modelBytes(model))
  const { y } = network.run({ x: { data: Float32Array.of(0, 1, 2, 100, 254, 255), shape: [2, 3] } })
  expect([...y.data]).toEqual([0, 0.5, 1, 50, 127, 127.5])
})

it('a file that is no model of ONNX is an error that says so, and words that are unknown are refused when it is loaded', async () => {
  await expect(loadNetwork(new TextEncoder().encode('# a text'))).rejects.toThrow(
    'loadNetwork: the file must be a model of ONNX, got onnx: ',
  )
  const nodes: NodeOf[] = [['Resize', ['x', '', '', 'k'], ['y'], { keep_aspect_ratio_policy: 'sideways' }]]
  await expect(run({ nodes, constants: { k: { shape: [2], data: [4, 4], type: 7 } }, opset: 18 })).rejects.toThrow(
    'has keep_aspect_ratio_policy sideways',
  )
})
