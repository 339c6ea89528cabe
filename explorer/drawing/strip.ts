import { type Axis, effectiveKernel, reach } from 'samepad/geometry'

// Cells in a row, as far as they are drawn. Positions are cells of the large side: 0 to `cells - 1` are real ones, those
// around them padding (transposed: what is cropped). A long row is drawn at both its ends, with a gap between.

/** The positions that windows need. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** The positions that hold all cells and windows of an axis. */
export function spanOf(axis: Axis): Span {
  const { input, padBegin, padEnd, output } = axis
  const reached = output > 0 ? input + reach(axis) : 0
  return { begin: Math.min(0, 0 - padBegin), end: Math.max(input, input + padEnd, reached) }
}

/** The smallest span that holds all. */
export const unite = (spans: readonly Span[]): Span => ({
  begin: Math.min(...spans.map(({ begin }) => begin)),
  end: Math.max(...spans.map(({ end }) => end)),
})

/** Where positions lie across the drawing. */
export interface Strip {
  /** Width of a cell. */
  readonly cell: number
  /** Width of everything. */
  readonly width: number
  /** The positions that are drawn: all from the span's begin to `head`, and from `tail` to its end. */
  readonly span: Span
  readonly head: number
  readonly tail: number
  /** The left edge of a position; fractions lie between cells. Positions in the gap lie in its middle. */
  readonly left: (position: number) => number
  /** Whether there is a gap. */
  readonly isCut: boolean
}

/** How cells are drawn. */
export interface CellSizes {
  /** Widths of a cell, in units. */
  readonly smallest: number
  readonly largest: number
  /** Positions that are drawn in full; the drawing scrolls sideways where it is wider than the page. */
  readonly most: number
}

const GAP = 44
const FEWEST = 4 // positions at each end of a long row

/** Cells that can hold their numbers, or some of them. */
const usual: CellSizes = { smallest: 12, largest: 52, most: 130 }

/** Lays a span out over a width: in full, or where it is too long, both its ends. */
export function layOut(span: Span, width: number, { smallest, largest, most } = usual): Strip {
  const count = span.end - span.begin
  const full = count <= most
  const side = Math.max(FEWEST, Math.min(Math.floor(most / 2), Math.floor((width - GAP) / smallest / 2)))
  const [head, tail] = full ? [span.end, span.end] : [span.begin + side, span.end - side]
  const drawn = full ? count : 2 * side
  const gap = full ? 0 : GAP
  const cell = Math.min(largest, Math.max(smallest, Math.floor((width - gap) / drawn)))
  const left = (position: number): number => {
    if (full || position <= head) return (position - span.begin) * cell
    if (position >= tail) return (side + position - tail) * cell + gap
    return side * cell + gap / 2
  }
  return { cell, width: drawn * cell + gap, span, head, tail, isCut: !full, left }
}

/** Whether a window lies whole on one side of the gap. */
export function isWhole(axis: Axis, index: number, { isCut, head, tail }: Strip): boolean {
  const begin = index * axis.stride - axis.padBegin
  return !isCut || begin + effectiveKernel(axis) <= head || begin >= tail
}

/** The positions that are drawn, in order. */
export function positionsOf({ span, head, tail }: Strip): number[] {
  const range = (begin: number, end: number): number[] =>
    Array.from({ length: Math.max(0, end - begin) }, (_, index) => begin + index)
  return [...range(span.begin, head), ...range(tail, span.end)]
}

/** The windows that are drawn, in order: all of them, or those that lie whole at one of the two ends. */
export function windowsShown(axis: Axis, strip: Strip): number[] {
  const { stride, padBegin, output } = axis
  const reach = effectiveKernel(axis)
  const range = (from: number, to: number): number[] => {
    const [begin, end] = [Math.max(0, Math.ceil(from)), Math.min(output, Math.floor(to) + 1)]
    return Array.from({ length: Math.max(0, end - begin) }, (_, index) => begin + index)
  }
  // Window o lies whole between two positions where from <= o * stride - padBegin <= to - reach.
  const within = (begin: number, end: number): number[] =>
    range((begin + padBegin) / stride, (end - reach + padBegin) / stride)
  if (!strip.isCut) return within(strip.span.begin, strip.span.end)
  return [...within(strip.span.begin, strip.head), ...within(strip.tail, strip.span.end)]
}
