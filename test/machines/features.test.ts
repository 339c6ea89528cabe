import { describe, expect, inject, it } from 'vitest'
import { prepareConv } from '../../src/index.ts'
import { createMemory, instantiate, probeFeatures } from '../../src/wasm/engine.ts'
import { Module } from '../../src/wasm/module.ts'
import { name, since, version } from './engine.ts'

/** The first version of each engine that has relaxed SIMD. */
const relaxed = since({ node: 21, chromium: 114 })
/** The first that keeps the order of instructions, as far as is known. */
const ordered = since({ node: 24, chromium: 135 })

/** Whether this processor's relaxed multiply-and-add rounds once: 1 + 2^-11 + 2^-24 is no float32, so is seen to be. */
function roundsOnce(): boolean {
  const module = new Module()
  module.function('f', ['f32', 'f32'], ['f32'], (code) => {
    const [a, c] = code.parameters
    for (const value of [a, a, c]) code.get(value).emit('f32x4.splat')
    code.emit('f32x4.relaxed_madd').emit('f32x4.extract_lane', 0)
  })
  return instantiate(module.encode(), createMemory(1)).f(1 + 2 ** -12, -(1 + 2 ** -11)) !== 0
}

// What is expected is stated here and not asked of the library, so that a silent fall-back is seen.
describe(`${name} ${version}, ${relaxed ? 'with' : 'without'} relaxed SIMD`, () => {
  it('is the engine that was to run', () => {
    expect(version).toBeGreaterThan(0)
    const promised = inject('machine') // nothing under the general configuration, which runs on whatever runs npm
    if (promised) expect(['chromium', `node${version}`]).toContain(promised)
    if (promised) expect(promised.startsWith(name)).toBe(true)
  })

  it('has what it is known to have', () => {
    expect(probeFeatures()).toEqual({ simd: true, relaxed, ordered })
  })

  it.each([false, true])('runs layers on programs that make use of it, deterministic %s', (deterministic) => {
    // The sum of two products whose exact value 2^-24 is lost when the second one is rounded before it is added. Which
    // one is second is the program's choice, so both orders are there.
    const a = 1 + 2 ** -12
    const c = -(1 + 2 ** -11)
    const layer = prepareConv({ data: Float32Array.of(a, 1, 1, a, a, 1, 1, a), shape: [4, 2, 1] }, { deterministic })
    const { data } = layer.run({ data: Float32Array.of(a, c, c, a), shape: [2, 2, 1] })
    expect(layer.engine).toBe('program')
    const sums = [data[0], data[5]].sort((x, y) => x - y)
    expect(sums).toEqual([0, relaxed && !deterministic && roundsOnce() ? 2 ** -24 : 0])
  })
})
