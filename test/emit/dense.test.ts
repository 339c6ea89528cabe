import { describe, expect, it } from 'vitest'
import { emitDense } from '../../src/emit/dense.ts'
import { type DensePlan, FETCHED, planDense } from '../../src/plan/dense.ts'
import { packDense } from '../../src/plan/pack-dense.ts'
import type { Problem } from '../../src/reference/problem.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'
import { tries } from '../machines/tries.ts'
import { readTables } from '../plan/read-tables.ts'
import { layers, solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

const { simd, relaxed } = probeFeatures()

/** Either order of loops is right for every layer, whichever is chosen, and whether weights are fetched before. */
const loops = fc.constantFrom(
  { inner: 'tiles', fetched: false } as const,
  { inner: 'tiles', fetched: true } as const,
  { inner: 'blocks', fetched: false } as const,
)
const options = [fc.boolean(), fc.boolean(), fc.boolean(), loops] as const

/** Runs a layer both ways, with code for an engine that keeps its order or for one that does not. */
function equalsReference(
  problem: Problem,
  withBias: boolean,
  exact: boolean,
  ordered: boolean,
  { inner, fetched }: Readonly<{ inner: DensePlan['structure']['inner']; fetched: boolean }>,
): void {
  const planned = planDense(problem, { simd, relaxed: relaxed && !exact, ordered })
  if (!planned) fc.pre(false) // its code would be too long; others are run instead, as many as were asked for
  const { structure, ...others } = planned as DensePlan
  const fetches = fetched ? Math.floor(readTables(planned as DensePlan).number(structure.block) / FETCHED) : 0
  const plan = { ...others, structure: { ...structure, inner, fetches } }
  const { input, filter, expected } = solved(problem, withBias)
  expect(runPlan(plan, emitDense(plan.structure), input, packDense(plan, filter))).toEqual(expected)
}

describe.each(['conv', 'convTranspose'] as const)('%s with vectors along output channels', (op) => {
  it('equals the reference bit for bit on small integers, over lopsided layers', { timeout: 300_000 }, () => {
    const bounds = op === 'conv' ? { op } : { op, input: 5, stride: 5, outGroup: 13 }
    fc.assert(fc.property(layers(bounds), ...options, equalsReference), tries(1000))
  })
})

it.each(['conv', 'convTranspose'] as const)(
  '%s with wide kernels, whose taps are a loop, over lopsided layers',
  (op) => {
    const bounds = { op, axes: 1, kernel: 120, stride: 40, dilation: 2, input: op === 'conv' ? 100 : 20, outGroup: 9 }
    const wide = layers(bounds).filter(({ geometry }) => geometry.axes[0].kernel > 40)
    fc.assert(fc.property(wide, ...options, equalsReference), tries(70))
  },
)
