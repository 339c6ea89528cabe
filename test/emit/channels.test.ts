import { describe, expect, it } from 'vitest'
import { planChannels } from '../../src/plan/channels.ts'
import { packNarrow } from '../../src/plan/narrow.ts'
import { emitPlan } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed, ordered } = probeFeatures()

describe.each(['conv', 'maxPool', 'averagePool'] as const)('%s with vectors along channels', (op) => {
  it('equals the reference bit for bit on small integers, over lopsided layers', { timeout: 300_000 }, () => {
    const bounds = { op, depthwise: op === 'conv', inGroup: op === 'conv' ? 1 : 6, layouts: ['nhwc'] } as const
    let planned = 0
    fc.assert(
      fc.property(layers(bounds), fc.boolean(), fc.boolean(), (problem, withBias, exact) => {
        const plan = planChannels(problem, { simd, relaxed: relaxed && !exact, ordered })
        if (!plan) return
        planned++
        const { input, filter, expected } = solved(problem, withBias && op === 'conv')
        expect(runPlan(plan, emitPlan(plan), input, packNarrow(plan, filter))).toEqual(expected)
      }),
      tries(1100),
    )
    expect(planned).toBeGreaterThan(tries(1000).numRuns)
  })
})
