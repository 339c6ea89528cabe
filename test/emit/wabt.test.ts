import { expect, it } from 'vitest'
import wabt from 'wabt'
import { resolve } from '../../src/index.ts'
import { type Plan, planProgram } from '../../src/plan/choose.ts'
import { emitPlan } from '../../src/run/programs/strategies.ts'

const layout = 'nchw'
const window = { input: [9, 14], kernel: [3, 5], strides: [2, 1], padding: 'same' } as const
const features = (relaxed: boolean) => ({ simd: true, relaxed, ordered: true })
const conv = { geometry: resolve(window), batch: 1, inChannels: 3, outChannels: 8, groups: 1, layout } as const

it.each([false, true])('an independent reader understands a program, relaxed %s', async (relaxed) => {
  const { readWasm } = await wabt()
  const plan = planProgram(conv, features(relaxed), false) as Plan
  const module = readWasm(emitPlan(plan), { readDebugNames: false, relaxed_simd: relaxed } as object)
  module.validate()
  const text = module.toText({})
  expect(text).toContain('(export "run" (func 0))')
  expect(text).toContain('(import "env" "memory" (memory (;0;) 0))')
  expect(text.includes('f32x4.relaxed_madd')).toBe(relaxed)
  expect(text.includes('f32x4.mul')).toBe(!relaxed)
  expect(text.match(/v128\.load32_splat/g)?.length).toBeGreaterThan(10)
})

it('and one of Winograd, which has functions that it calls', async () => {
  const { readWasm } = await wabt()
  const square = {
    ...conv,
    geometry: resolve({ input: [9, 14], kernel: 3, padding: 'same' }),
    inChannels: 33,
    outChannels: 40,
  } as const
  const plan = planProgram(square, features(true), false) as Plan
  expect(plan.strategy).toBe('winograd')
  const module = readWasm(emitPlan(plan), { readDebugNames: false, relaxed_simd: true } as object)
  module.validate()
  const text = module.toText({})
  const functions = text.match(/\(func \(;/g)?.length ?? 0
  expect(text).toContain(`(export "run" (func ${functions - 1}))`)
  expect(new Set(text.match(/call \d+/g)).size).toBe(functions - 1)
})
