import { type Axis, cellOf, divisor, effectiveKernel, type Op, readsAlike, taps } from 'samepad/geometry'
import { layOut, positionsOf, type Strip, spanOf, unite, windowsShown } from '../../drawing/strip.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { parts, verdictOf } from '../../layer/verdict.ts'

// The drawing as plain data. Lengths are in units: pixels at the usual size of text.

/** A cell of the small side: an output with its window, or, transposed, a sample. */
export interface Small {
  readonly index: number
  readonly x: number
  /** Whether it reads otherwise than the first convention's of the same index, or that has none. */
  readonly parted: boolean
  /** What an average divides by. */
  readonly divisor: number | undefined
}

/** One convention. */
export interface Row {
  readonly answer: Answer
  readonly y: number
  readonly height: number
  /** How it is related to the first one, in words; or its refusal. */
  readonly verdict: string
  /** Whether it computes otherwise than the first one. */
  readonly parts: boolean
  /** Undefined where it refuses. */
  readonly picture?: Picture
}

export interface Picture {
  readonly axis: Axis
  /** The positions of the cells that are drawn. */
  readonly cells: readonly number[]
  readonly small: readonly Small[]
  /** The tops of the two strips, and the height of the small one's cells. */
  readonly largeY: number
  readonly smallY: number
  /** Lines from every small cell to the taps of its window. */
  readonly fans: string
  readonly shapes: Shapes
}

/** The large side as paths, so that many cells are few elements. */
export interface Shapes {
  readonly cells: string
  readonly padding: string
  readonly stripes: string
}

export interface Drawing {
  readonly op: Op
  readonly strip: Strip
  readonly rows: readonly Row[]
  readonly width: number
  readonly height: number
  /** Width of a small cell; both strips are `cellHeight` high. */
  readonly cellHeight: number
  /** Every so many positions and indices are written; all, where they have room. */
  readonly every: number
  /** Words about a convention stand below its name. */
  readonly narrow: boolean
  /** The most small cells that a convention has. */
  readonly count: number
}

const LINE = 20 // height of a line of words
const LABEL = 12 // between the words and the strips
const NARROW = 480
const SPACE = 24 // between conventions
const NOTES = 22 // below the small strip, for marks
export const NOTE = 13 // more, for divisors below marks
export const MARGIN = 10 // left and right of the strips
export const SMALL = 0.86 // width of a small cell, of a large one's
export const INSET = 0.75 // between cells and their neighbours

/** The drawing of what some conventions do with a layer, on so many units of width. */
export function drawingOf(op: Op, answers: readonly Answer[], width: number): Drawing {
  const axes = answers.flatMap(({ solved }) => (solved ? [windowsOf(op, solved.axis)] : []))
  const span = axes.length > 0 ? unite(axes.map(spanOf)) : { begin: 0, end: 1 }
  const strip = layOut(span, width - 2 * MARGIN)
  const cellHeight = Math.min(strip.cell, 34)
  const used = Math.max(strip.width + 2 * MARGIN, Math.min(width, 300))
  const narrow = used < NARROW || used > width
  const fan = Math.max(40, Math.min(64, strip.cell * 1.6))
  let y = 0
  const rows = answers.map((answer): Row => {
    const top = y
    const verdict = verdictOf(op, answer, answers[0])
    const lines = 1 + (narrow && answer.solved ? 1 : 0) + (verdict ? 1 : 0)
    const label = lines * LINE + LABEL
    const parted = parts(answer, answers[0])
    const notes = NOTES + (op === 'averagePool' && parted ? NOTE : 0)
    const height = answer.solved ? label + 2 * cellHeight + fan + notes : label
    y += height + SPACE
    const row = { answer, y: top, height, verdict, parts: parted }
    if (!answer.solved) return row
    return { ...row, picture: pictureOf(op, answer, answers[0], strip, top + label, fan) }
  })
  return {
    ...{ op, strip, rows, cellHeight, narrow, every: everyOf(strip) },
    width: used,
    height: Math.max(0, y - SPACE),
    count: Math.max(0, ...axes.map((axis) => axis.output)),
  }
}

function everyOf({ cell, span }: Strip): number {
  const digits = String(Math.max(Math.abs(span.begin), span.end)).length
  if (cell >= 6 + 8 * digits || (digits <= 2 && cell >= 20)) return 1
  return digits <= 4 ? 5 : 10
}

