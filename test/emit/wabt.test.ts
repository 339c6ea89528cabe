import { expect, it } from 'vitest'
import wabt from 'wabt'
import { emitDense } from '../../src/emit/dense.ts'
import { resolve } from '../../src/index.ts'
import { type Plan, planConv } from '../../src/plan/plan.ts'

const program = (relaxed: boolean): Uint8Array => {
  const geometry = resolve({ input: [9, 14], kernel: [3, 5], strides: [2, 1], padding: 'same' })
  const sizes = { batch: 1, inChannels: 3, outChannels: 8, groups: 1, layout: 'nchw' } as const
  return emitDense(planConv({ geometry, ...sizes }, { simd: true, relaxed }) as Plan)
}

it.each([false, true])('an independent reader understands a program, relaxed %s', async (relaxed) => {
  const { readWasm } = await wabt()
  const module = readWasm(program(relaxed), { readDebugNames: false, relaxed_simd: relaxed } as object)
  module.validate()
  const text = module.toText({})
  expect(text).toContain('(export "run" (func 0))')
  expect(text).toContain('(import "env" "memory" (memory (;0;) 0))')
  expect(text.includes('f32x4.relaxed_madd')).toBe(relaxed)
  expect(text.includes('f32x4.mul')).toBe(!relaxed)
  expect(text.match(/v128\.load32_splat/g)?.length).toBeGreaterThan(10)
})
