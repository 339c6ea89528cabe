import { expect, it } from 'vitest'
import { type Op, type ResolveOptions, resolve } from '../../src/geometry/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
import type { NarrowPlan } from '../../src/plan/narrow.ts'
import type { Problem } from '../../src/reference/problem.ts'
import type { Layout } from '../../src/tensor/tensor.ts'

const features = { simd: true, relaxed: true, ordered: true }

function planOf(op: Op, input: number, kernel: number, layout: Layout, given = features, deterministic = false) {
  const geometry = resolve({ op, input: [input], kernel, strides: 1, padding: 'same' })
  const problem = { geometry, batch: 1, inChannels: 4, outChannels: 4, groups: 4, layout }
  return planProgram(problem, given, deterministic)
}

const ops = ['conv', 'maxPool', 'averagePool'] as const
const layouts = ['nchw', 'nhwc'] as const

it.each(ops.flatMap((op) => layouts.map((layout) => [op, layout] as const)))(
  '%s %s: thousands of outputs that see padding differently have no program, and that is known at once',
  (op, layout) => {
    expect(planOf(op, 1_000_000, 9_999, layout)).toBeUndefined()
    expect(planOf(op, 1_000_000, 33, layout)?.bytes.output).toBe(16_000_000)
  },
  2000,
)

it.each(layouts)('a deterministic plan is the same whatever the engine can do, %s', (layout) => {
  const engines = [false, true].flatMap((relaxed) => [false, true].map((ordered) => ({ simd: true, relaxed, ordered })))
  for (const op of ['conv', 'convTranspose', 'averagePool'] as const) {
    const [first, ...others] = engines.map((engine) => planOf(op, 37, 5, layout, engine, true))
    expect(first?.structure.relaxed).toBe(false)
    for (const other of others) expect(other).toEqual(first)
  }
})

it.each([
  ['maxPool', 3, 56, 2, 56],
  ['maxPool', 13, 20, 2, 20],
  ['averagePool', 13, 56, 2, 16],
  ['maxPool', 15, 20, 1, 20], // each line looked up, since written out in narrower tiles it would be longer still
] as const)('%s %i on %i cells has tiles of %i rows of %i outputs', (op, kernel, input, rows, columns) => {
  const geometry = resolve({ op, input: [input, input], kernel, strides: 1, padding: 'same' })
  const problem = { geometry, batch: 1, inChannels: 4, outChannels: 4, groups: 4, layout: 'nchw' } as const
  const plan = planProgram(problem, features, false) as NarrowPlan
  const widest = (runs: NarrowPlan['rows']): number => Math.max(...runs.map(({ pixels }) => pixels))
  expect([widest(plan.rows), widest(plan.columns)]).toEqual([rows, columns])
})

const layer = (options: ResolveOptions, layout: Layout = 'nchw'): Problem => ({
  ...{ geometry: resolve(options), batch: 1, inChannels: 2, outChannels: 8, groups: 1, layout },
})

it('large kernels and strides are planned at once, not tap by tap', { timeout: 20_000 }, () => {
  for (const options of [
    { input: 5000, kernel: 5000, padding: 'same' },
    { input: [3000, 20], kernel: [1000, 3], padding: 'same' },
    { op: 'convTranspose', input: 2, kernel: 6000, strides: 5000 },
  ] as const) {
    expect(planProgram(layer(options), features, false)).toBeDefined()
  }
})

it.each(layouts)('an axis of one cell is as if there were none, %s', (layout) => {
  const row = planProgram(layer({ input: 5000, kernel: 3, padding: 'same' }, layout), features, false)
  for (const [input, kernel] of [
    [
      [5000, 1],
      [3, 1],
    ],
    [
      [1, 5000, 1],
      [1, 3, 1],
    ],
  ]) {
    expect(planProgram(layer({ input, kernel, padding: 'same' }, layout), features, false)).toEqual(row)
  }
})
