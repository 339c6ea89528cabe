import { expect, it } from 'vitest'
import { emitPointwise } from '../../src/emit/pointwise.ts'
import { planProgram } from '../../src/plan/choose.ts'
import { type PointwisePlan, packPointwise, planPointwise } from '../../src/plan/pointwise.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed } = probeFeatures()
const single = { op: 'conv', kernel: 1, stride: 1, dilation: 1, input: 11, inGroup: 21, outGroup: 23 } as const

it('single taps on channels-first tensors equal the reference bit for bit, over lopsided layers', () => {
  const pointwise = layers({ ...single, layouts: ['nchw'] })
  fc.assert(
    fc.property(pointwise, fc.boolean(), fc.boolean(), fc.boolean(), (problem, withBias, deterministic, ordered) => {
      const plan = planPointwise(problem, { simd, relaxed: relaxed && !deterministic, ordered }) as PointwisePlan
      const { input, filter, expected } = solved(problem, withBias)
      expect(runPlan(plan, emitPointwise(plan.structure), input, packPointwise(plan, filter))).toEqual(expected)
    }),
    tries(1000),
  )
})

it('on channels-last tensors all cells of all images are one row, and equal the reference too', () => {
  fc.assert(
    fc.property(layers({ ...single, layouts: ['nhwc'] }), (problem) => {
      const plan = planProgram(problem, probeFeatures(), false)
      if (!plan) throw new Error('there must be a plan')
      const { input, filter, expected } = solved(problem)
      expect(runPlan(plan, emitPlan(plan), input, packFilter(plan, filter))).toEqual(expected)
    }),
    tries(300),
  )
})
