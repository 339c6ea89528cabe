import type { Axis, Op } from 'samepad/geometry'
import { type CellSizes, type Looked, layOut, type Strip, spanOf, unite } from '../../drawing/strip.ts'
import { linesOf } from '../../drawing/text.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { parts, verdictOnTwo } from '../../layer/verdict.ts'
import { sidesInWords } from '../one-axis/words.ts'
import { type GridPicture, pictureOf } from './picture.ts'

// The grids of a layer as plain data, beside one another in one drawing.

/** A convention on both axes. */
export interface Grid {
  readonly rule: string
  /** Where it lies in the drawing. */
  readonly x: number
  readonly y: number
  /** How many outputs it has. */
  readonly size: string
  /** How it pads, and how it is related to the first one, in words. */
  readonly words: readonly { readonly text: string; readonly parts: boolean }[]
  /** How it is related to the first one; or its refusal. */
  readonly verdict: string
  readonly parts: boolean
  readonly picture?: GridPicture
}

/** An output of two axes; transposed, a sample. */
export interface Place {
  readonly row: number
  readonly column: number
}

export interface Sheet {
  /** The cells across and down, and the outputs across and down. */
  readonly x: Strip
  readonly y: Strip
  readonly mapX: Strip
  readonly mapY: Strip
  /** Where the map of the outputs lies, from a grid's corner. */
  readonly mapAt: readonly [x: number, y: number]
  readonly grids: readonly Grid[]
  readonly gridWidth: number
  /** Where the cells begin below a grid's name: all alike, so that rows lie beside rows. */
  readonly bodyAt: number
  readonly width: number
  readonly height: number
  /** The most outputs that a convention has. */
  readonly rows: number
  readonly columns: number
  readonly pinned: Place
}

export const LEFT = 46 // for the rows' numbers
const RIGHT = 18 // so that the last number is whole
export const TOP = 22 // for the columns' numbers
export const TITLE = 22 // above a map
export const LINE = 19
const BETWEEN = 32 // grids, and a grid and its map
const LEAST = 300 // width of a grid

interface Cells {
  readonly grid: CellSizes
  readonly map: CellSizes
}
const plainCells: Cells = { grid: { smallest: 9, largest: 30 }, map: { smallest: 7, largest: 18 } }
/** Where there are numbers in them. */
const numberedCells: Cells = { grid: { smallest: 9, largest: 42 }, map: { smallest: 7, largest: 34 } }

/**
 * The grids of some conventions.
 *
 * @param width units that there are for all of them
 * @param at the output whose window is always drawn
 * @param isNumbered whether cells need room for numbers
 */
export function gridsOf(
  op: Op,
  down: readonly Answer[],
  across: readonly Answer[],
  width: number,
  at: Place,
  isNumbered = false,
): Sheet {
  const cells = isNumbered ? numberedCells : plainCells
  const [downAxes, acrossAxes] = [down, across].map((answers) =>
    answers.flatMap(({ solved }) => (solved ? [windowsOf(op, solved.axis)] : [])),
  )
  const [rows, columns] = [downAxes, acrossAxes].map((axes) => Math.max(0, ...axes.map(({ output }) => output)))
  const pinned = { row: Math.min(at.row, Math.max(0, rows - 1)), column: Math.min(at.column, Math.max(0, columns - 1)) }
  const beside = Math.min(down.length, Math.max(1, Math.floor((width + BETWEEN) / (LEAST + BETWEEN))), 3)
  const gridWidth = Math.floor((width - (beside - 1) * BETWEEN) / beside)
  const isWide = gridWidth > 560
  const room = Math.floor((isWide ? gridWidth * 0.6 : gridWidth) - LEFT - RIGHT)
  const [x, y] = square([acrossAxes, downAxes], [pinned.column, pinned.row], [room, Math.min(room, 440)], cells.grid)
  const mapRoom = (isWide ? gridWidth - room - LEFT - BETWEEN : gridWidth) - LEFT - RIGHT
  const [mapX, mapY] = square(
    [[plain(columns)], [plain(rows)]],
    [pinned.column, pinned.row],
    [mapRoom, Math.min(mapRoom, 260)],
    cells.map,
  )
  const mapAt = isWide ? ([LEFT + x.width + BETWEEN, 0] as const) : ([0, TOP + y.width + BETWEEN] as const)
  const body = isWide ? Math.max(y.width, mapY.width + TITLE) + TOP : mapAt[1] + TITLE + TOP + mapY.width
  const strips = { x, y, mapX, mapY }
  const firsts = [down[0], across[0]]
  const words = down.map((answer, index) => gridOf(op, [answer, across[index]], firsts, gridWidth))
  const bodyAt = (1 + Math.max(...words.map((grid) => grid.words.length))) * LINE + 4
  const tall = bodyAt + body + 4
  const grids = words.map((grid, index): Grid => {
    const both = [down[index], across[index]]
    const place = { x: (index % beside) * (gridWidth + BETWEEN), y: Math.floor(index / beside) * (tall + BETWEEN) }
    if (both.some(({ solved }) => !solved)) return { ...grid, ...place }
    return { ...grid, ...place, picture: pictureOf(op, both, firsts, strips, pinned, isNumbered) }
  })
  const drawn = grids.some(({ picture }) => picture)
  const lines = Math.ceil(grids.length / beside)
  const height = drawn ? lines * (tall + BETWEEN) - BETWEEN : bodyAt * lines
  return { ...strips, mapAt, grids, gridWidth, bodyAt, width, height, rows, columns, pinned }
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
      const span = list.length > 0 ? unite(list.map(spanOf)) : { begin: 0, end: 1 }
      return layOut(
        span,
        rooms[at],
        list.map((axis): Looked => ({ axis, index: indices[at] })),
        most,
      )
    })
  const cell = Math.min(...strips({ smallest, largest }).map((strip) => strip.cell))
  return strips({ smallest: Math.min(smallest, cell), largest: cell })
}

/** An axis whose windows are its cells. */
const plain = (size: number): Axis => {
  const input = Math.max(1, size)
  return { input, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: input }
}

function gridOf(op: Op, both: readonly Answer[], firsts: readonly Answer[], width: number): Omit<Grid, 'x' | 'y'> {
  const [down, across] = both
  const verdict = verdictOnTwo(op, both, firsts)
  const parted = both.some((answer, axis) => parts(answer, firsts[axis]))
  const common = { rule: down.rule, verdict, parts: parted }
  if (!down.solved || !across.solved) {
    return { ...common, size: '', words: [{ text: '◆ refuses: the reason stands below', parts: true }] }
  }
  const pads = both.map(({ solved }) => sidesInWords(op, solved!.axis.padBegin, solved!.axis.padEnd))
  const said = pads[0] === pads[1] ? `${pads[0]}, rows and columns` : `rows: ${pads[0]}; columns: ${pads[1]}`
  return {
    ...common,
    size: `→ ${down.solved.axis.output} x ${across.solved.axis.output}`,
    words: [
      ...linesOf(said, width).map((text) => ({ text, parts: false })),
      ...(verdict ? linesOf(parted ? `◆ ${verdict}` : verdict, width, parted) : []).map((text) => ({
        text,
        parts: parted,
      })),
    ],
  }
}
