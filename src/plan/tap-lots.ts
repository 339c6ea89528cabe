import type { Axis, Range } from '../geometry/index.ts'
import { gcd } from '../geometry/integers.ts'
import type { Three } from '../reference/loops.ts'
import { multiples } from './gather.ts'
import { LANES } from './plan.ts'
import { distinct, evenly } from './row-tiles.ts'
import { INTEGER } from './tables.ts'
import { entryOf, type Stretch, seenThrough, TAP_ENTRY } from './tap-entries.ts'

/**
 * Vectors in registers: the sums of a lot, an output gradient for each of its rows, and what is under way. On engines that move
 * additions to the end of their block, each product takes one more.
 */
const REGISTERS = { ordered: 13, unordered: 7 } as const
/** Taps of the width that a lot takes at most; alone, where the kernel has one row. */
const MOST_COLUMNS = { ordered: 5, unordered: 3, alone: 10 } as const
/** Tiles abreast, each with sums of its own, since a sum can be added to again only when it is there. */
const MOST_ABREAST = 4
/** Lots that have code of their own, and so many taps of a row have no more of them unless they are far apart. */
const MOST_LOTS = 128
const MOST_TAPS = 500
/** Outputs at one end of a row which some taps of a lot see and others do not, at most: code is written out for them. */
const MOST_AT_END = { width: 8, channels: 4 } as const
/** Outputs side by side in a row, as many as a vector has lanes or one, and for each column of a lot those that see a real cell. */
export interface GradientTile {
  readonly first: number
  readonly columns: readonly Range[]
}

/**
 * Lots of taps: some columns of the kernel, and some of its rows which meet one row of the input, each at another row of outputs.
 * What is loaded of the input is multiplied by as many gradients as there are rows, and these by as many cells as there are columns.
 */
export interface TapLots {
  /** How many lots have the same columns and as many rows. */
  readonly count: number
  readonly columns: Range
  /** Bytes from the row of output gradients of the last row of the kernel to that of each. */
  readonly rows: readonly number[]
  /** Bytes of the gradient from the first tap to the same one of the next row. */
  readonly tapRow: number
  /** Tiles that all columns see through all lanes, one behind the other, and how many are taken abreast. */
  readonly inner: { readonly first: number; readonly count: number; readonly abreast: number }
  readonly ends: readonly GradientTile[]
  /** Bytes from the entries of a stretch to those of the first lot. */
  readonly entries: number
}

/** Bytes of a lot's entries: where its gradient is; windows of all rows together; then of each row those before them and behind. */
export const lotBytes = (rows: number): number => (1 + TAP_ENTRY * (rows > 1 ? 1 + 2 * rows : 1)) * INTEGER

export interface LotSetting {
  readonly lanes: 'width' | 'channels'
  readonly ordered: boolean
  readonly stretches: readonly Stretch[]
  readonly bytes: { readonly cells: number; readonly changes: number; readonly tap: number }
}

/**
 * The taps of a slice of the kernel in lots, and for each stretch of the height the entries of all of them; undefined where they would
 * be too many.
 */
export function lotsOf(
  [, height, width]: Three<Axis>,
  { lanes, ordered, stretches, bytes }: LotSetting,
): { readonly lots: TapLots[]; readonly heights: readonly number[][] } | undefined {
  if (width.kernel > MOST_TAPS) return undefined
  const lots: TapLots[] = []
  const heights = stretches.map((): number[] => [])
  const registers = REGISTERS[ordered ? 'ordered' : 'unordered']
  for (const columns of columnsOf(
    width,
    lanes,
    MOST_COLUMNS[!ordered ? 'unordered' : height.kernel > 1 ? 'ordered' : 'alone'],
  )) {
    const wide = columns.end - columns.begin
    const all = rowsOf(height, Math.max(1, Math.floor(registers / (wide + 1))))
    for (const rows of distinct(all.map(({ length }) => length))) {
      const own = all.filter(({ length }) => length === rows)
      const first = own[0]
      const entries = heights[0].length * INTEGER
      for (const [index, stretch] of stretches.entries()) {
        const isFirst = index === 0
        const isLast = index === stretches.length - 1
        for (const taps of own) {
          const output = (taps[0] * width.kernel + columns.begin) * bytes.tap
          heights[index].push(output, ...lotEntries(height, taps, { stretch, isFirst, isLast }, bytes))
        }
      }
      const abreast = Math.floor((registers - rows) / (rows * wide))
      lots.push({
        ...{ count: own.length, columns, entries },
        rows: first.map((tap) => apart(height, tap, first[rows - 1]) * bytes.changes),
        tapRow: rows > 1 ? (first[1] - first[0]) * width.kernel * bytes.tap : 0,
        ...tilesOf(width, columns, lanes === 'width' ? LANES : 1, abreast),
      })
    }
  }
  return lots.length > MOST_LOTS ? undefined : { lots, heights }
}

/** Rows of outputs from that which meets a row of the input through a tap to that which meets it through another one. */
const apart = ({ stride, dilation }: Axis, tap: number, last: number): number => ((last - tap) * dilation) / stride

