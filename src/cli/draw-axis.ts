import { type Axis, adjoint, cellOf, effectiveKernel, type Op, reach } from '../geometry.ts'
import type { TextStyle } from './style.ts'
import { COLUMNS } from './table.ts'

/** The cells that are drawn: those of the larger side, and what lies around it. */
export interface Strip {
  /** The first position; negative where padding (or, transposed, what is cropped) comes before the cells. */
  readonly begin: number
  /** The position after the last one. */
  readonly end: number
  /** Positions 0 to `cells - 1` are cells. */
  readonly cells: number
  /** Positions from `cells` up to this one are padding; what lies beyond is nothing at all. */
  readonly padded: number
}

/** Lines that belong to one window. */
export interface WindowLine {
  readonly label: string
  /** What stands at a position. */
  readonly marks: ReadonlyMap<number, string>
  /** What stands at the end of the line. */
  readonly note?: string
}

/** The windows over a strip, made when they are drawn: a large axis shows only its first and last ones. */
export interface DrawnWindows {
  readonly count: number
  readonly at: (index: number) => readonly WindowLine[]
}

/** The marks: a tap on a cell and on padding, what dilation steps over, padding, and what was left out. */
export const marks = { tap: '●', blank: '○', stepped: '·', padding: '░', more: '…' } as const

/** The axis whose windows are drawn: transposed, samples land on the output as windows would read it. */
export const drawn = (op: Op, axis: Axis): Axis => (op === 'convTranspose' ? adjoint(axis) : axis)

/** The strip that holds all windows of an axis, as `drawn` gives it. */
export function stripOf(axis: Axis): Strip {
  const { input, padBegin, padEnd, output } = axis
  const padded = input + Math.max(0, padEnd)
  return {
    begin: Math.min(0, -padBegin),
    end: Math.max(padded, output > 0 ? input + reach(axis) : 0),
    cells: input,
    padded,
  }
}

/** The smallest strip that holds both. */
export function union(a: Strip, b: Strip): Strip {
  return {
    begin: Math.min(a.begin, b.begin),
    end: Math.max(a.end, b.end),
    cells: a.cells,
    padded: Math.max(a.padded, b.padded),
  }
}

/** Where the taps of a window fall, in their order. */
export function positions(axis: Axis, window: number): number[] {
  return Array.from({ length: axis.kernel }, (_, tap) => cellOf(axis, window, tap))
}

/** The marks of a window: its taps, and between them what the dilation steps over. */
export function marksOf(axis: Axis, window: number): Map<number, string> {
  const places = positions(axis, window)
  const steps = new Map<number, string>()
  for (let place = places[0]; place < places[places.length - 1]; place++) steps.set(place, marks.stepped)
  for (const place of places) steps.set(place, place >= 0 && place < axis.input ? marks.tap : marks.blank)
  return steps
}

/** Which positions are drawn, how wide, and whether each one has room for its index. */
interface Positions {
  readonly width: number
  readonly head: readonly [begin: number, end: number]
  readonly tail: readonly [begin: number, end: number]
}

/** How far windows reach: a drawing shows the first and the last one whole, with room for its neighbour if it can. */
export interface Reach {
  /** Cells from the first tap of a window to its last. */
  readonly window: number
  /** Cells to the next window. */
  readonly stride: number
}

/** The reach of one axis. */
export const reachOf = (axis: Axis): Reach => ({ window: effectiveKernel(axis), stride: axis.stride })

const GAP = `  ${marks.more} `
const MOST_WINDOWS = 12

/**
 * Draws the cells, and below them the windows.
 *
 * @param name what the cells belong to
 * @returns undefined where windows are too wide to be drawn
 */
