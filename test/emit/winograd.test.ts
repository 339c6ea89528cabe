import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emitWinograd } from '../../src/emit/winograd.ts'
import { type Padding, resolve } from '../../src/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import { packWinograd } from '../../src/plan/pack-winograd.ts'
import { planTiles, type WinogradPlan } from '../../src/plan/winograd.ts'
import { conv } from '../../src/reference/conv.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { lengthOf } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed, ordered } = probeFeatures()

/**
 * What is promised: an output differs from the exact sum by at most so many units of 2^-24 of the largest sum of
 * magnitudes |x| |w| that any output has. The transforms
 * add and subtract numbers larger than what they add up to, which costs a few bits.
 */
const UNITS = 32

const pads: fc.Arbitrary<Padding> = fc.oneof(
  fc.constantFrom('same-upper', 'same-lower', 'full', 'valid', 'causal'),
  fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), { minLength: 2, maxLength: 2 }),
)

const problems: fc.Arbitrary<Problem> = fc
  .record({
    input: fc.tuple(fc.integer({ min: 3, max: 40 }), fc.integer({ min: 3, max: 70 })),
    padding: pads,
    batch: fc.integer({ min: 1, max: 3 }),
    inChannels: fc.integer({ min: 4, max: 21 }),
    outChannels: fc.integer({ min: 1, max: 29 }),
    layout: fc.constantFrom('nchw', 'nhwc'),
    activation: fc.constantFrom(undefined, 'relu' as const, 'relu6' as const),
    sliced: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ input, padding, sliced, ...rest }) => {
    const sides = Array.isArray(padding) ? padding : [padding, padding]
    const geometry =
      sliced === 1
        ? resolve({ input, kernel: 3, padding: sides })
        : resolve({ input: [sliced, ...input], kernel: [1, 3, 3], padding: [0, ...sides] })
    return { geometry, groups: 1, ...rest }
  })

/** Numbers from -1 to 1 that are no small integers. */
const reals = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin((index + 1) * (seed + 0.7)) * Math.cos(index * index))

function solve(problem: Problem): {
  x: Float32Array
  w: Float32Array
  bias: Float32Array
  exact: Float32Array
  most: number
} {
  const { inChannels, outChannels } = problem
  const x = reals(lengthOf(inputOf(problem)), 1)
  const w = reals(outChannels * inChannels * 9, 2)
  const bias = reals(outChannels, 3)
  const [exact, sums] = [0, 1].map(() => new Float32Array(lengthOf(outputOf(problem))))
  conv(problem, x, w, bias, exact)
  conv({ ...problem, activation: undefined }, x.map(Math.abs), w.map(Math.abs), bias.map(Math.abs), sums)
  return { x, w, bias, exact, most: sums.reduce((a, b) => Math.max(a, b), 0) }
}

describe("3 x 3 convolution by Winograd's algorithm", () => {
  it(`lies within ${UNITS} units of the exact sums, over 300 layers`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(problems, fc.boolean(), (problem, exactly) => {
        const plan = planTiles(problem, { simd, relaxed: relaxed && !exactly, ordered }) as WinogradPlan
        const { x, w, bias, exact, most } = solve(problem)
        const got = runPlan(plan, emitWinograd(plan), x, packWinograd(plan, w, bias))
        const worst = got.reduce((largest, value, index) => Math.max(largest, Math.abs(value - exact[index])), 0)
        expect(worst).toBeLessThanOrEqual(UNITS * 2 ** -24 * most)
      }),
      { numRuns: 300 },
    )
  })

  it('is chosen for layers with channels enough, but never where every machine is to give the same bits', () => {
    const geometry = resolve({ input: [14, 15], kernel: 3, padding: 'same' })
    const problem = { geometry, batch: 1, inChannels: 64, outChannels: 64, groups: 1, layout: 'nchw' } as const
    const strategy = (deterministic: boolean) =>
      planProgram(problem, { simd: true, relaxed: true, ordered: true }, deterministic)?.strategy
    expect([strategy(false), strategy(true)]).toEqual(['winograd', 'dense'])
    const strided = { ...problem, geometry: resolve({ input: [14, 15], kernel: 3, strides: 2, padding: 'same' }) }
    expect(planProgram(strided, { simd: true, relaxed: true, ordered: true }, false)?.strategy).toBe('dense')
  })
})
