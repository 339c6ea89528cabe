import { describe, expect, it } from 'vitest'
import { type Activation, conv, convTranspose, lastEngine, pad, prepareConv } from '../../src/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import { outputOf, type Problem } from '../../src/reference/problem.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { layers, lengthOf } from '../emit/layers.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { callsOf, within } from './calls.ts'
import { repeating, toChannelsLast } from './tensors.ts'

const ops = ['conv', 'convTranspose', 'maxPool', 'averagePool'] as const
/** Multiplications from which an operation at once is a program. */
const WORTH_A_PROGRAM = 100_000

/** Whether the reference is done with a layer soon. */
const isQuick = (problem: Problem): boolean => {
  return multiplications(problem) < 3_000_000 && lengthOf(outputOf(problem)) < 100_000
}

/** Whether the reference does it when it is asked for once. */
const isSmall = (problem: Problem): boolean => multiplications(problem) < WORTH_A_PROGRAM && isQuick(problem)

function multiplications({ geometry, batch, inChannels, outChannels, groups }: Problem): number {
  const windows = geometry.op === 'convTranspose' ? 'input' : 'output'
  const taps = geometry.axes.reduce((product, axis) => product * axis[windows] * axis.kernel, 1)
  return (batch * inChannels * outChannels * taps) / groups
}

describe.each(ops)('%s of any size, layout, rank and number of groups', (op) => {
  const pools = op.endsWith('Pool')
  const any = layers({ op, groups: pools ? 9 : 3 }).filter(isQuick)

  it('equals the reference bit for bit when prepared, whatever lies around its tensors', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 5 }), (problem, shift) => {
        const { x, expected, prepare } = callsOf(problem)
        const layer = prepare(true)
        const output = within({ data: new Float32Array(expected.data.length), shape: expected.shape }, 5 - shift)
        expect(layer.run(within(x, shift), output).data).toEqual(expected.data)
        expect(new Float32Array(output.data.buffer).filter(Number.isNaN).length).toBe(2 * (5 - shift))
        expect(layer.engine).toBe(planProgram(problem, probeFeatures(), true) ? 'program' : 'reference')
        expect(lastEngine()).toBe(layer.engine)
        layer.release()
      }),
      tries(150),
    )
  })

  it('at once is a program where one fits and there is enough to do, else the reference', () => {
    const seen = { program: 0, reference: 0 }
    fc.assert(
      fc.property(any, (problem) => {
        const { x, expected, once } = callsOf(problem)
        const plan = planProgram(problem, probeFeatures(), false)
        const result = once(x)
        const engine = plan && multiplications(problem) >= WORTH_A_PROGRAM ? 'program' : 'reference'
        expect(lastEngine()).toBe(engine)
        seen[engine]++
        expect(result.shape).toEqual(expected.shape)
        if (engine === 'reference' || plan?.strategy !== 'winograd') expect(result).toEqual(expected)
        else for (const [at, value] of result.data.entries()) expect(value).toBeCloseTo(expected.data[at], 2)
      }),
      tries(pools ? 400 : 150),
    )
    expect(Math.min(seen.program, seen.reference)).toBeGreaterThan(0)
  })
})

it.each([
  [100_000, 'program'],
  [99_999, 'reference'],
] as const)('%d multiplications of a convolution: %s', (length, engine) => {
  conv(repeating([1, 1, length], 9), repeating([1, 1, 1], 5))
  expect(lastEngine()).toBe(engine)
})

it.each([
  [100, 'program'],
  [99, 'reference'],
] as const)('of a transposed convolution they are counted over the input: length %d, %s', (length, engine) => {
  convTranspose(repeating([1, 10, length], 9), repeating([10, 25, 4], 5), { strides: 3 })
  expect(lastEngine()).toBe(engine)
})

describe('values that are no ordinary numbers', () => {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -2, 3, -4, 7, 6.5]
  const values = (length: number, from: Iterator<number>): Float32Array =>
    Float32Array.from({ length }, () => from.next().value as number)

  it.each([
    { op: 'conv', inGroup: 3, outGroup: 9 },
    { op: 'conv', depthwise: true },
    { op: 'convTranspose', inGroup: 3, outGroup: 9 },
  ] as const)('pass through the sums and the activation of %o as through those of the reference', (bounds) => {
    const any = layers({ input: 9, ...bounds }).filter(isSmall)
    const numbers = fc.infiniteStream(fc.constantFrom(...special))
    fc.assert(
      fc.property(any, numbers, fc.boolean(), (problem, stream, both) => {
        const wild = (length: number): Float32Array => values(length, stream[Symbol.iterator]())
        const { x, prepare, once } = callsOf(problem, both ? wild : undefined)
        const cells = { data: wild(x.data.length), shape: x.shape }
        const layer = prepare(true)
        const { data } = layer.run(cells)
        const { data: expected } = once(cells)
        expect(lastEngine()).toBe('reference')
        expect(data.map(withoutSign)).toEqual(expected.map(withoutSign))
        layer.release()
      }),
      tries(200),
    )
  })

  /** A sum of zeros has a sign that depends on its order; an activation's zero has none. */
  function withoutSign(value: number): number {
    return value + 0
  }

  it.each<[Activation | undefined, number[]]>([
    ['relu', [Number.NaN, 0, 0, 0, 3, 6, 6.5, Number.POSITIVE_INFINITY]],
    ['relu6', [Number.NaN, 0, 0, 0, 3, 6, 6, 6]],
  ])('%s clamps a cell alike on both engines', (activation, expected) => {
    const cells = [Number.NaN, Number.NEGATIVE_INFINITY, -0, -1e-30, 3, 6, 6.5, Number.POSITIVE_INFINITY]
    const x = { data: Float32Array.from(cells), shape: [1, 1, 8] }
    const w = { data: Float32Array.of(1), shape: [1, 1, 1] }
    for (const bias of [undefined, Float32Array.of(-0)]) {
      const layer = prepareConv(w, { activation, bias })
      expect([...layer.run(x).data]).toEqual(expected)
      expect(layer.engine).toBe('program')
      expect([...conv(x, w, { activation, bias }).data]).toEqual(expected)
      expect(lastEngine()).toBe('reference')
      layer.release()
    }
  })
})

describe.each(['reflect', 'replicate', 'circular'] as const)('paddingMode %s', (paddingMode) => {
  it.each(['nchw', 'nhwc'] as const)('is a program over a copy of the input, %s', (layout) => {
    const x = repeating([2, 9, 33, 14], 9)
    const w = repeating([8, 3, 3, 5], 5)
    const pads = [
      [2, 1],
      [0, 4],
    ] as const
    const options = { strides: [2, 1], groups: 3, activation: 'relu' } as const
    const w9 = { data: new Float32Array([...w.data, ...w.data.subarray(0, 45)]), shape: [9, 3, 3, 5] }
    const last = (tensor: typeof x): typeof x => (layout === 'nchw' ? tensor : toChannelsLast(tensor))
    const expected = last(conv(pad(x, pads, { mode: paddingMode }), w9, options))
    const layer = prepareConv(w9, { ...options, padding: pads, paddingMode, layout })
    expect(layer.run(last(x))).toEqual(expected)
    expect(layer.engine).toBe('program')
    expect(conv(last(x), w9, { ...options, padding: pads, paddingMode, layout })).toEqual(expected)
    expect(lastEngine()).toBe('program')
    layer.release()
  })
})
