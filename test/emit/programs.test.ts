import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type AxisPadding, resolve } from '../../src/index.ts'
import { type Plan, planConv } from '../../src/plan/plan.ts'
import { conv as reference } from '../../src/reference/conv.ts'
import { inputOf, outputOf, type Problem } from '../../src/reference/problem.ts'
import { packFilter, runConv } from '../../src/run/programs.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'

const sizeOf = ({ batch, channels, spatial }: ReturnType<typeof inputOf>): number =>
  spatial.reduce((product, size) => product * size, batch * channels)

/** A layer on one to three axes whose sizes all differ more often than not. */
const problems: fc.Arbitrary<Problem> = fc
  .record({
    axes: fc.array(
      fc.record({
        input: fc.integer({ min: 1, max: 17 }),
        kernel: fc.integer({ min: 1, max: 5 }),
        stride: fc.integer({ min: 1, max: 6 }),
        dilation: fc.integer({ min: 1, max: 4 }),
        padding: fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'keep', 'full', 'causal'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    inGroup: fc.integer({ min: 1, max: 6 }),
    outGroup: fc.integer({ min: 4, max: 27 }),
    layout: fc.constantFrom('nchw', 'nhwc'),
  })
  .map(({ axes, batch, groups, inGroup, outGroup, layout }) => {
    const geometry = resolve({
      input: axes.map((axis) => axis.input),
      kernel: axes.map((axis) => axis.kernel),
      strides: axes.map((axis) => axis.stride),
      dilations: axes.map((axis) => axis.dilation),
      padding: axes.map((axis) => axis.padding),
    })
    return { geometry, batch, groups, inChannels: inGroup * groups, outChannels: outGroup * groups, layout }
  })

const integers = (length: number, seed: number): Float32Array => {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 9) - 4
  })
}

it('programs equal the reference bit for bit on small integers, over 3,000 lopsided layers', {
  timeout: 300_000,
}, () => {
  const features = probeFeatures()
  expect(features.simd).toBe(true)
  let planned = 0
  fc.assert(
    fc.property(problems, fc.boolean(), (problem, withBias) => {
      const plan = planConv(problem, features) as Plan
      const kernel = problem.geometry.axes.reduce((product, axis) => product * axis.kernel, 1)
      const x = integers(sizeOf(inputOf(problem)), 1)
      const w = integers((problem.outChannels * problem.inChannels * kernel) / problem.groups, 2)
      const bias = withBias ? integers(problem.outChannels, 3) : undefined
      const length = sizeOf(outputOf(problem))
      const [expected, got] = [new Float32Array(length), new Float32Array(length).fill(Number.NaN)]
      reference(problem, x, w, bias, expected)
      expect(runConv(plan, packFilter(plan, w, bias), x, got)).toBe(true)
      expect(got).toEqual(expected)
      planned++
    }),
    { numRuns: 3000 },
  )
  expect(planned).toBe(3000)
})
