import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emitWidth } from '../../src/emit/width.ts'
import { packWidth, planWidth } from '../../src/plan/width.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed } = probeFeatures()

describe.each(['conv', 'maxPool', 'averagePool'] as const)('%s with vectors along the width', (op) => {
  it('equals the reference bit for bit on small integers, over 1,000 lopsided layers', { timeout: 300_000 }, () => {
    const bounds = { op, groups: 5, inGroup: op === 'conv' ? 4 : 5, outGroup: 6, layouts: ['nchw'] } as const
    let planned = 0
    fc.assert(
      fc.property(layers(bounds), fc.boolean(), fc.boolean(), (problem, withBias, exact) => {
        const plan = planWidth(problem, { simd, relaxed: relaxed && !exact })
        if (!plan) return
        planned++
        const { input, weights, bias, expected } = solved(problem, withBias && op === 'conv')
        expect(runPlan(plan, emitWidth(plan), input, packWidth(plan, weights, bias))).toEqual(expected)
      }),
      { numRuns: 1300 },
    )
    expect(planned).toBeGreaterThan(1000)
  })
})
