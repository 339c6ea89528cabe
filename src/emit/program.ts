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
 * Finds the largest of candidates. f32x4.max takes eight instructions of a processor; pmax takes one and loses NaN. So it
 * is tried with pmax, while the candidates are summed: only if a sum is no number, which NaN makes it and infinities may,
 * everything is done once more.
 *
 * @param each takes all candidates, each by the instruction that it is given
 */
export function largest(code: Code, sum: Local, each: (instruction: 'f32x4.pmax' | 'f32x4.max') => void): void {
  constant(code, 0).set(sum)
  each('f32x4.pmax')
  code.get(sum).get(sum).emit('f32x4.ne').emit('v128.any_true')
  code.if(() => each('f32x4.max'))
}
