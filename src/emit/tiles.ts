import type { Axis } from '../geometry/index.ts'
import { ENTRY, entryFields, type Lookup } from '../plan/counts.ts'
import { FLOAT } from '../plan/plan.ts'
import type { TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { addProduct, type Bytes, scaled, setSum, shifted, variables, walk } from './loops.ts'

/** An entry of a plan's tables: where an output reads, its first real tap, how many are real, its count. */
export interface Entry extends Readonly<Record<'input' | 'tap' | 'count', Local>> {
  /** 1 where that is so for every output, and the tap is the first. */
  readonly taps: Local | 1
  /** Bytes from tap to tap. */
  readonly step: number
}

/** The addresses at which a part of a program works. */
export type Tensors = Readonly<Record<'input' | 'output' | 'weights' | 'bias', Local>>

/** All outputs of looked up axes, the first outermost, whose entries lie in the tables one axis behind the other. */
export function eachLine(
  code: Code,
  tables: Local,
  [lookup, ...others]: readonly Lookup[],
  from: Tensors,
  body: (at: Tensors, entries: readonly Entry[]) => void,
  entries: readonly Entry[] = [],
): void {
  if (!lookup) {
    body(from, entries)
    return
  }
  const { lines, step } = lookup
  const next = code.local('i32')
  setSum(code, next, tables, lines.outputs.length * ENTRY)
  const entry = variables(code, ...entryFields)
  walk(code, lines.outputs.length, { ...from, tables }, { tables: ENTRY, output: step.output }, ({ tables, ...at }) => {
    entryFields.forEach((name, index) => {
      code.load(entry[name], tables, index * FLOAT, 'i32.load')
    })
    code.compute(entry.input, 'i32.add', entry.input, at.input)
    const first = lines.outputs.every(({ tap, count }) => tap === 0 && count === 1)
    const known = { ...entry, taps: first ? (1 as const) : entry.taps, step: lines.dilation * step.input }
    eachLine(code, next, others, { ...at, input: entry.input }, body, [...entries, known])
  })
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
  { input, ...steps }: Bytes<keyof Tensors> & { readonly input: number },
  from: Tensors,
  body: (run: Run, at: Tensors) => void,
): void {
  for (const run of runs) {
    const cell = run.first * stride - padBegin + run.start
    const begin = shifted(code, from, { ...scaled(steps, run.first), input: cell * input })
    const tile = { ...scaled(steps, run.pixels), input: run.pixels * stride * input }
    walk(code, run.tiles, begin, tile, (at) => body(run, at))
  }
}

/** Where a tap reads, and where its weights begin. */
export type Place = Readonly<Record<'input' | 'weights', Local>>

/**
 * Loops over the real taps of looked up axes, the first outermost; there may be none.
 *
 * @param weights of each axis, bytes from tap to tap
 */
export function eachTap(
  code: Code,
  from: Place,
  entries: readonly Entry[],
  weights: readonly number[],
  body: (place: Place) => void,
): void {
  const nest = (axis: number, place: Place): void => {
    if (axis === entries.length) {
      body(place)
      return
    }
    const { taps, step } = entries[axis]
    walk(code, taps, place, { input: step, weights: weights[axis] }, (inner) => nest(axis + 1, inner))
  }
  const start = variables(code, 'weights')
  code.get(from.weights).set(start.weights).emit('i32.const', 1)
  entries.forEach(({ taps, tap }, axis) => {
    if (taps === 1) return
    code.get(taps).emit('i32.mul')
    if (weights[axis] > 0) addProduct(code, start.weights, tap, weights[axis])
  })
  code.if(() => nest(0, { ...from, ...start }))
}
