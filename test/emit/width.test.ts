import { describe, expect, it } from 'vitest'
import { type NarrowPlan, packNarrow } from '../../src/plan/narrow.ts'
import { planWidth } from '../../src/plan/width.ts'
import type { Problem } from '../../src/reference/problem.ts'
import { emitPlan } from '../../src/run/programs/strategies.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed, ordered } = probeFeatures()

/** Runs a layer both ways, if there is a plan for it, and tells whether there is. */
function equalsReference(problem: Problem, withBias: boolean, exact: boolean): boolean {
  const plan = planWidth(problem, { simd, relaxed: relaxed && !exact, ordered })
  if (!plan) return false
  const { input, filter, expected } = solved(problem, withBias && problem.geometry.op === 'conv')
  expect(runPlan(plan, emitPlan(plan), input, packNarrow(plan, filter))).toEqual(expected)
  return true
}

describe.each(['conv', 'maxPool', 'averagePool'] as const)('%s with vectors along the width', (op) => {
  it('equals the reference bit for bit on small integers, over lopsided layers', { timeout: 300_000 }, () => {
    const bounds = { op, groups: 5, inGroup: op === 'conv' ? 4 : 5, outGroup: 6, layouts: ['nchw'] } as const
    let planned = 0
    fc.assert(
      fc.property(layers(bounds), fc.boolean(), fc.boolean(), (...layer) => {
        if (equalsReference(...layer)) planned++
      }),
      tries(1300),
    )
    expect(planned).toBeGreaterThan(tries(1000).numRuns)
  })
})

/** Whether the results of a tile are kept while taps of looked up axes or input channels pass by. */
const isSummed = ({ lookups, inGroup }: NarrowPlan['structure']): boolean =>
  inGroup > 1 || lookups.some(({ taps }) => taps.length > 1)

it.each(['conv', 'maxPool', 'averagePool'] as const)(
  '%s on rows that are wider than the widest tile, over 150 layers',
  { timeout: 300_000 },
  (op) => {
    const sizes = { input: 6, width: 400, kernel: 3, stride: 2, dilation: 2, groups: 2, inGroup: 2, outGroup: 2 }
    let cut = 0
    fc.assert(
      fc.property(layers({ op, ...sizes, layouts: ['nchw'] }), fc.boolean(), fc.boolean(), (problem, ...rest) => {
        const plan = planWidth(problem, probeFeatures())
        const width = problem.geometry.axes[problem.geometry.axes.length - 1].output
        // Several rows in a tile, and several tiles in a row: no tile could be wider, and all its results are held at once.
        if (plan && plan.columns[0].pixels < width && plan.rows[0].pixels > 1 && isSummed(plan.structure)) cut++
        equalsReference(problem, ...rest)
      }),
      { numRuns: 150 },
    )
    expect(cut).toBeGreaterThan(0) // 17 of 150 on average: random layers reach a larger number only most of the time
  },
)

it('tall kernels, which are looked up line by line, and wide ones, over 200 depthwise layers', () => {
  const large = { op: 'conv', axes: 2, kernel: 40, dilation: 2, input: 20, depthwise: true, groups: 5 } as const
  let tall = 0
  fc.assert(
    fc.property(layers({ ...large, layouts: ['nchw'] }), fc.boolean(), fc.boolean(), (problem, ...rest) => {
      const rows = planWidth(problem, probeFeatures())?.rows
      if (problem.geometry.axes[0].output > 4 && rows?.length === 1 && rows[0].pixels === 1) tall++
      equalsReference(problem, ...rest)
    }),
    { numRuns: 200 },
  )
  expect(tall).toBeGreaterThan(10)
})
