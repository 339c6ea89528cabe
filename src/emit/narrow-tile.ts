import type { Range } from '../geometry/index.ts'
import { multiples } from '../plan/gather.ts'
import type { NarrowStructure } from '../plan/narrow.ts'
import { FLOAT, LANES } from '../plan/plan.ts'
import { readTaps, type TileKind, usesOf } from '../plan/row-tiles.ts'
import type { Code, Local } from '../wasm/code.ts'
import { loadLanes } from './lanes.ts'
import { setSum } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'

/** The variable for each row of a tile, output channel of a group and vector. */
export type Results = (row: number, out: number, vector: number) => Local

/** A tile of a narrow plan: some rows of some vectors of outputs. Cells and lines count from where its first window starts. */
export interface NarrowTile {
  readonly row: TileKind
  readonly column: TileKind
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
  /** The lanes of a vector of neighbouring cells that are real for every tile of the kind. */
  real(cell: number): Range
  /**
   * Gives what loads cells of a line, from one on, behind the address of a tile's first cell; `fill` is in the other lanes.
   * To be asked for once where that address is set, and used there only.
   */
  loader(at: Local): (line: number, cell: number, stride: number, lanes: Range, fill: number, target: Local) => void
}

export function narrowTile(
  { rows }: NarrowStructure,
  code: Code,
  numbers: SizeNumbers,
  row: TileKind,
  column: TileKind,
): NarrowTile {
  const { pixels, start, reading, room = { begin: 0, end: 0 } } = column
  const within = ({ begin, end }: Range, from: number): Range => ({
    begin: Math.max(0, begin - from),
    end: Math.min(LANES, end - from),
  })
  const lines = usesOf(row.reading, rows)
  return {
    row,
    column,
    rows: multiples(row.pixels, 1),
    vectors: multiples(Math.ceil(pixels / LANES), 1),
    lines,
    reads: lines.length > 0 && readTaps(column).length > 0,
    lanes: (tap, vector) => within(reading[tap], vector * LANES),
    real: (cell) => within(room, cell),
    loader(at) {
      // One address goes from line to line: one for each would take more registers than there are.
      const address = code.local('i32')
      let last: number | undefined
      const find = (line: number): { at: Local; step: number } => {
        const from = last === undefined || line < last ? row.start : last
        const step = numbers.of(rows.step.input, line - from)
        if (typeof step === 'number') return { at, step }
        setSum(code, address, from === last ? address : at, step)
        last = line
        return { at: address, step: 0 }
      }
      return (line, cell, stride, lanes, fill, target) => {
        const { at, step } = line === last ? { at: address, step: 0 } : find(line)
        const around = { begin: room.begin - cell, end: room.end - cell }
        const place = step + (cell - start) * FLOAT
        loadLanes(code, { at, place, stride, lanes, room: around, fill }, target)
      }
    },
  }
}
