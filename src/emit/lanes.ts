import { FLOAT, LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import { constant } from './program.ts'
import { shuffled } from './store-block.ts'

/** Up to four floats in memory, a step apart, that become lanes of a vector. */
export interface Lanes {
  /** The address, and the bytes from there to what lane 0 would read. */
  readonly at: Local
  readonly place: number
  /** Bytes from lane to lane. */
  readonly step: number
  /** The lanes that are read; nothing else is touched. */
  readonly lanes: { readonly begin: number; readonly end: number }
  /** What stands in the others. */
  readonly fill: number
}

/** Loads lanes with as few instructions as their places allow. */
export function loadLanes(code: Code, source: Lanes, target: Local): void {
  const { at, place, step, lanes } = source
  const whole = lanes.begin === 0 && lanes.end === LANES
  if (whole && step === FLOAT) code.get(at).emit('v128.load', place).set(target)
  else if (whole && step === 2 * FLOAT) loadEverySecond(code, source, target)
  else loadOneByOne(code, source, target)
}

/** Two loads that overlap by a float, so that nothing behind the last lane is read. */
function loadEverySecond(code: Code, { at, place }: Lanes, target: Local): void {
  const [low, high] = vectors(code, 2)
  code.get(at).emit('v128.load', place).set(low)
  code
    .get(at)
    .emit('v128.load', place + 3 * FLOAT)
    .set(high)
  shuffled(code, low, high, [0, 2, 5, 7], target)
}

function loadOneByOne(code: Code, { at, place, step, lanes, fill }: Lanes, target: Local): void {
  const zero = fill === 0 && lanes.begin === 0
  if (zero) code.get(at).emit('v128.load32_zero', place).set(target)
  else constant(code, fill).set(target)
  for (let lane = lanes.begin + (zero ? 1 : 0); lane < lanes.end; lane++) {
    code
      .get(at)
      .get(target)
      .emit('v128.load32_lane', place + lane * step, lane)
      .set(target)
  }
}

/** Stores the first lanes of a vector side by side. */
export function storeLanes(code: Code, at: Local, place: number, value: Local, lanes: number): void {
  if (lanes === LANES) {
    code.get(at).get(value).emit('v128.store', place)
    return
  }
  if (lanes >= 2) code.get(at).get(value).emit('v128.store64_lane', place, 0)
  if (lanes % 2 === 1) {
    code
      .get(at)
      .get(value)
      .emit('v128.store32_lane', place + (lanes - 1) * FLOAT, lanes - 1)
  }
}
