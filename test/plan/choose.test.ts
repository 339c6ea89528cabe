import { expect, it } from 'vitest'
import { type Op, resolve } from '../../src/geometry/index.ts'
import { planProgram } from '../../src/plan/choose.ts'
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
    expect(first?.relaxed).toBe(false)
    for (const other of others) expect(other).toEqual(first)
  }
})
