import { LANES, type Region, regions, type Structure } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { Module } from '../wasm/module.ts'
import { SizeNumbers } from './size-numbers.ts'

/** The variables that hold the addresses of a program's pieces of memory. */
export type Addresses = Readonly<Record<Region, Local>>

/** A module with the one function `run`, which takes an address for each region and gives nothing. */
export function emitProgram(
  { numbers }: Structure,
  write: (code: Code, addresses: Addresses, numbers: SizeNumbers) => void,
): Uint8Array<ArrayBuffer> {
  return emitRun(regions, (code) => {
    const entries = regions.map((region, index) => [region, code.parameters[index]])
    const addresses = Object.fromEntries(entries) as Addresses
    write(code, addresses, new SizeNumbers(code, addresses.tables, numbers))
  })
}

/** A module with the one function `run`, which takes an address for each of some pieces of memory and gives nothing. */
export function emitRun(pieces: readonly unknown[], write: (code: Code) => void): Uint8Array<ArrayBuffer> {
  const module = new Module()
  const takes = pieces.map(() => 'i32' as const)
  module.function('run', takes, [], write)
  return module.encode()
}

const lanes = new Float32Array(LANES)
const bytesOfLanes = new Uint8Array(lanes.buffer)

/** Pushes a vector with a number in every lane. */
export function constant(code: Code, value: number): Code {
  lanes.fill(value)
  return code.emitBytes('v128.const', bytesOfLanes)
}

/** sum += a * b, vectors all; in one instruction where the plan allows it. */
export function multiplyAdd(code: Code, { relaxed }: Pick<Structure, 'relaxed'>, a: Local, b: Local, sum: Local): void {
  code.get(a).get(b)
  if (relaxed) code.get(sum).emit('f32x4.relaxed_madd').set(sum)
  else code.emit('f32x4.mul').get(sum).emit('f32x4.add').set(sum)
}
