import { describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { type ConstantOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from './onnx-bytes.ts'

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
