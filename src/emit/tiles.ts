import type { Axis } from '../geometry/index.ts'
import { ENTRY, entryFields, type Lookup } from '../plan/counts.ts'
import { FLOAT } from '../plan/plan.ts'
import { runFields, type TileKind, type TileRun } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { addProduct, type Bytes, shifted, variables, walk } from './loops.ts'
import type { Quantity, SizeNumbers } from './size-numbers.ts'

/** An entry of a plan's tables: where an output reads, its first real tap, how many are real, its count. */
export interface Entry extends Readonly<Record<'input' | 'tap' | 'count', Local>> {
  /** 1 where that is so for every output, and the tap is the first. */
  readonly taps: Local | 1
  /** Bytes from tap to tap. */
  readonly step: Quantity
}

/** The addresses at which a part of a program works. */
export type Tensors = Readonly<Record<'input' | 'output' | 'weights' | 'bias', Local>>

/** All outputs of looked up axes, the first outermost. */
export function eachLine(
  code: Code,
  numbers: SizeNumbers,
  [lookup, ...others]: readonly Lookup[],
  from: Tensors,
  body: (at: Tensors, entries: readonly Entry[]) => void,
  entries: readonly Entry[] = [],
): void {
  if (!lookup) {
    body(from, entries)
    return
  }
  const { outputs, single, step, dilation } = lookup
  const entry = variables(code, ...entryFields)
  const list = { ...from, list: numbers.address(lookup.entries) }
  const next = { list: ENTRY, output: numbers.of(step.output) }
  walk(code, numbers.of(outputs), list, next, ({ list, ...at }) => {
    entryFields.forEach((name, index) => {
      code.load(entry[name], list, index * FLOAT, 'i32.load')
    })
    code.compute(entry.input, 'i32.add', entry.input, at.input)
    const known = { ...entry, taps: single ? (1 as const) : entry.taps, step: numbers.of(step.input, dilation) }
    eachLine(code, numbers, others, { ...at, input: entry.input }, body, [...entries, known])
  })
}

/**
 * All tiles along an axis, kind by kind; those of a kind differ in their place only. Addresses are those of the first cell
 * that is read, so that none is ever formed outside of a tensor.
 *
 * @param runs addresses of the entries of `runFields`, one for each kind
 * @param steps bytes from output to output, and to the first cell of the next one's window
 */
export function eachTile<Kind extends TileKind>(
  code: Code,
  kinds: readonly Kind[],
  runs: Local,
  steps: Readonly<Record<'input' | 'output', number>>,
  from: Tensors,
  body: (kind: Kind, at: Tensors) => void,
): void {
  kinds.forEach((kind, index) => {
    const place = (field: (typeof runFields)[number]): number =>
      (index * runFields.length + runFields.indexOf(field)) * FLOAT
    const { tiles, ...begin } = variables(code, ...runFields)
    code.load(tiles, runs, place('tiles'), 'i32.load')
    code.get(tiles).if(() => {
      for (const side of ['input', 'output'] as const) {
        code.get(from[side]).get(runs).emit('i32.load', place(side)).emit('i32.add').set(begin[side])
      }
      const tile = { input: kind.pixels * steps.input, output: kind.pixels * steps.output }
      walk(code, tiles, { ...from, ...begin }, tile, (at) => body(kind, at))
    })
  })
}

/**
 * The same where code is made for one size alone.
 *
 * @param steps bytes from cell to cell
 */
export function eachFixedTile<Run extends TileRun>(
  code: Code,
  runs: readonly Run[],
  { stride, padBegin }: Axis,
  { input, ...steps }: Readonly<Partial<Record<keyof Tensors, number>>> & { readonly input: number },
  from: Tensors,
  body: (run: Run, at: Tensors) => void,
): void {
  const scaled = (by: number): Bytes<keyof Tensors> =>
    Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, step * by]))
  for (const run of runs) {
    const cell = run.first * stride - padBegin + run.start
    const begin = shifted(code, from, { ...scaled(run.first), input: cell * input })
    const tile = { ...scaled(run.pixels), input: run.pixels * stride * input }
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
