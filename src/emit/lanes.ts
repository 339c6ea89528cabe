import type { Range } from '../geometry/index.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loaded, variables, vectors } from './loops.ts'
import { constant } from './program.ts'

/** Up to four floats of a row in memory that become lanes of a vector. */
export interface Lanes {
  /** The address, and the bytes from there to the cell of lane 0. */
  readonly at: Local
  readonly place: number
  /** Cells from lane to lane. */
  readonly stride: number
  /** The lanes that are read. */
  readonly lanes: Range
  /** The cells around that of lane 0, which is cell 0, that may be touched. */
  readonly room: Range
  /** What stands in the other lanes. */
  readonly fill: number
}

/** Loads lanes with as few instructions as their places allow: most of the work at the edges of an image is this. */
export function loadLanes(code: Code, source: Lanes, target: Local): void {
  const { at, place, stride, lanes, room, fill } = source
  const cells = multiples(LANES, stride).map((cell, lane) => (isIn(lanes, lane) ? cell : undefined))
  const [first, last] = [lanes.begin * stride, (lanes.end - 1) * stride]
  const low = Math.min(first, room.end - LANES)
  const high = Math.max(last - LANES + 1, low)
  const load = (cell: number): Code => code.get(at).emit('v128.load', place + cell * FLOAT)
  const fits = low >= room.begin && high - low <= LANES && place + low * FLOAT >= 0
  if (!fits) {
    loadOneByOne(code, source, target)
    return
  }
  load(low)
  // Lanes that lie as in memory only moved on, or not at all, take one instruction of a processor.
  const shift = stride === 1 ? first - low - lanes.begin : 0
  let picked = cells.map((cell, lane) => (cell === undefined ? LANES + ((lane + shift) & (LANES - 1)) : cell - low))
  if (high > low) {
    load(high)
    shuffle(
      code,
      cells.map((cell = first) => (cell - low < LANES ? cell - low : LANES + cell - high)),
    )
    picked = cells.map((cell, lane) => (cell === undefined ? LANES + lane : lane))
  }
  if (picked.some((lane, index) => lane !== index)) shuffle(constant(code, fill), picked)
  code.set(target)
}

function loadOneByOne(code: Code, { at, place, stride, lanes, fill }: Lanes, target: Local): void {
  const zero = fill === 0 && lanes.begin === 0
  if (zero) code.load(target, at, place, 'v128.load32_zero')
  else constant(code, fill).set(target)
  for (let lane = lanes.begin + (zero ? 1 : 0); lane < lanes.end; lane++) {
    code
      .get(at)
      .get(target)
      .emit('v128.load32_lane', place + lane * stride * FLOAT, lane)
      .set(target)
  }
}

/** Lanes of a vector that lie side by side in memory: all, one half, or one. */
export interface LaneStretch {
  readonly at: Local
  readonly place: number
  /** The first of them, and how many there are. */
  readonly lane: number
  readonly lanes: 4 | 2 | 1
}

/** The first lanes of a vector, side by side. */
export function firstLanes(at: Local, place: number, lanes: number): LaneStretch[] {
  if (lanes === LANES) return [{ at, place, lane: 0, lanes: LANES }]
  const stretches: LaneStretch[] = lanes > 1 ? [{ at, place, lane: 0, lanes: 2 }] : []
  if (lanes % 2 === 1) stretches.push({ at, place: place + (lanes - 1) * FLOAT, lane: lanes - 1, lanes: 1 })
  return stretches
}

/** Stores stretches of a vector. */
export function storeStretches(code: Code, value: Local, stretches: readonly LaneStretch[]): void {
  for (const { at, place, lane, lanes } of stretches) {
    if (lanes === LANES) code.store(value, at, place)
    else if (lanes === 2) code.store(value, at, place, 'v128.store64_lane', lane / 2)
    else code.store(value, at, place, 'v128.store32_lane', lane)
  }
}

/** Loads so many floats, repeated. */
export const loadNames = { 4: 'v128.load', 2: 'v128.load64_splat', 1: 'v128.load32_splat' } as const

