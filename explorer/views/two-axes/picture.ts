import { type Axis, type Op, readsAlike } from 'samepad/geometry'
import { middleOf, positionsOf, type Strip, windowsShown } from '../../drawing/strip.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { type Unread, unreadOf } from '../../layer/taps.ts'
import { LEFT, type Place, type Strips, TITLE, TOP } from './room.ts'

// One grid as plain data: paths over two strips, so that a grid of thousands of cells is a handful of elements.

export interface GridPicture {
  readonly down: Axis
  readonly across: Axis
  /** The rectangle of real cells, and the one with the padding around it. */
  readonly cells: Box
  readonly around: Box
  readonly lines: string
  readonly stripes: string
  /** Rows and columns that no window reads, of the cells and of the padding. */
  readonly hollow: string
  readonly blank: string
  /** Whether any padding is read. */
  readonly isPaddingRead: boolean
  readonly unread: readonly (Unread | undefined)[]
  /** The middle of every window that is drawn. */
  readonly centres: readonly Centre[]
  /** Numbers of columns above and of rows at the left. */
  readonly columns: readonly Mark[]
  readonly rows: readonly Mark[]
  readonly map: OutputMap
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Centre extends Place {
  readonly x: number
  readonly y: number
}

/** A number, and where it stands along its side. */
export interface Mark {
  readonly at: number
  readonly number: number
}

/** The outputs (transposed: the samples), each a cell. Places are from the corner of the map. */
export interface OutputMap {
  readonly cells: string
  /** Those that read otherwise than the first convention's. */
  readonly parted: string
  readonly columns: readonly Mark[]
  readonly rows: readonly Mark[]
}

/** The grid of a convention that has an answer on both axes. */
export function pictureOf(
  op: Op,
  both: readonly Answer[],
  firsts: readonly Answer[],
  { x, y, mapX, mapY }: Strips,
  pinned: Place,
  isNumbered: boolean,
): GridPicture {
  const [down, across] = both.map(({ solved }) => windowsOf(op, solved!.axis))
  const cells = boxOf(across, down, x, y, 0)
  const around = boxOf(across, down, x, y, 1)
  const [columns, rows] = [positionsOf(x), positionsOf(y)].map((list, axis) => {
    const { input } = axis === 0 ? across : down
    return list.filter((position) => position >= 0 && position <= input)
  })
  const lines = [
    ...columns.map((position) => `M${LEFT + x.left(position)} ${cells.y}v${cells.height}`),
    ...rows.map((position) => `M${cells.x} ${TOP + y.left(position)}h${cells.width}`),
  ].join('')
  const [shownX, shownY] = [windowsShown(across, x, pinned.column), windowsShown(down, y, pinned.row)]
  const unread = [unreadOf(down), unreadOf(across)]
  return {
    ...{ down, across, cells, around, lines, unread, stripes: stripesOf(around) },
    hollow: hollowOf(unread, 'cells', x, y, cells),
    blank: hollowOf(unread, 'padding', x, y, around),
    isPaddingRead: [down, across].some((axis, at) => axisPads(axis) > (unread[at]?.padding.length ?? 0)),
    centres: shownY.flatMap((row) =>
      shownX.map((column) => ({ row, column, x: LEFT + middleOf(across, column, x), y: TOP + middleOf(down, row, y) })),
    ),
    columns: marksOf(x, across.input, roomOf(across.input)),
    rows: marksOf(y, down.input, 14),
    map: mapOf(both, firsts, mapX, mapY, isNumbered),
  }
}

/** Numbers along a side, as close as they have room. */
function marksOf(strip: Strip, count: number, room: number): Mark[] {
  const every = [1, 2, 5, 10].find((step) => step * strip.cell >= room) ?? 10
  const drawn = positionsOf(strip).filter((position) => position >= 0 && position < count)
  const marked = drawn.filter((position) => position % every === 0)
  return (marked.length > 0 ? marked : drawn.slice(0, 1)).map((number) => ({
    number,
    at: strip.left(number) + strip.cell / 2,
  }))
}

/** Units that a number of columns needs. */
const roomOf = (count: number): number => 10 + 6.5 * String(count).length

function mapOf(both: readonly Answer[], firsts: readonly Answer[], x: Strip, y: Strip, isNumbered: boolean): OutputMap {
  const count = ({ setting, solved }: Answer): number =>
    setting?.op === 'convTranspose' ? solved!.axis.input : solved!.axis.output
  const [rows, columns] = [y, x].map((strip, axis) => positionsOf(strip).filter((at) => at < count(both[axis])))
  const [partedRows, partedColumns] = [rows, columns].map(
    (list, axis) => new Set(list.filter((at) => isParted(both[axis], firsts[axis], at))),
  )
  const [inset, side] = [1, x.cell - 2]
  const shape = (row: number, column: number): string =>
    `M${LEFT + x.left(column) + inset} ${TITLE + TOP + y.left(row) + inset}h${side}v${side}h${-side}Z`
  const places = rows.flatMap((row) => columns.map((column) => ({ row, column })))
  const isOther = ({ row, column }: Place): boolean => partedRows.has(row) || partedColumns.has(column)
  return {
    cells: places.map(({ row, column }) => shape(row, column)).join(''),
    parted: places
      .filter(isOther)
      .map(({ row, column }) => diamondAt(x.left(column), y.left(row), x.cell, isNumbered))
      .join(''),
    columns: marksOf(x, columns.length > 0 ? columns[columns.length - 1] + 1 : 0, roomOf(count(both[1]))),
    rows: marksOf(y, rows.length > 0 ? rows[rows.length - 1] + 1 : 0, 14),
  }
}

/** A mark in the middle of a cell; where a number stands there, in its corner. */
function diamondAt(left: number, top: number, cell: number, isNumbered: boolean): string {
  const r = isNumbered ? 2.5 : Math.min(4, cell / 3.2)
  const [x, y] = isNumbered ? [left + cell - r - 2, top + r + 2] : [left + cell / 2, top + cell / 2]
  return `M${LEFT + x} ${TITLE + TOP + y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}Z`
}

const MOST = 4096 // taps of windows that are compared one by one

function isParted(answer: Answer, first: Answer, index: number): boolean {
  if (answer === first || !answer.setting || !answer.solved || !first.setting || !first.solved) return false
  const count = answer.setting.op === 'convTranspose' ? 'input' : 'output'
  if (index >= first.solved.axis[count]) return true
  if (answer.setting.kernel > MOST) return answer.solved.axis.padBegin !== first.solved.axis.padBegin
  return !readsAlike(answer.setting, answer.solved, first.setting, first.solved, index)
}

/** The rectangle of the cells, or with all the padding around them. */
function boxOf(across: Axis, down: Axis, x: Strip, y: Strip, padded: 0 | 1): Box {
  const side = ({ input, padBegin, padEnd }: Axis, strip: Strip): [from: number, size: number] => {
    const from = strip.left(-padded * Math.max(0, padBegin))
    return [from, strip.left(input + padded * Math.max(0, padEnd)) - from]
  }
  const [[left, width], [top, height]] = [side(across, x), side(down, y)]
  return { x: LEFT + left, y: TOP + top, width, height }
}

/** Cells of padding at both ends. */
const axisPads = ({ padBegin, padEnd }: Axis): number => Math.max(0, padBegin) + Math.max(0, padEnd)

/** Rows and columns that nobody reads, as far as they are drawn. */
function hollowOf(
  unread: readonly (Unread | undefined)[],
  kind: keyof Unread,
  x: Strip,
  y: Strip,
  { x: left, y: top, width, height }: Box,
): string {
  const [rows, columns] = [y, x].map((strip, axis) => {
    const drawn = new Set(positionsOf(strip))
    return (unread[axis]?.[kind] ?? []).filter((position) => drawn.has(position))
  })
  return [
    ...rows.map((row) => `M${left} ${TOP + y.left(row)}h${width}v${y.cell}h${-width}Z`),
    ...columns.map((column) => `M${LEFT + x.left(column)} ${top}h${x.cell}v${height}h${-x.cell}Z`),
  ].join('')
}

/** Stripes over a whole rectangle; the cells lie over them. */
function stripesOf({ x, y, width, height }: Box): string {
  const lines: string[] = []
  const step = 7
  for (let along = step; along < width + height; along += step) {
    const from = along <= height ? [x, y + along] : [x + along - height, y + height]
    const to = along <= width ? [x + along, y] : [x + width, y + along - width]
    lines.push(`M${from.join(' ')}L${to.join(' ')}`)
  }
  return lines.join('')
}