const seen = (axis: Axis, tap: number): Stretch => seenThrough(axis, tap, { begin: 0, end: axis.output })
const isSeen =
  (axis: Axis) =>
  (tap: number): boolean =>
    seen(axis, tap).begin < seen(axis, tap).end

/** Columns of the kernel in lots: neighbours that see nearly the same outputs of a row. */
function columnsOf(axis: Axis, lanes: 'width' | 'channels', most: number): Range[] {
  const found = multiples(axis.kernel, 1).filter(isSeen(axis))
  const lots: { begin: number; end: number }[] = []
  for (const lot of found.length > 0 ? inLots(found, most) : []) {
    for (const [index, tap] of lot.entries()) {
      const last = lots.at(-1)
      const first = last && seen(axis, last.begin)
      const { begin, end } = seen(axis, tap)
      const near = first && Math.max(first.begin - begin, first.end - end) <= MOST_AT_END[lanes]
      if (index > 0 && near && last.end === tap) last.end++
      else lots.push({ begin: tap, end: tap + 1 })
    }
  }
  return lots
}

/** Rows of the kernel in lots: those of one meet the same rows of the input, and all of them half of these or more. */
function rowsOf(axis: Axis, most: number): number[][] {
  const next = axis.stride / gcd(axis.stride, axis.dilation)
  const found = new Set(multiples(axis.kernel, 1).filter(isSeen(axis)))
  const begins = [...found].filter((tap) => !found.has(tap - next))
  const enough = 1 + Math.floor(axis.output / 2 / apart(axis, 0, next))
  return begins.flatMap((begin) => {
    let tap = begin
    while (found.has(tap)) tap += next
    return inLots(
      multiples((tap - begin) / next, next).map((rows) => begin + rows),
      Math.max(1, Math.min(most, enough)),
    )
  })
}

/** A list in lots, as even as can be. */
function inLots<T>(list: readonly T[], most: number): T[][] {
  let next = 0
  return evenly(list.length, most).map((size) => {
    next += size
    return list.slice(next - size, next)
  })
}

/** The tiles of a row for some columns. */
function tilesOf(axis: Axis, columns: Range, lanes: number, abreast: number): Pick<TapLots, 'inner' | 'ends'> {
  const ranges = multiples(columns.end - columns.begin, 1).map((column) => seen(axis, columns.begin + column))
  const first = Math.min(...ranges.map(({ begin }) => begin))
  const end = Math.max(...ranges.map((range) => range.end))
  const count = Math.ceil((end - first) / lanes)
  // From the first tile behind all begins on to the last before all ends, both counted from the first tile.
  const begin = Math.ceil((Math.max(...ranges.map((range) => range.begin)) - first) / lanes)
  const behind = Math.max(begin, Math.floor((Math.min(...ranges.map((range) => range.end)) - first) / lanes))
  const tileAt = (index: number): GradientTile => {
    const place = first + index * lanes
    const within = (at: number): number => Math.min(lanes, Math.max(0, at - place))
    return { first: place, columns: ranges.map(({ begin, end }) => ({ begin: within(begin), end: within(end) })) }
  }
  const whole = behind - begin
  return {
    inner: { first: first + begin * lanes, count: whole, abreast: Math.max(1, Math.min(abreast, MOST_ABREAST, whole)) },
    ends: [...multiples(begin, 1), ...multiples(count - behind, 1).map((index) => behind + index)]
      .map(tileAt)
      .filter(({ columns }) => columns.some(({ begin, end }) => begin < end)),
  }
}

/**
 * The entries of a lot for a stretch of outputs, which are those of its last row. Those of other rows are looked at where they meet
 * the same rows of the input.
 */
function lotEntries(
  axis: Axis,
  rows: readonly number[],
  { stretch, isFirst, isLast }: { readonly stretch: Stretch; readonly isFirst: boolean; readonly isLast: boolean },
  { cells, changes }: LotSetting['bytes'],
): number[] {
  const last = rows[rows.length - 1]
  const own = rows.map((tap) => {
    const ahead = apart(axis, tap, last)
    const { begin, end } = seen(axis, tap)
    const from = isFirst ? begin : Math.max(begin, stretch.begin + ahead)
    const to = isLast ? end : Math.min(end, stretch.end + ahead)
    return { tap, ahead, begin: from - ahead, end: Math.max(from, to) - ahead }
  })
  const begin = Math.max(...own.map((range) => range.begin))
  const end = Math.max(begin, Math.min(...own.map((range) => range.end)))
  const together = entryOf(axis, last, { begin, end }, cells, changes)
  if (rows.length === 1) return together
  const left = own.flatMap(({ tap, ahead, ...range }) => [
    ...entryOf(axis, tap, { begin: range.begin + ahead, end: Math.min(range.end, begin) + ahead }, cells, changes),
    ...entryOf(axis, tap, { begin: Math.max(range.begin, end) + ahead, end: range.end + ahead }, cells, changes),
  ])
  return [...together, ...left]
}
