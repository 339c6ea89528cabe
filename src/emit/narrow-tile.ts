import type { Range } from '../geometry/index.ts'
import type { CountedRun } from '../plan/counts.ts'
import { multiples } from '../plan/gather.ts'
import type { NarrowStructure } from '../plan/narrow.ts'
import { FLOAT, LANES } from '../plan/plan.ts'
import { readTaps, usesOf } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadLanes } from './lanes.ts'

/** A tile of a narrow plan: some rows of some vectors of outputs. Cells and lines count from where its first window starts. */
export interface NarrowTile {
  readonly row: CountedRun
  readonly column: CountedRun
  readonly rows: readonly number[]
  readonly vectors: readonly number[]
  /** The lines of which a tap is real, in order, and the rows that read each, with which tap. */
  readonly lines: readonly (readonly [
    line: number,
    uses: readonly { readonly pixel: number; readonly tap: number }[],
  ])[]
  /** Whether anything is read at all. */
  readonly reads: boolean
  /** The lanes of a vector of outputs for which a tap of the width is real. */
  lanes(tap: number, vector: number): Range
  /** The lanes of a vector of neighbouring cells that are real for every tile of the run. */
  real(cell: number): Range
  /** Loads cells of a line, from one on; `fill` is in the other lanes. */
  load(at: Local, line: number, cell: number, stride: number, lanes: Range, fill: number, target: Local): void
}

export function narrowTile(
  { height, width, steps }: NarrowStructure,
  code: Code,
  row: CountedRun,
  column: CountedRun,
): NarrowTile {
  const { first, tiles, pixels, start, reading } = column
  const corner = first * width.stride - width.padBegin
  const room = { begin: Math.max(-corner, start), end: width.input - corner - (tiles - 1) * pixels * width.stride }
  const within = ({ begin, end }: Range, from: number): Range => ({
    begin: Math.max(0, begin - from),
    end: Math.min(LANES, end - from),
  })
  const lines = usesOf(row.reading, height)
  return {
    row,
    column,
    rows: multiples(row.pixels, 1),
    vectors: multiples(Math.ceil(pixels / LANES), 1),
    lines,
    reads: lines.length > 0 && readTaps(column).length > 0,
    lanes: (tap, vector) => within(reading[tap], vector * LANES),
    real: (cell) => within(room, cell),
    load(at, line, cell, stride, lanes, fill, target) {
      const place = (line - row.start) * steps.row.input + (cell - start) * FLOAT
      const around = { begin: room.begin - cell, end: room.end - cell }
      loadLanes(code, { at, place, stride, lanes, room: around, fill }, target)
    },
  }
}