function pictureOf(op: Op, answer: Answer, first: Answer, strip: Strip, upper: number, fan: number): Picture {
  const axis = windowsOf(op, answer.solved!.axis)
  const height = Math.min(strip.cell, 34)
  const transposed = op === 'convTranspose'
  const lower = upper + height + fan
  const [largeY, smallY] = transposed ? [lower, upper] : [upper, lower]
  const positions = positionsOf(strip)
  const cells = positions.filter((position) => position >= 0 && position < axis.input)
  const padding = positions.filter((position) => isPadding(axis, position))
  const shown = windowsShown(axis, strip)
  const small = shown.map((index): Small => {
    return {
      index,
      x:
        MARGIN +
        strip.left(0) +
        (middle(axis, index) + offset(strip, axis, index)) * strip.cell -
        (strip.cell * SMALL) / 2,
      parted: isParted(answer, first, index),
      divisor: op === 'averagePool' ? divisor(answer.solved!, index) : undefined,
    }
  })
  const [from, to] = transposed ? [largeY, smallY + height] : [largeY + height, smallY]
  const fans = small
    .flatMap(({ index, x }) => {
      const start = x + (strip.cell * SMALL) / 2
      return tapsOf(axis, index).map((position) => {
        return `M${round(start)} ${to}L${round(MARGIN + strip.left(position) + strip.cell / 2)} ${from}`
      })
    })
    .join('')
  const at = (position: number): number => MARGIN + strip.left(position)
  const shapes = {
    cells: cells.map((position) => rounded(at(position), largeY, strip.cell, height)).join(''),
    padding: padding.map((position) => rounded(at(position), largeY, strip.cell, height)).join(''),
    stripes: padding.map((position) => hatch(at(position), largeY, strip.cell, height)).join(''),
  }
  return { axis, cells, small, largeY, smallY, fans, shapes }
}

const round = (value: number): number => Math.round(value * 10) / 10

const isPadding = ({ input, padBegin, padEnd }: Axis, position: number): boolean =>
  (position < 0 && position >= -padBegin) || (position >= input && position < input + padEnd)

/** The middle of a window, in cells from the left edge of cell 0. */
const middle = (axis: Axis, index: number): number => cellOf(axis, index, 0) + effectiveKernel(axis) / 2

/** What the gap takes away from a window behind it, in cells. */
function offset(strip: Strip, axis: Axis, index: number): number {
  const start = cellOf(axis, index, 0)
  return (strip.left(start) - strip.left(0)) / strip.cell - start
}

/** Where the taps of a window fall. */
export function tapsOf(axis: Axis, index: number): number[] {
  return Array.from({ length: axis.kernel }, (_, tap) => cellOf(axis, index, tap))
}

/** Real cells at even distances. */
export interface Cells {
  readonly first: number
  readonly step: number
  readonly count: number
}

/** The real cells that the taps of a window fall on, found without a list: a kernel may have a billion taps. */
export function cellsOf(axis: Axis, index: number): Cells {
  const { begin, end } = taps(axis, index)
  return { first: cellOf(axis, index, begin), step: axis.dilation, count: end - begin }
}

/** The positions that one of two windows of the same index has a tap on, and the other does not. */
export function partingOf(
  here: Axis,
  first: Axis,
  index: number,
): { here: readonly number[]; first: readonly number[] } {
  const [ours, theirs] = [here, first].map((axis) => (index < axis.output ? tapsOf(axis, index) : []))
  return {
    here: ours.filter((position) => !theirs.includes(position)),
    first: theirs.filter((position) => !ours.includes(position)),
  }
}

/** A cell with round corners, as a path. */
function rounded(x: number, y: number, width: number, height: number): string {
  const r = 3
  const [across, down] = [round(width - 2 * INSET - 2 * r), round(height - 2 * r)]
  const corner = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx} ${dy}`
  return `M${round(x + INSET + r)} ${y}h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}Z`
}

/** Stripes from the lower left to the upper right of a cell. */
function hatch(x: number, y: number, width: number, height: number): string {
  const lines = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75].map((part) => {
    const [from, to] = [Math.max(0, part - 1), Math.min(1, part)]
    return `M${round(x + from * width)} ${round(y + (part - from) * height)}L${round(x + to * width)} ${round(y + (part - to) * height)}`
  })
  return lines.join('')
}

function isParted(answer: Answer, first: Answer, index: number): boolean {
  if (answer === first || !answer.setting || !answer.solved || !first.setting || !first.solved) return false
  const count = answer.setting.op === 'convTranspose' ? 'input' : 'output'
  if (index >= first.solved.axis[count] || first.setting.kernel !== answer.setting.kernel) return true
  return !readsAlike(answer.setting, answer.solved, first.setting, first.solved, index)
}
