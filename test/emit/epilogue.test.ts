import { describe, expect, it } from 'vitest'
import { type Plan, planProgram } from '../../src/plan/choose.ts'
import { emitPlan, packFilter } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { epilogues, powersOfTwo } from './epilogues.ts'
import { type Bounds, layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const features = probeFeatures()
const narrow = { op: 'conv', input: 9, width: 30, axes: 2, groups: 3, inGroup: 3, outGroup: 5, stride: 3 } as const

/** Layers of every strategy whose sums are exact. */
const kinds: readonly (readonly [Plan['strategy'], Bounds])[] = [
  ['dense', { op: 'conv', input: 9, stride: 3, kernel: 4, groups: 2, outGroup: 19, axes: 2 }],
  ['dense', { op: 'convTranspose', input: 5, stride: 3, groups: 2, outGroup: 13, axes: 2 }],
  [
    'pointwise',
    { op: 'conv', kernel: 1, stride: 1, dilation: 1, input: 7, inGroup: 21, outGroup: 23, layouts: ['nchw'] },
  ],
  ['width', { ...narrow, layouts: ['nchw'] }],
  ['channels', { op: 'conv', input: 9, width: 20, stride: 3, kernel: 4, depthwise: true, layouts: ['nhwc'] }],
  ['width', { op: 'maxPool', input: 9, width: 40, kernel: 4, stride: 3, axes: 2, layouts: ['nchw'] }],
  ['channels', { op: 'maxPool', input: 9, width: 20, kernel: 4, stride: 3, axes: 2, layouts: ['nhwc'] }],
  ['width', { op: 'averagePool', input: 9, width: 40, kernel: 4, stride: 3, axes: 2, layouts: ['nchw'] }],
  ['channels', { op: 'averagePool', input: 9, width: 20, kernel: 4, stride: 3, axes: 2, layouts: ['nhwc'] }],
]

describe.each(kinds)('epilogues of the strategy %s, %o', (strategy, bounds) => {
  it('equal the reference bit for bit on small integers, in place too', { timeout: 300_000 }, () => {
    let ran = 0
    const any = layers({ ...bounds, epilogues: bounds.op === 'averagePool' ? powersOfTwo : epilogues })
    fc.assert(
      fc.property(any, fc.boolean(), fc.boolean(), (problem, withBias, deterministic) => {
        const plan = planProgram(problem, features, deterministic)
        fc.pre(plan?.strategy === strategy)
        if (!plan) throw new Error('there must be a plan')
        const { input, filter, expected } = solved(problem, withBias && !bounds.op.endsWith('Pool'))
        expect(runPlan(plan, emitPlan(plan), input, packFilter(plan, filter))).toEqual(expected)
        ran++
      }),
      { numRuns: 120 },
    )
    expect(ran).toBe(120)
  })
})
