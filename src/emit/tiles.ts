import { ENTRY, entryFields, type Lookup } from '../plan/counts.ts'
import { FLOAT } from '../plan/plan.ts'
import { runFields, type TileKind } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { addProduct, type Bytes, variables, walk } from './loops.ts'
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
 * @param runs address of the entries of `runFields`, one for each kind
 * @param steps bytes from a tile of so many outputs to the next
 * @param body takes for a kind that ends rows how many lanes of the first vector are stored
 */
export function eachTile(
  code: Code,
  kinds: readonly TileKind[],
  runs: Local,
  steps: (pixels: number) => Bytes<keyof Tensors>,
  from: Tensors,
  body: (kind: TileKind, at: Tensors, lanes: Local) => void,
): void {
  kinds.forEach((kind, index) => {
    const load = (field: (typeof runFields)[number]): Code =>
      code.get(runs).emit('i32.load', (index * runFields.length + runFields.indexOf(field)) * FLOAT)
    const { tiles, lanes } = variables(code, 'tiles', 'lanes')
    load('tiles').tee(tiles)
    code.if(() => {
      if (kind.ends) load('lanes').set(lanes)
      const step = steps(kind.pixels)
      const begin: Record<keyof Tensors, Local> = { ...from }
      for (const name of Object.keys(step) as (keyof Tensors)[]) {
        begin[name] = code.local('i32')
        load(name).get(from[name]).emit('i32.add').set(begin[name])
      }
      walk(code, tiles, begin, step, (at) => body(kind, at, lanes))
    })
  })
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
  weights: readonly Quantity[],
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
    if (weights[axis] !== 0) addProduct(code, start.weights, tap, weights[axis])
  })
  code.if(() => nest(0, { ...from, ...start }))
}
