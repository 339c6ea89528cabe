import { type Plan, type Region, regions } from '../plan/plan.ts'
import { clamps } from '../reference/problem.ts'
import type { Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'

/** The variables that hold the addresses of a program's pieces of memory. */
export type Addresses = Readonly<Record<Region, Local>>

/** A module with the one function `run`, which takes an address for each region and gives nothing. */
export function emitProgram(write: (code: Code, addresses: Addresses) => void): Uint8Array<ArrayBuffer> {
  const module = new Module()
  const takes = regions.map(() => 'i32' as const)
  module.function('run', takes, [], (code) => {
    const addresses = Object.fromEntries(regions.map((region, index) => [region, code.parameters[index]]))
    write(code, addresses as Addresses)
  })
  return module.encode()
}

/** Sends the vector on the stack through the plan's activation. */
export function activate(code: Code, { activation }: Pick<Plan, 'activation'>): Code {
  if (!activation) return code
  const [least, most] = clamps[activation]
  constant(code, least).emit('f32x4.max')
  return Number.isFinite(most) ? constant(code, most).emit('f32x4.min') : code
}

/** Pushes a vector with a number in every lane. */
export function constant(code: Code, value: number): Code {
  const lane = new Uint8Array(Float32Array.of(value).buffer)
  return code.emit('v128.const', ...lane, ...lane, ...lane, ...lane)
}

/** sum += a * b, vectors all; in one instruction where the plan allows it. */
export function multiplyAdd(code: Code, { relaxed }: Pick<Plan, 'relaxed'>, a: Local, b: Local, sum: Local): void {
  code.get(a).get(b)
  if (relaxed) code.get(sum).emit('f32x4.relaxed_madd').set(sum)
  else code.emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum)
}

/**
 * result = the larger of result and value. f32x4.max takes eight instructions of a processor; pmax takes one and loses
 * NaN, which is noted aside: `missing` has all bits set in its lanes, and is joined with the result in the end.
 */
export function largest(code: Code, result: Local, missing: Local, value: Local): void {
  code.get(result).get(value).emit('f32x4.pmax').set(result)
  code.get(missing).get(value).get(value).emit('f32x4.ne').emit('v128.or').set(missing)
}
