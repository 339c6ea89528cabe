import type { Axis } from '../geometry/index.ts'
import { LINE } from '../plan/counts.ts'
import type { Step } from '../plan/narrow.ts'
import type { TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { advance, copy, countDown, repeat, setSum, variables } from './loops.ts'

/** An entry of a plan's tables: where an output reads, its first real tap, how many are real, its count. */
export type Entry = Readonly<Record<'input' | 'tap' | 'taps' | 'count', Local>>

/** New variables for an entry. */
export function entryOf(code: Code): Entry {
  return variables(code, 'input', 'tap', 'taps', 'count')
}

/** Reads an entry of the tables, counted from where `input` is, and moves on to the next. */
export function readEntry(code: Code, at: Local, input: Local, { input: target, tap, taps, count }: Entry): void {
  code.get(input).get(at).emit('i32.load').emit('i32.add').set(target)
  ;[tap, taps, count].forEach((local, index) => {
    code
      .get(at)
      .emit('i32.load', 4 + 4 * index)
      .set(local)
  })
  advance(code, at, LINE)
}

/** The pieces of memory that a program passes through. */
export const pieces = ['input', 'output', 'weights', 'bias'] as const

/** An address in each of them. */
export type Tensors = Readonly<Record<(typeof pieces)[number], Local>>

/** New variables for addresses. */
export function tensors(code: Code): Tensors {
  return variables(code, ...pieces)
}

/**
 * All tiles along an axis, run by run; those of a run differ in their place only. Addresses are those of the first cell
 * that is read, so that none is ever formed outside of a tensor.
 *
 * @param steps bytes from cell to cell
 */
export function eachTile<Run extends TileRun>(
  code: Code,
  runs: readonly Run[],
  { stride, padBegin }: Axis,
  steps: Step,
  from: Tensors,
  body: (run: Run, at: Tensors) => void,
): void {
  const at = tensors(code)
  for (const run of runs) {
    const cell = run.first * stride - padBegin + run.start
    for (const name of pieces) setSum(code, at[name], from[name], (name === 'input' ? cell : run.first) * steps[name])
    repeat(code, run.tiles, () => {
      body(run, at)
      for (const name of pieces) advance(code, at[name], run.pixels * (name === 'input' ? stride : 1) * steps[name])
    })
  }
}

/** Where a tap reads, and where its weights begin. */
export type Place = Readonly<Record<'input' | 'weights', Local>>

/** Bytes from tap to tap, how many taps are real, and the first of them where that is not the first of all. */
export interface Taps {
  readonly input: number
  readonly weights: number
  readonly taps: Local
  readonly tap?: Local
}

/** Loops over real taps, the first axis outermost; there may be none. */
export function eachTap(code: Code, from: Place, axes: readonly Taps[], body: (place: Place) => void): void {
  const nest = (axis: number, outer: Place): void => {
    if (axis === axes.length) {
      body(outer)
      return
    }
    const { taps, input, weights } = axes[axis]
    const place = variables(code, 'input', 'weights', 'left')
    copy(code, place, { ...outer, left: taps })
    countDown(code, place.left, () => {
      nest(axis + 1, place)
      advance(code, place.input, input)
      advance(code, place.weights, weights)
    })
  }
  const start = variables(code, 'input', 'weights')
  copy(code, start, from)
  code.emit('i32.const', 1)
  for (const { taps, tap, weights } of axes) {
    code.get(taps).emit('i32.mul')
    if (!tap) continue
    code.get(start.weights).get(tap).emit('i32.const', weights).emit('i32.mul').emit('i32.add').set(start.weights)
  }
  code.if(() => nest(0, start))
}
