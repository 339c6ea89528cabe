import { taps } from '../geometry/index.ts'
import { evenly, evenPortions, type Portion, total } from './row-tiles.ts'
import { type Amount, INTEGER, type Integers, type Tables } from './tables.ts'
import type { Part, Residue } from './winograd-residues.ts'

/** How many tiles `tileEntries` lists. */
export function tilesOf([{ taps, axis }]: readonly Residue[], span: number): number {
  const { dilation, output } = axis
  const step = (span + 1 - taps.length) * dilation
  let tiles = 0
  for (let residue = 0; residue < Math.min(dilation, output); residue++) tiles += Math.ceil((output - residue) / step)
  return tiles
}

/** What an entry says of which cells of a tile are real: so many integers, written to a place of a list. */
export interface CellFields {
  readonly length: number
  readonly write: (entries: Int32Array, place: number, begin: number, end: number) => void
}

/**
 * The entries of the tiles of windows that are added, of each residue of the outputs and each modulo the dilation by
 * themselves: bytes to a tile's first output, how many of its outputs exist, and of each residue of cells bytes to the first
 * real one and which are real. They are written as they will lie, since a line of sound has thousands of tiles.
 *
 * @param span cells that a tile reads of each residue: with so many taps it makes `span + 1 - taps` outputs
 * @param from bytes from cell to cell
 * @param to bytes from output to output
 */
export function tileEntries(
  residues: readonly Residue[][],
  span: number,
  from: number,
  to: number,
  real: CellFields,
): EntryList {
  const length = 2 + residues[0].length * (1 + real.length)
  const integers = new Int32Array(length * total(residues, (added) => tilesOf(added, span)))
  let place = 0
  for (const added of residues) {
    const [{ first, step, taps: kernel, axis }] = added
    const { dilation, output } = axis
    const tile = span + 1 - kernel.length
    const windows = added.map(({ axis, cells }) => ({ axis: { ...axis, kernel: span }, cells }))
    for (let residue = 0; residue < Math.min(dilation, output); residue++) {
      for (let window = residue; window < output; window += tile * dilation) {
        integers[place++] = (first + window * step) * to
        integers[place++] = Math.min(tile, Math.ceil((output - window) / dilation))
        for (const { axis, cells } of windows) {
          const { begin, end } = taps(axis, window)
          const cell = begin < end ? cells.first + (window - axis.padBegin + begin * dilation) * cells.step : 0
          integers[place++] = cell * from
          real.write(integers, place, begin, end)
          place += real.length
        }
      }
    }
  }
  return { length, integers }
}

/** Tiles that share filters and are worked through together: some rows of them times some columns. */
export interface Panel {
  /** The place of their filters: those of each residue of width, for each of height. */
  readonly filter: number
  readonly rows: Part
  readonly columns: Part
  readonly tiles: number
  /** The tiles in blocks as even as can be: small ones are slow. */
  readonly blocks: readonly Portion[]
}

/** Cuts so many rows and columns of tiles of each residue of the outputs into panels of so many tiles at most, in blocks of so many. */
export function panelsOf(rows: readonly number[], columns: readonly number[], most: number, block: number): Panel[] {
  const segments = partsOf(columns, most)
  const widest = Math.max(...segments.flat().map(({ count }) => count))
  return partsOf(rows, Math.max(1, Math.floor(most / widest))).flatMap((high, line) =>
    segments.flatMap((wide, column) =>
      high.flatMap((rows) =>
        wide.map((columns) => {
          const tiles = rows.count * columns.count
          return { filter: line * segments.length + column, rows, columns, tiles, blocks: evenPortions(tiles, block) }
        }),
      ),
    ),
  )
}

/** Even parts of each of some lists of such lengths, counted through all of them. */
function partsOf(lengths: readonly number[], most: number): Part[][] {
  let end = 0
  return lengths.map((length) =>
    evenly(length, most).map((count) => {
      end += count
      return { first: end - count, count }
    }),
  )
}

/** Entries of one sort in the tables: where they begin, bytes from one to the next, how many there are. */
export interface Entries {
  readonly list: Amount
  readonly step: number
  readonly count: Amount
}

/** Entries of so many integers, one after the other. */
export interface EntryList {
  readonly length: number
  readonly integers: Integers
}

/** Adds entries of several sorts to tables. */
export function entriesOf<Sort extends string>(
  sorts: Readonly<Record<Sort, EntryList>>,
  tables: Tables,
): Record<Sort, Entries> {
  const entries: Partial<Record<Sort, Entries>> = {}
  for (const sort of Object.keys(sorts) as Sort[]) {
    const { length, integers } = sorts[sort]
    entries[sort] = {
      list: tables.list(`${sort} entries`, integers),
      step: length * INTEGER,
      count: tables.number(sort, integers.length / length),
    }
  }
  return entries as Record<Sort, Entries>
}