/** Loads stretches into a new vector; what is in its other lanes is not said. */
export function loadStretches(code: Code, [first, ...others]: readonly LaneStretch[]): Local {
  const vector = loaded(code, first.at, first.place, loadNames[first.lanes])
  for (const { at, place, lane, lanes } of others) {
    code.get(at).get(vector)
    if (lanes === 2) code.emit('v128.load64_lane', place, lane / 2)
    else code.emit('v128.load32_lane', place, lane)
    code.set(vector)
  }
  return vector
}

/**
 * Works on 1 to 4 lanes, as a variable says, in parts of 4, of 2 and of 1.
 *
 * @param part takes how many lanes, and the addresses of the first of them
 */
export function eachPart<Name extends string>(
  code: Code,
  lanes: Local,
  from: Readonly<Record<Name, Local>>,
  part: (lanes: 4 | 2 | 1, at: Readonly<Record<Name, Local>>) => void,
): void {
  const has = (bit: number, body: () => void): Code => code.get(lanes).emit('i32.const', bit).emit('i32.and').if(body)
  has(4, () => part(4, from))
  has(2, () => part(2, from))
  has(1, () => {
    const names = Object.keys(from) as Name[]
    const at = variables(code, ...names)
    for (const name of names) {
      code.get(lanes).emit('i32.const', 2).emit('i32.and').emit('i32.const', FLOAT).emit('i32.mul')
      code.get(from[name]).emit('i32.add').set(at[name])
    }
    part(1, at)
  })
}

/** Loads 1 to 4 lanes, as a variable says, the first ones or the last ones, from their places in a vector in memory. */
export function loadSomeLanes(code: Code, at: Local, place: number, lanes: Local, which: 'first' | 'last'): Local {
  const [vector] = vectors(code, 1)
  const [one, two, third] = which === 'first' ? [0, 0, 2] : [3, 2, 1]
  const are = (count: number, body: () => void): Code =>
    code.get(lanes).emit('i32.const', count).emit('i32.eq').if(body)
  const pair = (): Code => code.load(vector, at, place + two * FLOAT, 'v128.load64_splat')
  are(4, () => code.load(vector, at, place))
  are(1, () => code.load(vector, at, place + one * FLOAT, 'v128.load32_splat'))
  are(2, pair)
  are(3, () =>
    pair()
      .get(at)
      .get(vector)
      .emit('v128.load32_lane', place + third * FLOAT, third)
      .set(vector),
  )
  return vector
}

/** Stores the last lanes of a vector, 1 to 4 of them as a variable says, at their places in it. */
export function storeLastLanes(code: Code, at: Local, value: Local, lanes: Local): void {
  const are = (count: number): Code => code.get(lanes).emit('i32.const', count).emit('i32.eq')
  are(4).if(() => code.store(value, at))
  are(1).if(() => code.store(value, at, 3 * FLOAT, 'v128.store32_lane', 3))
  are(3).if(() => code.store(value, at, FLOAT, 'v128.store32_lane', 1))
  const two = code.get(lanes).emit('i32.const', 2).emit('i32.and') // of two and of three
  two.if(() => code.store(value, at, 2 * FLOAT, 'v128.store64_lane', 1))
}

/** Zeros in all but some lanes of the vector on the stack: a constant to mask it would be put together anew each time. */
export function masked(code: Code, lanes: Range): void {
  shuffle(
    constant(code, 0),
    multiples(LANES, 1).map((lane) => (isIn(lanes, lane) ? lane : LANES + lane)),
  )
}

/** Lanes of the two vectors on the stack; 4 to 7 are those of the second. */
export function shuffle(code: Code, lanes: readonly number[]): Code {
  return code.emitBytes(
    'i8x16.shuffle',
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * FLOAT + byte)),
  )
}

/** The same, of variables and into a new one. */
export function shuffled(code: Code, a: Local, b: Local, lanes: readonly number[]): Local {
  const [result] = vectors(code, 1)
  shuffle(code.get(a).get(b), lanes).set(result)
  return result
}

function isIn({ begin, end }: Range, index: number): boolean {
  return begin <= index && index < end
}