export function drawAxis(
  name: string,
  strip: Strip,
  windows: DrawnWindows,
  reach: Reach,
  style: TextStyle,
): string[] | undefined {
  const all = windows.count > 0 ? [...windows.at(0), ...windows.at(windows.count - 1)] : []
  const label = Math.max(name.length, ...all.map((line) => line.label.length)) + 2
  const note = Math.max(0, ...all.map((line) => (line.note ? line.note.length + 2 : 0)))
  const layout = layoutOf(strip, COLUMNS - label - note, reach)
  if (!layout) return undefined
  const shown = shownPositions(layout)
  const { width } = layout

  const line = ({ label: window, marks: places, note: said = '' }: WindowLine): string => {
    const cells = shown.map((place) =>
      place === undefined ? ' '.repeat(GAP.length) : painted(places.get(place) ?? ' ', width, style),
    )
    return `${window.padEnd(label)}${cells.join('')}${said && `  ${style.faint(said)}`}`.trimEnd()
  }
  const [cells, ...indices] = ruler(strip, shown, width)
  return [
    ...indices.filter((text) => text.trim() !== '').map((text) => `${' '.repeat(label)}${style.faint(text)}`),
    `${name.padEnd(label)}${style.faint(cells.trimEnd())}`,
    ...chosen(windows.count, (index) => isShown(windows.at(index), shown)).flatMap((index) =>
      index === undefined ? [style.faint(marks.more)] : windows.at(index).map(line),
    ),
  ]
}

function layoutOf({ begin, end, cells }: Strip, room: number, { window, stride }: Reach): Positions | undefined {
  const labelled = String(Math.max(1, cells - 1)).length + 1
  const plans = [
    { width: labelled, least: window + stride },
    { width: 2, least: window },
  ]
  for (const { width, least } of plans) {
    if ((end - begin) * width <= room) return { width, head: [begin, end], tail: [end, end] }
    const side = Math.floor((room - GAP.length) / 2 / width)
    if (side >= least) return { width, head: [begin, begin + side], tail: [end - side, end] }
  }
  return undefined
}

/** The positions from left to right, with undefined for those that were left out. */
function shownPositions({ head, tail }: Positions): (number | undefined)[] {
  const range = ([begin, end]: readonly [number, number]): number[] =>
    Array.from({ length: end - begin }, (_, index) => begin + index)
  return tail[0] === tail[1] ? range(head) : [...range(head), undefined, ...range(tail)]
}

const isShown = (lines: readonly WindowLine[], shown: readonly (number | undefined)[]): boolean =>
  lines.every((line) => [...line.marks.keys()].every((place) => shown.includes(place)))

/** The windows to draw, with undefined for those between: all, or as many from both ends as are to be seen whole. */
function chosen(count: number, isWhole: (index: number) => boolean): (number | undefined)[] {
  const all = Array.from({ length: Math.min(count, MOST_WINDOWS) }, (_, index) => index)
  if (count <= MOST_WINDOWS && all.every(isWhole)) return all
  const from = (first: number, step: 1 | -1): number[] => {
    const run: number[] = []
    for (let index = first; run.length < 4 && index >= 0 && index < count && isWhole(index); index += step) {
      run.push(index)
    }
    return run
  }
  const head = from(0, 1)
  const tail = from(count - 1, -1).filter((index) => !head.includes(index))
  return [...head, undefined, ...tail.reverse()]
}

/** The line of the cells: their indices; or, where those have no room, dots, and a second line of every few indices. */
function ruler({ cells, padded }: Strip, shown: readonly (number | undefined)[], width: number): string[] {
  const isReal = (place: number): boolean => place >= 0 && place < cells
  const around = (place: number): string => (place < 0 || place < padded ? marks.padding : '')
  const longest = String(cells - 1).length
  const line = (text: (place: number) => string): string =>
    shown.map((place) => (place === undefined ? GAP : text(place).padStart(width))).join('')
  if (longest < width) return [line((place) => (isReal(place) ? String(place) : around(place)))]

  const every = [5, 10, 20, 50].find((step) => step * width > longest + 1) ?? 100
  const indices = shown.reduce<string>((text, place, index) => {
    const start = shown.slice(0, index).reduce<number>((sum, one) => sum + (one === undefined ? GAP.length : width), 0)
    if (place === undefined || !isReal(place) || place % every !== 0) return text
    const name = String(place)
    const column = start + width - name.length
    return column > text.length || text === '' ? text.padEnd(column) + name : text
  }, '')
  return [line((place) => (isReal(place) ? marks.stepped : around(place))), indices]
}

function painted(mark: string, width: number, style: TextStyle): string {
  const paint = { '●': style.tap, '○': style.alert, '◆': style.alert, '◇': style.alert }[mark] ?? style.faint
  return ' '.repeat(width - 1) + (mark === ' ' ? mark : paint(mark))
}
