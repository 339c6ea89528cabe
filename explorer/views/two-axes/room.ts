import type { Axis } from 'samepad/geometry'
import type { Span } from '../../drawing/pieces.ts'
import { type CellSizes, type Looked, layOut, type Strip, spanOf, unite } from '../../drawing/strip.ts'

// How a grid and the map of its outputs share the room that they have.

export const LEFT = 46 // for the rows' numbers
const RIGHT = 18 // so that the last number is whole
export const TOP = 22 // for the columns' numbers
export const TITLE = 22 // above a map
export const BETWEEN = 32 // grids, and a grid and its map
const NEAR = 28 // for the rows' numbers, where a small grid and its map share a telephone's width
const NEAR_CELL = 11

interface Cells {
  readonly grid: CellSizes
  readonly map: CellSizes
}
const plainCells: Cells = { grid: { smallest: 9, largest: 30 }, map: { smallest: 7, largest: 18 } }
/** Where there are numbers in them. */
const numberedCells: Cells = { grid: { smallest: 9, largest: 42 }, map: { smallest: 7, largest: 34 } }

/** The cells of a grid and of its map, and where they lie. */
export interface Strips {
  /** The cells across and down, and the outputs across and down. */
  readonly x: Strip
  readonly y: Strip
  readonly mapX: Strip
  readonly mapY: Strip
  /** Where the map of the outputs lies, from a grid's corner. */
  readonly mapAt: readonly [x: number, y: number]
  /** How far the grid moves to the left, where its rows have short numbers. */
  readonly shift: number
  /** Height of both. */
  readonly body: number
}

/** An output of two axes; transposed, a sample. */
export interface Place {
  readonly row: number
  readonly column: number
}

/**
 * The cells of grids that are drawn alike.
 *
 * @param axes of every convention, down and across
 * @param counts outputs down and across
 * @param at the output whose window is always drawn
 * @param width units for a grid
 * @param isAlone whether no other grid stands beside it
 */
export function stripsOf(
  [down, across]: readonly (readonly Axis[])[],
  [rows, columns]: readonly number[],
  at: Place,
  width: number,
  isAlone: boolean,
  isNumbered: boolean,
): Strips {
  const cells = isNumbered ? numberedCells : plainCells
  const span = spanAll(across)
  const drawn = isAlone && !isNumbered ? span.end - span.begin + columns : Number.POSITIVE_INFINITY
  const { shift, gap, rooms, largest } = shareOf(width, drawn)
  const both = (kind: keyof Cells, list: readonly (readonly Axis[])[], room: number, most: number): Strip[] => {
    const sizes = { ...cells[kind], largest: Math.min(largest, cells[kind].largest) }
    return square(list, [at.column, at.row], [room, Math.min(room, most)], sizes)
  }
  const [x, y] = both('grid', [across, down], rooms[0], 440)
  const [mapX, mapY] = both('map', [[plain(columns)], [plain(rows)]], rooms[1], 260)
  const common = { x, y, mapX, mapY, shift }
  if (gap !== undefined) {
    return { ...common, mapAt: [x.width + gap, 0], body: TOP + Math.max(y.width, mapY.width + TITLE) }
  }
  const below = TOP + y.width + BETWEEN
  return { ...common, mapAt: [0, below], body: below + TITLE + TOP + mapY.width }
}

/** How a grid and its map share a width. */
interface Share {
  readonly shift: number
  /** Units from the grid's cells to the map's corner at their right; undefined where the map lies below. */
  readonly gap?: number
  /** Units that the grid's cells have, and those of the map. */
  readonly rooms: readonly [grid: number, map: number]
  /** The largest cell. */
  readonly largest: number
}

/** Side by side, on a telephone too if all cells of both are `drawn` and not too small; else one below the other. */
function shareOf(width: number, drawn: number): Share {
  const inside = width - LEFT - RIGHT
  if (width > 560) {
    const room = Math.floor(width * 0.6 - LEFT - RIGHT)
    const rest = inside - room - LEFT - BETWEEN
    return { shift: 0, gap: LEFT + BETWEEN, rooms: [room, rest], largest: Number.POSITIVE_INFINITY }
  }
  const cell = Math.floor((width - 2 * NEAR - 8) / drawn)
  if (cell < NEAR_CELL) return { shift: 0, rooms: [inside, inside], largest: Number.POSITIVE_INFINITY }
  return { shift: NEAR - LEFT, gap: NEAR, rooms: [inside, inside], largest: cell }
}

/** Two strips whose cells are squares: the axis with less room for its cells decides. */
function square(
  axes: readonly (readonly Axis[])[],
  indices: readonly number[],
  rooms: readonly number[],
  { smallest, largest }: CellSizes,
): Strip[] {
  const strips = (most: CellSizes): Strip[] =>
    axes.map((list, at) => {
      return layOut(
        spanAll(list),
        rooms[at],
        list.map((axis): Looked => ({ axis, index: indices[at] })),
        most,
      )
    })
  const cell = Math.min(...strips({ smallest, largest }).map((strip) => strip.cell))
  return strips({ smallest: Math.min(smallest, cell), largest: cell })
}

/** The cells of all these axes with their padding. */
const spanAll = (axes: readonly Axis[]): Span => (axes.length > 0 ? unite(axes.map(spanOf)) : { begin: 0, end: 1 })

/** An axis whose windows are its cells. */
const plain = (size: number): Axis => {
  const input = Math.max(1, size)
  return { input, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: input }
}
