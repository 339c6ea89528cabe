import { describe, expect, it } from 'vitest'
import { emitDense } from '../../src/emit/dense.ts'
import { resolve } from '../../src/index.ts'
import { type DensePlan, planDense } from '../../src/plan/dense.ts'
import { packDense } from '../../src/plan/pack-dense.ts'
import { solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

/** The harness that runs plans must see what a broken one does; if it did not, the other tests would prove less. */
describe('a broken plan is found out', () => {
  const geometry = resolve({ input: [5, 9], kernel: [2, 3], strides: [2, 1], padding: 'same' })
  const problem = { geometry, batch: 2, inChannels: 3, outChannels: 8, groups: 1, layout: 'nchw' } as const
  const plan = planDense(problem, { simd: true, relaxed: false, ordered: true }) as DensePlan
  const { input, filter, expected } = solved(problem)
  const run = (broken: DensePlan): Float32Array => runPlan(broken, emitDense(broken), input, packDense(plan, filter))
  const columns = (change: (column: DensePlan['columns'][number]) => object): DensePlan => ({
    ...plan,
    columns: plan.columns.map((column) => ({ ...column, ...change(column) })),
  })

  it('the right one is right', () => {
    expect(run(plan)).toEqual(expected)
  })

  it('a window that begins in front of the tensor makes the result NaN', () => {
    const broken = columns(({ axis }) => ({ axis: { ...axis, padBegin: axis.padBegin + 1 } }))
    expect(run(broken).some(Number.isNaN)).toBe(true)
  })

  it('a tap on padding that is taken for real makes the result NaN', () => {
    const broken = columns(({ tiles }) => ({
      tiles: tiles.map((run) => ({
        ...run,
        start: 0,
        reading: run.reading.map(() => ({ begin: 0, end: run.pixels })),
      })),
    }))
    expect(run(broken).some(Number.isNaN)).toBe(true)
  })

  it('an output that is left out stays NaN', () => {
    const broken = columns(({ tiles }) => ({ tiles: tiles.slice(1) }))
    expect(run(broken).some(Number.isNaN)).toBe(true)
  })

  it('a write behind the output is an error', () => {
    expect(() => run({ ...plan, bytes: { ...plan.bytes, output: plan.bytes.output - 4 } })).toThrow(
      'a stray write outside of every region, at byte',
    )
  })

  it('an output image too many is an error', () => {
    expect(() => run({ ...plan, batch: 3 })).toThrow('a stray write')
  })
})
