import { describe, expect, it } from 'vitest'
import { emitDense } from '../../src/emit/dense.ts'
import { resolve } from '../../src/index.ts'
import { type DensePlan, planDense } from '../../src/plan/dense.ts'
import { packDense } from '../../src/plan/pack-dense.ts'
import { runFields, type TileKind } from '../../src/plan/row-tiles.ts'
import { readTables } from '../plan/read-tables.ts'
import { solved } from './layers.ts'
import { runPlan } from './run-plan.ts'

/** The harness that runs plans must see what a broken one does; if it did not, the other tests would prove less. */
describe('a broken plan is found out', () => {
  const geometry = resolve({ input: [5, 9], kernel: [2, 3], strides: [2, 1], padding: 'same' })
  const problem = { geometry, batch: 2, inChannels: 3, outChannels: 8, groups: 1, layout: 'nchw' } as const
  const plan = planDense(problem, { simd: true, relaxed: false, ordered: true }) as DensePlan
  const { input, filter, expected } = solved(problem)
  const run = (broken: DensePlan): Float32Array =>
    runPlan(broken, emitDense(broken.structure), input, packDense(plan, filter))
  const kinds = (change: (kind: TileKind, index: number) => TileKind[]): DensePlan => {
    const columns = plan.structure.columns.map((column) => ({ ...column, kinds: column.kinds.flatMap(change) }))
    return { ...plan, structure: { ...plan.structure, columns } }
  }
  const table = (place: number, by: number): DensePlan => {
    return { ...plan, tables: plan.tables.map((value, index) => (index === place ? value + by : value)) }
  }
  const runs = readTables(plan).number(plan.structure.columns[0].runs) / 4

  it('the right one is right', () => {
    expect(run(plan)).toEqual(expected)
  })

  it('a tile that reads from in front of the tensor makes the result NaN', () => {
    expect(run(table(runs + runFields.indexOf('input'), -4)).some(Number.isNaN)).toBe(true)
  })

  it('a tap on padding that is taken for real makes the result NaN', () => {
    const broken = kinds((kind) => [
      { ...kind, start: 0, reading: kind.reading.map(() => ({ begin: 0, end: kind.pixels })) },
    ])
    expect(run(broken).some(Number.isNaN)).toBe(true)
  })

  it('an output that is left out stays NaN', () => {
    expect(run(table(runs + runFields.indexOf('tiles'), -1)).some(Number.isNaN)).toBe(true)
    expect(run(kinds((kind, index) => (index === 0 ? [kind] : []))).some(Number.isNaN)).toBe(true)
  })

  it('a write behind the output is an error', () => {
    expect(() => run({ ...plan, bytes: { ...plan.bytes, output: plan.bytes.output - 4 } })).toThrow(
      'a stray write outside of every region, at byte',
    )
  })

  it('an output image too many is an error', () => {
    expect(() => run(table(plan.structure.numbers.indexOf('images'), 1))).toThrow('a stray write')
  })
})
