import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emitDense } from '../../src/emit/dense.ts'
import { type DensePlan, planDense } from '../../src/plan/dense.ts'
import { packDense } from '../../src/plan/pack-dense.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

describe.each(['conv', 'convTranspose'] as const)('%s with vectors along output channels', (op) => {
  it('equals the reference bit for bit on small integers, over 1,500 lopsided layers', { timeout: 300_000 }, () => {
    const { simd, relaxed } = probeFeatures()
    const run = ([problem, withBias, deterministic]: [Parameters<typeof solved>[0], boolean, boolean]): void => {
      const plan = planDense(problem, { simd, relaxed: relaxed && !deterministic }) as DensePlan
      const { input, weights, bias, expected } = solved(problem, withBias)
      expect(runPlan(plan, emitDense(plan), input, packDense(plan, weights, bias))).toEqual(expected)
    }
    const bounds = op === 'conv' ? { op } : { op, input: 5, stride: 5, outGroup: 13 }
    fc.assert(fc.property(fc.tuple(layers(bounds), fc.boolean(), fc.boolean()), run), { numRuns: 1500 })
  })
})
