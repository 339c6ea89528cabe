import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { functions } from '../../src/functions/rows.ts'
import { planArena } from '../../src/graph/arena.ts'
import type { LoweredGraph } from '../../src/graph/lower.ts'
import { type GraphStep, type GraphValue, sizeOf } from '../../src/graph/operation.ts'
import { runRows } from '../../src/graph/operators/index.ts'
import { patterns } from '../../src/graph/patterns.ts'
import { loadNetwork } from '../../src/graph.ts'
import { fields } from '../../src/models/onnx/schema.ts'
import { operatorOf } from '../../src/operators/index.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from './onnx-bytes.ts'

it('every row that runs is a row of the operators, once', () => {
  const names = runRows.map(({ name }) => name)
  expect(names.filter((name) => !operatorOf({ domain: '', opType: name }))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})

describe('constants', () => {
  const sum = async (constant: ConstantOf): Promise<readonly number[]> => {
    const bytes = modelBytes({
      ...{
        inputs: { x: [3] },
        outputs: ['y'],
        nodes: [['Cast', ['c'], ['f'], { to: 1 }] as const, ['Add', ['x', 'f'], ['y']]],
      },
      constants: { c: constant },
    })
    const network = await loadNetwork(bytes)
    return [...network.run({ x: { data: new Float32Array(3), shape: [3] } }).y.data]
  }
  const [shape, data] = [[3], [1.5, -2, 0.25]]

  it('are read in every type that holds real numbers', async () => {
    expect(await sum({ shape, data })).toEqual(data)
    const raw = (elements: { readonly buffer: ArrayBuffer }): Uint8Array => new Uint8Array(elements.buffer)
    expect(await sum({ shape, data, type: 11, raw: raw(Float64Array.from(data)) })).toEqual(data)
    expect(await sum({ shape, data, type: 10, raw: raw(Uint16Array.of(0x3e00, 0xc000, 0x3400)) })).toEqual(data)
    expect(await sum({ shape, data, type: 16, raw: raw(Uint16Array.of(0x3fc0, 0xc000, 0x3e80)) })).toEqual(data)
    expect(await sum({ shape, data: [7, -8, 9], type: 7 })).toEqual([7, -8, 9])
  })

  it('are read from typed lists, whose numbers may be bits', async () => {
    const floats = new Uint8Array(Float32Array.from(data).buffer)
    expect(await sum({ shape, data, typed: [fields.tensor.floats, floats] })).toEqual(data)
    const integers = Uint8Array.of(7, 9, ...new Array(9).fill(255), 1) // 7, 9, -1
    expect(await sum({ shape, data, type: 7, typed: [fields.tensor.int64s, integers] })).toEqual([7, 9, -1])
    const halves = Uint8Array.of(0x80, 0x7c, 0x80, 0x80, 0x03, 0x80, 0x68)
    expect(await sum({ shape, data, type: 10, typed: [fields.tensor.int32s, halves] })).toEqual(data)
  })

  it('that are not as many as their shape says are an error', async () => {
    await expect(sum({ shape: [4], data })).rejects.toThrow(
      "model: the constant 'c' must have the 4 elements of [4], got 3",
    )
    await expect(sum({ shape: [2 ** 40], data })).rejects.toThrow('elements')
  })

  it('lie in files beside the model, and nowhere else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-graph-'))
    try {
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(Float32Array.of(9, 9, 1.5, -2, 0.25).buffer))
      const model = (external: Readonly<Record<string, string>>): Uint8Array =>
        modelBytes({
          ...{ inputs: { x: [3] }, outputs: ['y'], nodes: [['Add', ['x', 'c'], ['y']]] },
          constants: { c: { shape, data, external } },
        })
      const path = join(folder, 'model.onnx')
      writeFileSync(path, model({ location: 'weights.bin', offset: '8' }))
      const x = { data: new Float32Array(3), shape: [3] }
      expect([...(await loadNetwork(path)).run({ x }).y.data]).toEqual(data)
      writeFileSync(path, model({ location: 'weights.bin', offset: '8', length: '400' }))
      await expect(loadNetwork(path)).rejects.toThrow(
        "the constant 'c' must lie within weights.bin, which has 20 bytes",
      )
      writeFileSync(path, model({ location: 'other.bin' }))
      await expect(loadNetwork(path)).rejects.toThrow("must lie in a file of the model's folder that can be read")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('constants in files of their own', () => {
  const model = (location: string): Uint8Array =>
    modelBytes({
      ...{ inputs: { x: [3] }, outputs: ['y'], nodes: [['Add', ['x', 'c'], ['y']]] },
      constants: { c: { shape: [3], data: [], external: { location, offset: '4' } } },
    })
  const x = { data: new Float32Array(3), shape: [3] }
  const bytes = new Uint8Array(Float32Array.of(9, 1.5, -2, 0.25).buffer)

  it.each([
    ['weights.bin', 'weights.bin'],
    ['./weights.bin', 'weights.bin'],
    ['weights.bin', './weights.bin'],
    ['parts/weights.bin', 'parts/weights.bin'],
  ])('called %s are taken from what is given as %s, bytes or a Blob', async (location, name) => {
    for (const file of [bytes, new Blob([bytes])]) {
      const network = await loadNetwork(model(location), { externalData: { [name]: file } })
      expect([...network.run({ x }).y.data]).toEqual([1.5, -2, 0.25])
    }
  })

  it('are not taken from others', async () => {
    await expect(loadNetwork(model('parts/weights.bin'), { externalData: { 'weights.bin': bytes } })).rejects.toThrow(
      "model: the constant 'c' must lie in a file of the model's folder that can be read, got 'parts/weights.bin'",
    )
    await expect(loadNetwork(model('weights.bin'), { externalData: 1 as never })).rejects.toThrow('loadNetwork: ')
  })

  it('that are sources of the caller are read and left open', async () => {
    const [opened, closed] = [new Set<unknown>(), new Set<unknown>()]
    const source = {
      size: bytes.length,
      read(begin: number, end: number) {
        opened.add(this)
        return bytes.subarray(begin, end)
      },
      close() {
        closed.add(this)
      },
    }
    const names = ['a', 'b', 'c', 'd']
    const network = await loadNetwork(
      modelBytes({
        ...{ inputs: { x: [1] }, outputs: ['y'], nodes: [['Sum', ['x', ...names], ['y']]] },
        constants: Object.fromEntries(
          names.map((name, index) => {
            return [name, { shape: [1], data: [], external: { location: 'w', offset: `${4 * index}`, length: '4' } }]
          }),
        ),
      }),
      { externalData: { w: source } },
    )
    expect([...network.run({ x: { data: Float32Array.of(0), shape: [1] } }).y.data]).toEqual([8.75])
    expect([opened.size, closed.size]).toEqual([1, 0])
  })
})

describe('what follows a convolution', () => {
  const x = tensorFrom(1, [2, 4, 5, 6])
  const channels = (seed: number): ConstantOf => ({ shape: [6, 1, 1], data: numbersFrom(seed, 6) })
  const list = (seed: number): ConstantOf => ({ shape: [6], data: numbersFrom(seed, 6).map((one) => one + 1.5) })
  const constants = {
    w: { shape: [6, 2, 3, 3], data: numbersFrom(2, 108) },
    v: { shape: [4, 3, 2, 2], data: numbersFrom(3, 48) },
    b: list(4),
    ...{ m: channels(5), a: channels(6), s: list(7), t: list(8), u: list(9), r: list(10) },
  }
  const behind: readonly NodeOf[] = [
    ['Mul', ['m', 'c'], ['d']],
    ['BatchNormalization', ['d', 's', 't', 'u', 'r'], ['e'], { epsilon: { float: 0.01 } }],
    ['Sub', ['a', 'e'], ['f']],
    ['Div', ['f', 'm'], ['y']],
  ]

  it.each([
    ['Conv', ['x', 'w', 'b'], { group: 2 }],
    ['ConvTranspose', ['x', 'v'], { group: 2 }],
  ] as const)('becomes part of a %s, in groups too', async (opType, inputs, attributes) => {
    const nodes: readonly NodeOf[] = [[opType, inputs, ['c'], attributes], ...behind]
    const shape = { x: ['n', 4, 'h', 'w'] }
    const folded = await loadNetwork(modelBytes({ inputs: shape, outputs: ['y'], nodes, constants }))
    expect(folded.profile({ x }).map(({ operation }) => operation)).toEqual([
      opType === 'Conv' ? 'conv' : 'convTranspose',
    ])
    // Whatever is an output too stays as it is.
    const kept = await loadNetwork(modelBytes({ inputs: shape, outputs: ['y', 'c', 'd', 'e', 'f'], nodes, constants }))
    expect(kept.profile({ x })).toHaveLength(5)
    const [found, wanted] = [folded.run({ x }).y.data, kept.run({ x }).y.data]
    const largest = Math.max(...wanted.map(Math.abs))
    found.forEach((one, at) => {
      expect(Math.abs(one - wanted[at])).toBeLessThanOrEqual(1e-5 * largest)
    })
  })

  it('that stands before a convolution without padding becomes part of it, and not before one with padding', async () => {
    const before = (attributes: NonNullable<NodeOf[3]>): readonly NodeOf[] => [
      ['BatchNormalization', ['x', 's4', 't4', 'u4', 'r4'], ['n']],
      ['Mul', ['n', 'm4'], ['o']],
      ['Conv', ['o', 'w', 'b'], ['y'], { group: 2, ...attributes }],
    ]
    const four = (seed: number): ConstantOf => ({ shape: [4], data: numbersFrom(seed, 4).map((one) => one + 1.5) })
    const own = { s4: four(11), t4: four(12), u4: four(13), r4: four(14), m4: { ...four(15), shape: [4, 1, 1] } }
    const load = (nodes: readonly NodeOf[], outputs: readonly string[]) =>
      loadNetwork(
        modelBytes({ inputs: { x: ['n', 4, 'h', 'w'] }, outputs, nodes, constants: { ...constants, ...own } }),
      )
    const folded = await load(before({}), ['y'])
    const kept = await load(before({}), ['y', 'n', 'o'])
    expect(folded.profile({ x }).map(({ operation }) => operation)).toEqual(['conv'])
    const [found, wanted] = [folded.run({ x }).y.data, kept.run({ x }).y.data]
    const largest = Math.max(...wanted.map(Math.abs))
    found.forEach((one, at) => {
      expect(Math.abs(one - wanted[at])).toBeLessThanOrEqual(1e-5 * largest)
    })
    const padded = await load(before({ pads: [0, 0, 0, 1] }), ['y'])
    expect(padded.profile({ x }).map(({ operation }) => operation)).toEqual(['chain', 'conv'])
  })

  it.each(['c', 4])(
    'that gives a grey picture its channels stays before a convolution, channels %s',
    async (channels) => {
      const nodes: readonly NodeOf[] = [
        ['Mul', ['x', 'm4'], ['o']],
        ['Conv', ['o', 'w', 'b'], ['y'], { group: 2 }],
      ]
      const own = { ...constants, m4: { shape: [4, 1, 1], data: numbersFrom(15, 4) } }
      const inputs = { x: ['n', channels, 'h', 'w'] }
      const network = await loadNetwork(modelBytes({ inputs, outputs: ['y'], nodes, constants: own }))
      expect(network.profile({ x }).map(({ operation }) => operation)).toEqual(
        channels === 4 ? ['conv'] : ['chain', 'conv'],
      )
      if (channels === 4) return
      const grey = tensorFrom(16, [2, 1, 5, 6])
      const kept = await loadNetwork(modelBytes({ inputs, outputs: ['y', 'o'], nodes, constants: own }))
      expect(network.run({ x: grey }).y).toEqual(kept.run({ x: grey }).y)
    },
  )

  it('leaves a pattern before a convolution whole, whose last factor it could take in', async () => {
    const nodes: readonly NodeOf[] = [
      ['Add', ['x', 'three'], ['p']],
      ['Clip', ['p', 'zero', 'six'], ['q']],
      ['Mul', ['x', 'q'], ['h']],
      ['Div', ['h', 'six'], ['i']],
      ['Conv', ['i', 'w'], ['y'], { group: 2 }],
    ]
    const number = (value: number): ConstantOf => ({ shape: [], data: [value] })
    const own = { ...constants, three: number(3), zero: number(0), six: number(6) }
    const bytes = modelBytes({ inputs: { x: ['n', 4, 'h', 'w'] }, outputs: ['y'], nodes, constants: own })
    const { steps } = (await loadNetwork(bytes)).plan({ x: x.shape })
    expect(steps.map(({ detail }) => detail)).toEqual(['hardSwish', 'k3x3 p0,0 groups 2'])
  })

  it('does not where it has numbers along another axis', async () => {
    const nodes: readonly NodeOf[] = [
      ['Conv', ['x', 'w'], ['c'], { group: 2, pads: [1, 1, 1, 1] }],
      ['Add', ['c', 'row'], ['y']],
    ]
    const row = { shape: [6], data: numbersFrom(5, 6) } // along the width, which has 6 cells too
    const bytes = modelBytes({ inputs: { x: [2, 4, 5, 6] }, outputs: ['y'], nodes, constants: { ...constants, row } })
    const network = await loadNetwork(bytes)
    expect(network.profile({ x }).map(({ operation }) => operation)).toEqual(['conv', 'chain'])
  })
})

describe('patterns', () => {
  /** The nodes of a pattern's text. */
  function nodesOf(text: string): { nodes: NodeOf[]; constants: Record<string, ConstantOf> } {
    const nodes: NodeOf[] = []
    const constants: Record<string, ConstantOf> = {}
    const tokens = text.match(/[A-Za-z]\w*|-?[\d.]+(?:e-?\d+)?|[(),]/g) ?? []
    let at = 0
    const read = (): string => {
      const token = tokens[at++]
      if (/^-?\d/.test(token)) {
        const name = `k${Object.keys(constants).length}`
        constants[name] = { shape: [], data: [Number(token)] }
        return name
      }
      if (tokens[at] !== '(') return token
      const inputs: string[] = []
      while (tokens[at] !== ')') {
        at++
        inputs.push(read())
      }
      at++
      const output = `v${nodes.length}`
      if (token !== 'HardSigmoid') nodes.push([token, inputs, [output]])
      else {
        const [alpha, beta] = inputs.slice(1).map((name) => ({ float: constants[name].data[0] }))
        nodes.push([token, [inputs[0]], [output], { alpha, beta }])
      }
      return output
    }
    read()
    return { nodes, constants }
  }

  const definitions: Readonly<Record<string, (x: number, a: number) => number>> = {
    Swish: functions.silu.reference,
    HardSwish: functions.hardSwish.reference,
    Mish: functions.mish.reference,
    Gelu: functions.gelu.reference,
    FastGelu: functions.geluTanh.reference,
    PRelu: functions.prelu.reference,
  }

  it.each(patterns)('$nodes becomes $becomes', async ({ nodes: text, becomes }) => {
    const { nodes, constants } = nodesOf(text)
    const slope = 0.3
    const bytes = (change: number): Uint8Array => {
      const changed = Object.entries(constants).map(([name, { shape, data }], index) => {
        return [name, { shape, data: [data[0] * (index === 0 ? change : 1)] }]
      })
      const all = { ...Object.fromEntries(changed), a: { shape: [1], data: [slope] } }
      return modelBytes({ inputs: { x: [200] }, outputs: [nodes.at(-1)?.[2][0] ?? ''], nodes, constants: all })
    }
    const network = await loadNetwork(bytes(1))
    const x = { data: Float32Array.from({ length: 200 }, (_, index) => (index - 100) / 10), shape: [200] }
    expect(network.profile({ x })).toHaveLength(1)
    const [{ data }] = Object.values(network.run({ x }))
    data.forEach((one, at) => {
      expect(one).toBeCloseTo(definitions[becomes.split('(')[0]](x.data[at], Math.fround(slope)), 5)
    })
    if (Object.keys(constants).length === 0 || text.includes('HardSigmoid')) return
    // Another number makes another function, which is computed as it is written.
    const other = await loadNetwork(bytes(1.01))
    const [{ data: others }] = Object.values(other.run({ x }))
    expect(Math.max(...others.map((one, at) => Math.abs(one - data[at])))).toBeGreaterThan(1e-3)
  })
})

describe('the arena', () => {
  /** A random schedule: chains, joins and calls of earlier values. */
  const graphs = fc
    .array(
      fc.record({
        kind: fc.constantFrom('chain', 'concat', 'call'),
        picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((plans): LoweredGraph => {
      const inputs: GraphValue[] = [{ name: 'x', shape: [1, 3, 7] }]
      const values = [...inputs]
      const steps = plans.map(({ kind, picks }, index): GraphStep => {
        const read = picks.map((pick) => values[pick % values.length])
        const rows = kind === 'concat' ? read.reduce((sum, { shape }) => sum + shape[1], 0) : read[0].shape[1]
        const output = { name: `v${index}`, shape: [1, rows, 7] }
        values.push(output)
        const call = { kind: 'call', name: 'any', detail: '', run: () => {} } as const
        if (kind === 'concat') return { node: '', operation: { kind, axis: 1 }, inputs: read, outputs: [output] }
        const same = read.filter(({ shape }) => String(shape) === String(output.shape))
        const operation = kind === 'chain' ? ({ kind: 'chain', links: [] } as const) : call
        return { node: '', operation, inputs: same, outputs: [output] }
      })
      return { inputs, outputs: values.slice(-2), names: [], steps, rest: undefined }
    })

  it('keeps every value whole from the step that makes it to the last one that reads it', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { places, length, joined, live } = planArena(graph)
        const memory = new Int32Array(length).fill(-1)
        const number = new Map(
          [...graph.inputs, ...graph.steps.flatMap(({ outputs }) => outputs)].map((v, at) => [v, at]),
        )
        const place = (value: GraphValue): Int32Array => {
          const { offset } = places.get(value) ?? { offset: Number.NaN }
          return memory.subarray(offset, offset + sizeOf(value.shape))
        }
        const owner = (value: GraphValue): number => number.get(value) ?? -2
        /** What a cell holds: of what is joined in place the value, so a joined tensor is what its parts are. */
        const isWhole = (value: GraphValue): boolean => {
          const step = graph.steps.find(({ outputs }) => outputs[0] === value)
          if (step?.operation.kind !== 'concat') return place(value).every((one) => one === owner(value))
          let at = 0
          return step.inputs.every((input, index) => {
            const part = place(value).subarray(at, at + sizeOf(input.shape))
            at += part.length
            const isIn = joined.get(input)?.step === step && joined.get(input)?.index === index
            return isIn ? isWhole(input) : part.every((one) => one === owner(value))
          })
        }
        for (const input of graph.inputs) place(input).fill(owner(input))
        for (const step of graph.steps) {
          if (!step.inputs.every(isWhole)) return false
          const [output] = step.outputs
          if (step.operation.kind !== 'concat') place(output).fill(owner(output))
          else {
            let at = 0
            step.inputs.forEach((input, index) => {
              const part = place(output).subarray(at, at + sizeOf(input.shape))
              at += part.length
              const isIn = joined.get(input)?.step === step && joined.get(input)?.index === index
              if (!isIn) part.fill(owner(output))
            })
          }
        }
        expect(live).toBeLessThanOrEqual(length)
        return graph.outputs.every(isWhole)
      }),
      { numRuns: 500, seed: 5 },
    )
  })
})
