import { Remembered } from '../analysis/remembered.ts'
import { type Axis, interior } from '../geometry/index.ts'
import { alike, evenPortions, rowTiles, type TileKind, type TileRun, total } from './row-tiles.ts'

// The kinds that tiles of a row have whatever the size of the input, so that one program serves all sizes.

/** A row of outputs: the kinds of its tiles, and of each kind those that there are, which may be none. */
export interface TileRow {
  readonly kinds: readonly TileKind[]
  readonly runs: readonly TileRun[]
  /** Whether they are the kinds of rows of any size, not of this one alone. */
  readonly isOfAnySize: boolean
}

/** A way to cut rows into tiles, whose kinds repeat themselves after `period` more outputs. */
export interface RowCut {
  /** Tells ways apart: those with one name cut an axis alike. */
  readonly name: string
  readonly period: number
  readonly runs: (axis: Axis) => readonly TileRun[]
}

/** Tiles as even as can be: a small one at the end would have too few sums to keep a processor busy. */
export const evenCut = (pixels: number): RowCut => ({
  ...{ name: `even ${pixels}`, period: pixels },
  runs: (axis) => rowTiles(axis, evenPortions(axis.output, pixels)),
})

/** The kinds of rows of all sizes. Layers of a few shapes ask for them again and again, at each size of their input. */
const families = new Remembered<readonly TileKind[]>({
  weigh: (kinds) => total(kinds, ({ reading }) => BYTES_OF_KIND + BYTES_OF_TAP * reading.length),
})
const [BYTES_OF_KIND, BYTES_OF_TAP] = [256, 64]

/**
 * A row whose kinds of tiles are the same for all sizes of an input that are not small: those at both ends, and in between,
 * of each size that tiles have. Where this row has others, being small, undefined.
 */
export function anyRow(axis: Axis, cut: RowCut): TileRow | undefined {
  const { kernel, stride, dilation, padBegin, padEnd, input, output } = axis
  const { begin, end } = interior(axis)
  const edges = begin + output - end
  if (begin === end || edges > MOST_IN_FAMILY || output <= cut.period) return undefined
  // Whatever the size is, the end of the input lies alike from the last window.
  const question = `${cut.name};${kernel};${stride};${dilation};${padBegin};${padEnd};${input - stride * output}`
  const kinds = families.get(question, () => familyOf(axis, edges, cut))
  const runs: TileRun[] = kinds.map((kind) => ({ ...kind, first: 0, tiles: 0 }))
  const own = cut.runs(axis)
  for (const [index, place] of placesOf(own, kinds).entries()) {
    if (place < 0 || inRoomOf(kinds[place], own[index]) !== kinds[place]) return undefined
    runs[place] = own[index]
  }
  return { kinds, runs, isOfAnySize: true }
}

/** The kinds of all rows that are long enough to have tiles of each. */
function familyOf(axis: Axis, edges: number, { period, runs: cut }: RowCut): readonly TileKind[] {
  const kinds: TileKind[] = []
  for (let output = edges + period * period; output < edges + period * (period + 1); output++) {
    const runs = cut({ ...axis, output, input: axis.input + (output - axis.output) * axis.stride })
    for (const [index, place] of placesOf(runs, kinds).entries()) {
      if (place < 0) kinds.push(kindOf(runs[index]))
      else kinds[place] = inRoomOf(kinds[place], runs[index])
    }
  }
  return kinds
}

/** A row with the kinds of its own tiles. */
export function ownRow(runs: readonly TileRun[]): TileRow {
  return { kinds: runs.map(kindOf), runs, isOfAnySize: false }
}

/** Beyond so many outputs that see padding, code for other sizes too would be long. */
const MOST_IN_FAMILY = 32

function kindOf({ first: _, tiles: __, lanes: ___, ...kind }: TileRun): TileKind {
  return kind
}

/** The kind itself, or where another one like it touches fewer cells, with those alone. */
function inRoomOf(kind: TileKind, other: TileKind): TileKind {
  const [a, b] = [kind.room, other.room]
  if (!a || !b || (b.begin <= a.begin && a.end <= b.end)) return kind
  return { ...kind, room: { begin: Math.max(a.begin, b.begin), end: Math.min(a.end, b.end) } }
}

/** The place of each run's kind in a list, -1 where it is not there; the second run of a kind is of the second one like it. */
function placesOf(runs: readonly TileRun[], kinds: readonly TileKind[]): readonly number[] {
  const places: number[] = []
  for (const run of runs) places.push(kinds.findIndex((kind, place) => !places.includes(place) && isLike(run, kind)))
  return places
}

/** Whether two kinds differ in nothing but the cells that they may touch. */
function isLike(a: TileKind, b: TileKind): boolean {
  const isSame = a.pixels === b.pixels && a.start === b.start && a.ends === b.ends && alike(a.reading, b.reading)
  return isSame && (a.counts === b.counts || String(a.counts) === String(b.counts))
}
