import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emitWinograd } from '../../src/emit/winograd.ts'
import { type AxisPadding, type Geometry, resolve } from '../../src/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import { packWinograd } from '../../src/plan/pack-winograd.ts'
import { planTiles, type WinogradPlan } from '../../src/plan/winograd.ts'
import { conv } from '../../src/reference/conv.ts'
import { convTranspose } from '../../src/reference/conv-transpose.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { lengthOf } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed } = probeFeatures()

/**
 * What is promised: an output differs from the exact sum by at most so many units of 2^-24 of the largest sum of
 * magnitudes |x| |w| that any output has. The transforms
 * add and subtract numbers larger than what they add up to, which costs a few bits.
 */
const UNITS = 32

/** One axis of a layer that Winograd's algorithm can do: 2 to 5 neighbouring cells for each output. */
const axes = (transposed: boolean) =>
  fc
    .record({
      input: fc.integer({ min: 1, max: 30 }),
      taps: fc.integer({ min: 2, max: 5 }),
      apart: fc.integer({ min: 1, max: 4 }),
      padding: fc.oneof(
        fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'full', 'valid', 'causal'),
        fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
      ),
    })
    .map(({ input, taps, apart, padding }) =>
      transposed
        ? { input, kernel: taps * apart, stride: apart, dilation: 1, padding }
        : { input, kernel: taps, stride: 1, dilation: apart, padding },
    )

/** Depth, where every output has a real tap. */
const depths = fc
  .record({
    input: fc.integer({ min: 1, max: 4 }),
    kernel: fc.constantFrom(1, 3),
    stride: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ input, kernel, stride, dilation }) =>
    stride === 1 || kernel === 1
      ? { input, kernel, stride: 1, dilation, padding: 'same' as const }
      : { input, kernel, stride, dilation: 1, padding: 'same' as const },
  )

const geometries: fc.Arbitrary<Geometry> = fc
  .boolean()
  .chain((transposed) =>
    fc.record({
      op: fc.constant(transposed ? ('convTranspose' as const) : ('conv' as const)),
      axes: fc.oneof(fc.tuple(axes(transposed), axes(transposed)), fc.tuple(depths, axes(transposed), axes(transposed))),
    }),
  )
  .map(({ op, axes }) => {
    const each = <K extends keyof (typeof axes)[number]>(name: K) => axes.map((axis) => axis[name])
    const [input, kernel] = [each('input'), each('kernel')] as [number[], number[]]
    try {
      return resolve({ op, input, kernel, strides: each('stride'), dilations: each('dilation'), padding: each('padding') })
    } catch {
      return undefined // no output at all
    }
  })
  .filter((geometry) => geometry !== undefined)

const problems: fc.Arbitrary<Problem> = fc.record({
  geometry: geometries,
  batch: fc.integer({ min: 1, max: 3 }),
  inChannels: fc.integer({ min: 1, max: 21 }),
  outChannels: fc.integer({ min: 1, max: 29 }),
  groups: fc.constant(1),
  layout: fc.constantFrom('nchw', 'nhwc'),
  activation: fc.constantFrom(undefined, 'relu' as const, 'relu6' as const),
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
  const { geometry, inChannels, outChannels } = problem
  const taps = geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
  const reference = geometry.op === 'conv' ? conv : convTranspose
  const x = reals(lengthOf(inputOf(problem)), 1)
  const w = reals(outChannels * inChannels * taps, 2)
  const bias = reals(outChannels, 3)
  const [exact, sums] = [0, 1].map(() => new Float32Array(lengthOf(outputOf(problem))))
  reference(problem, x, w, bias, exact)
  reference({ ...problem, activation: undefined }, x.map(Math.abs), w.map(Math.abs), bias.map(Math.abs), sums)
  return { x, w, bias, exact, most: sums.reduce((a, b) => Math.max(a, b), 0) }
}

let mx=0
const record=(u:number,p:Problem)=>{if(u>mx){mx=u;console.log(u,JSON.stringify(p.geometry.axes.map(a=>[a.input,a.kernel,a.stride,a.dilation])),p.geometry.op,p.inChannels,p.outChannels)}}
describe("convolution by Winograd's algorithm", () => {
  it(`lies within ${UNITS} units of the exact sums, over 300 layers`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(problems, fc.boolean(), (problem, exactly) => {
        const plan = planTiles(problem, { simd, relaxed: relaxed && !exactly }) as WinogradPlan
        const { x, w, bias, exact, most } = solve(problem)
        const got = runPlan(plan, emitWinograd(plan), x, packWinograd(plan, w, bias))
        if (!plan) console.log(JSON.stringify(problem))
        const worst = got.reduce((largest, value, index) => Math.max(largest, Math.abs(value - exact[index])), 0)
        record(worst/(2**-24*most), problem)
        expect(worst).toBeLessThanOrEqual(UNITS * 2 ** -24 * most)
      }),
      { numRuns: 300 },
    )
  })

  it('is chosen for layers with channels enough, but never where every machine is to give the same bits', () => {
    const geometry = resolve({ input: [14, 15], kernel: 3, padding: 'same' })
    const problem = { geometry, batch: 1, inChannels: 64, outChannels: 64, groups: 1, layout: 'nchw' } as const
    const strategy = (deterministic: boolean) =>
      planProgram(problem, { simd: true, relaxed: true }, deterministic)?.strategy
    expect([strategy(false), strategy(true)]).toEqual(['winograd', 'dense'])
    const strided = { ...problem, geometry: resolve({ input: [14, 15], kernel: 3, strides: 2, padding: 'same' }) }
    expect(planProgram(strided, { simd: true, relaxed: true }, false)?.strategy).toBe('dense')
  })
})
