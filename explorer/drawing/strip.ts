import { type Axis, cellOf, effectiveKernel, reach } from 'samepad/geometry'
import { GAP, type Gap, piecesOf, type Span } from './pieces.ts'

// Cells in a row, as far as they are drawn. Positions are cells of the large side: 0 to `input - 1` are real ones, those
// around them padding (transposed: what is cropped). A row that is too long is drawn in pieces, with gaps between that
// say how many cells they leave out.

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
  /** The positions that are drawn, in order. */
  readonly pieces: readonly Span[]
  /** What lies between the pieces, and before and behind them. */
  readonly gaps: readonly Gap[]
  /** The left edge of a position; fractions lie between cells. Those in a gap share its width. */
  readonly left: (position: number) => number
}

/** How cells are drawn. */
export interface CellSizes {
  /** Widths of a cell, in units. */
  readonly smallest: number
  readonly largest: number
}

/** Cells that can hold their numbers, or some of them. */
const usual: CellSizes = { smallest: 12, largest: 64 }

const NARROW_GAP = 20 // units, where there is too little room
const LEAST = 4 // width of a cell there

/** A window whose taps must be seen. */
export interface Looked {
  readonly axis: Axis
  readonly index: number
}

/**
 * Lays a span out over a width: in full, or where it is too long, in pieces. The ends of the input and of the windows
 * that are looked at are always there, in smaller cells where there is too little room; then comes what has room: the other taps, and
 * cells around all that.
 */
export function layOut(span: Span, width: number, looked: readonly Looked[], sizes = usual): Strip {
  const { smallest, largest } = sizes
  const room = Math.max(1, Math.floor(width / smallest))
  const { must, may } = wantedOf(span, looked, room)
  const { pieces, gaps, cells } = piecesOf(span, must, may, width, smallest)
  const roomFor = (gap: number): number => Math.floor((width - gaps.length * gap) / cells)
  if (roomFor(GAP) >= smallest) return placed(pieces, gaps, GAP, Math.min(largest, roomFor(GAP)))
  // What must be seen needs more than there is: all of it is smaller.
  return placed(pieces, gaps, NARROW_GAP, Math.min(smallest, Math.max(LEAST, roomFor(NARROW_GAP))))
}

/** Puts pieces and gaps beside one another. */
function placed(pieces: readonly Span[], left: readonly Span[], gap: number, cell: number): Strip {
  const gaps = left.map((span) => ({ ...span, width: gap }))
  const edges: { readonly from: number; readonly x: number; readonly slope: number }[] = []
  let x = 0
  const parts = [...pieces.map((piece) => ({ ...piece, width: (piece.end - piece.begin) * cell })), ...gaps]
  for (const { begin, end, width } of parts.sort((a, b) => a.begin - b.begin)) {
    edges.push({ from: begin, x, slope: width / (end - begin) })
    x += width
  }
  const leftOf = (position: number): number => {
    const { from, x, slope } = edges.findLast((edge) => edge.from <= position) ?? edges[0]
    return x + (position - from) * slope
  }
  return { cell, width: x, pieces, gaps, left: leftOf }
}

const EVERY = 9 // taps of a kernel that are all wanted, with cells around each

/** What a row in pieces must show, and what it shows where there is room: the most wanted first. */
function wantedOf(span: Span, looked: readonly Looked[], room: number): { must: Set<number>; may: Set<number> } {
  const windows = looked.filter(({ axis, index }) => index < axis.output)
  const input = Math.max(1, ...looked.map(({ axis }) => axis.input))
  const ends = windows.flatMap(({ axis, index }) => [0, axis.kernel - 1].map((tap) => cellOf(axis, index, tap)))
  const must = new Set([0, input - 1, ...ends])
  const taps = windows.flatMap(({ axis, index }) =>
    Array.from({ length: Math.min(room, axis.kernel) }, (_, at) => {
      const tap = at % 2 ? axis.kernel - 1 - (at >> 1) : at >> 1 // from both ends to the middle
      return { position: cellOf(axis, index, tap), alone: axis.kernel > EVERY }
    }),
  )
  const centres = [0, input - 1, ...ends, ...taps.flatMap(({ position, alone }) => (alone ? [] : position))]
  const around = Array.from({ length: room }, (_, r) => centres.flatMap((centre) => [centre + r + 1, centre - r - 1]))
  const inside = (position: number): boolean => position >= span.begin && position < span.end
  return {
    must: new Set([...must].filter(inside)),
    may: new Set([...taps.map(({ position }) => position), ...around.flat()].filter(inside)),
  }
}

/** Whether a position is drawn. */
export const isDrawn = ({ pieces }: Strip, position: number): boolean =>
  pieces.some(({ begin, end }) => begin <= position && position < end)

/** The positions that are drawn, in order. */
export const positionsOf = ({ pieces }: Strip): number[] =>
  pieces.flatMap(({ begin, end }) => Array.from({ length: end - begin }, (_, index) => begin + index))

/** The windows that are drawn, in order: those all of whose taps are, and one that is looked at. */
export function windowsShown(axis: Axis, strip: Strip, looked: number): number[] {
  const { stride, padBegin, output, kernel } = axis
  const drawn = new Set(positionsOf(strip))
  const shown = new Set<number>()
  if (looked < output) shown.add(looked)
  if (kernel <= drawn.size) {
    for (const { begin, end } of strip.pieces) {
      const last = Math.min(output - 1, Math.floor((end - 1 + padBegin) / stride))
      for (let index = Math.max(0, Math.ceil((begin + padBegin) / stride)); index <= last; index++) {
        if (tapsOf(axis, index).every((position) => drawn.has(position))) shown.add(index)
      }
    }
  }
  return [...shown].sort((a, b) => a - b)
}

/** Where the taps of a window fall. */
export const tapsOf = (axis: Axis, index: number): number[] =>
  Array.from({ length: axis.kernel }, (_, tap) => cellOf(axis, index, tap))

/** The positions of a window's first and last tap, and the middle between them across the drawing. */
export function middleOf(axis: Axis, index: number, strip: Strip): number {
  const first = cellOf(axis, index, 0)
  return (strip.left(first) + strip.left(first + effectiveKernel(axis) - 1) + strip.cell) / 2
}

/** The taps of a window that are drawn, and for every gap how many of them it hides. */
export function tapsShown(axis: Axis, index: number, strip: Strip): { shown: number[]; hidden: Hidden[] } {
  const { kernel, dilation } = axis
  const start = cellOf(axis, index, 0)
  const first = (position: number): number => Math.min(kernel, Math.max(0, Math.ceil((position - start) / dilation)))
  const shown = strip.pieces.flatMap(({ begin, end }) => {
    const from = first(begin)
    return Array.from({ length: first(end) - from }, (_, tap) => start + (from + tap) * dilation)
  })
  const hidden = strip.gaps.map((gap) => ({ gap, count: first(gap.end) - first(gap.begin) }))
  return { shown, hidden: hidden.filter(({ count }) => count > 0) }
}

/** Taps that lie where cells are left out. */
export interface Hidden {
  readonly gap: Gap
  readonly count: number
}

/** The position whose cell lies at a place across the drawing; undefined in a gap. */
export function positionAt({ pieces, left, cell }: Strip, x: number): number | undefined {
  const piece = pieces.find(({ begin, end }) => x >= left(begin) && x < left(begin) + (end - begin) * cell)
  return piece && piece.begin + Math.floor((x - left(piece.begin)) / cell)
}
