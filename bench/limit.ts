import { constant } from '../src/emit/program.ts'
import type { Code } from '../src/wasm/code.ts'
import { createMemory, instantiate, probeFeatures } from '../src/wasm/engine.ts'
import { Module } from '../src/wasm/module.ts'

/** A loop that does nothing but multiply and add in registers: as fast as WebAssembly can compute here. */
export interface LimitLoop {
  readonly instruction: string
  readonly run: () => unknown
  /** Of one run. */
  readonly operations: number
}

/** As many sums as hide the latency of an addition, and few enough that none is spilled. */
const SUMS = 12
const UNROLLED = 4
const PASSES = 20_000
const OPERATIONS = 2 * 4 * SUMS * UNROLLED * PASSES // two on each of four lanes

/** Relaxed SIMD where this engine has it, as samepad's programs use it. */
export function limitLoop(): LimitLoop {
  const { relaxed } = probeFeatures()
  const module = new Module()
  module.function('run', ['i32'], ['f32'], (code) => emit(code, relaxed))
  const { run } = instantiate(module.encode(), createMemory(1))
  return {
    instruction: relaxed ? 'f32x4.relaxed_madd' : 'f32x4.mul and f32x4.add',
    run: () => run(PASSES),
    operations: OPERATIONS,
  }
}

/** sum = sum * half + one, which stays near 2: no denormal numbers, and nothing that a compiler could do once only. */
function emit(code: Code, relaxed: boolean): void {
  const [count] = code.parameters
  const [half, one] = [0.5, 1].map((value) => {
    const local = code.local('v128')
    constant(code, value).set(local)
    return local
  })
  const sums = Array.from({ length: SUMS }, (_, index) => {
    const local = code.local('v128')
    constant(code, index).set(local)
    return local
  })
  code.loop((again) => {
    for (let pass = 0; pass < UNROLLED; pass++) {
      for (const sum of sums) {
        code.get(sum).get(half)
        if (relaxed) code.get(one).emit('f32x4.relaxed_madd').set(sum)
        else code.emit('f32x4.mul').get(one).emit('f32x4.add').set(sum)
      }
    }
    code.get(count).emit('i32.const', 1).emit('i32.sub').tee(count).branchIf(again)
  })
  const [first, ...rest] = sums
  code.get(first)
  for (const sum of rest) code.get(sum).emit('f32x4.add')
  code.emit('f32x4.extract_lane', 0)
}
