import { type Axis, cellOf, interior, type Range, taps } from '../geometry/index.ts'

/**
 * The integers of an entry for tiles of one kind: how many there are, of a kind that `ends` how many lanes of the first
 * vector are outputs of its own, and bytes to what the first tile reads and writes.
 */
export const runFields = ['tiles', 'lanes', 'input', 'output', 'weights', 'bias'] as const

/** What tiles have in common that the same code serves: their size, and how they see padding. */
export interface TileKind {
  /** Output cells of a tile. */
  readonly pixels: number
  /** For each tap, the pixels of a tile for which it falls on real input: from `begin` to before `end`. */
  readonly reading: readonly Range[]
  /** The nearest cell that a tile reads, counted from where its first window starts; 0 where it reads none. */
  readonly start: number
  /** The cells that any tile may touch, counted alike; undefined where only those that are read are touched. */
  readonly room?: Range | undefined
  /** Whether it ends a row of any length: of its first vector some last lanes only are stored, those before are another's. */
  readonly ends?: boolean | undefined
  /** For an average what each output's window counts along the axis: the divisor is the product. */
  readonly counts?: readonly number[] | undefined
}

/** Neighbouring tiles of one kind. */
export interface TileRun extends TileKind {
  /** The first output cell of the first tile. */
  readonly first: number
  /** How many tiles follow each other. */
  readonly tiles: number
  /** Of a kind that ends rows, how many lanes of the first vector are stored. */
  readonly lanes?: number | undefined
}

/** A row of outputs: the kinds of its tiles, and of each kind those that there are, which may be none. */
export interface TileRow {
  readonly kinds: readonly TileKind[]
  readonly runs: readonly TileRun[]
}

/** The entries of the runs of a row. */
export function runEntries(
  { runs }: TileRow,
  { stride, padBegin }: Pick<Axis, 'stride' | 'padBegin'>,
  step: Readonly<Partial<Record<'input' | 'output' | 'weights' | 'bias', number>>>,
  behind = 0,
): number[] {
  return runs.flatMap((run) => {
    const { first, tiles, lanes = 0 } = run
    const cell = readTaps(run).length > 0 ? first * stride - padBegin + run.start : 0
    const { input = 0, output = 0, weights = 0, bias = 0 } = step
    const entry = { tiles, lanes, input: cell * input, output: behind + first * output }
    const all = { ...entry, weights: first * weights, bias: first * bias }
    return runFields.map((name) => (tiles > 0 ? all[name] : 0))
  })
}

/**
 * A row whose kinds of tiles are the same for all sizes of an input that are not small: those at both ends, and in between,
 * of each size that tiles have. Where this row has others, being small, only its own.
 *
 * @param cut the tiles of a row, whose kinds repeat themselves after `period` more outputs
 */
export function anyRow(axis: Axis, cut: (axis: Axis) => readonly TileRun[], period: number): TileRow | undefined {
  const { begin, end } = interior(axis)
  const edges = begin + axis.output - end
  if (begin === end || edges > MOST_IN_FAMILY || axis.output <= period) return undefined
  const kinds = new Map<string, TileKind>()
  for (let output = edges + period * period; output < edges + period * (period + 1); output++) {
    const more = output - axis.output
    const other = { ...axis, output, input: axis.input + more * axis.stride }
    for (const [key, run] of byKind(cut(other))) kinds.set(key, inRoomOf(kinds.get(key), kindOf(run)))
  }
  const there = byKind(cut(axis))
  for (const [key, { room }] of there) {
    const kind = kinds.get(key)
    if (!kind || inRoomOf(kind, { ...kind, room }).room !== kind.room) return undefined
  }
  const none = { first: 0, tiles: 0 }
  return { kinds: [...kinds.values()], runs: [...kinds].map(([key, kind]) => there.get(key) ?? { ...kind, ...none }) }
}

/** A row with the kinds of its own tiles. */
export function ownRow(runs: readonly TileRun[]): TileRow {
  return { kinds: runs.map(kindOf), runs }
}

/** Beyond so many outputs that see padding, code for other sizes too would be long. */
const MOST_IN_FAMILY = 32

function kindOf({ first: _, tiles: __, lanes: ___, ...kind }: TileRun): TileKind {
  return kind
}

/** A kind that touches no more cells than another one either. */
function inRoomOf(other: TileKind | undefined, kind: TileKind): TileKind {
  const [a, b] = [other?.room, kind.room]
  if (!a || !b || (b.begin <= a.begin && a.end <= b.end)) return other ?? kind
  return { ...kind, room: { begin: Math.max(a.begin, b.begin), end: Math.min(a.end, b.end) } }
}

/** Runs by a text for each kind; the second one of a kind has another text than the first. */
function byKind(runs: readonly TileRun[]): Map<string, TileRun> {
  const map = new Map<string, TileRun>()
  for (const run of runs) {
    let key = JSON.stringify({ ...kindOf(run), room: undefined })
    while (map.has(key)) key += ' again'
    map.set(key, run)
  }
  return map
}

/** A tile at the end of a row, of so many outputs, of which the last ones only are its own. */
export function endTile(axis: Axis, pixels: number, own: number, vector: number): TileRun {
  const first = axis.output - pixels
  return { first, tiles: 1, pixels, ...sightOf(axis, first, pixels), ends: true, lanes: own - (pixels - vector) }
}

/**
 * Cuts a row of outputs into tiles, and tells at which pixels each tap falls on real input. Padding is settled here, once
 * and for good: a program has no test for it, and taps on padding are no work at all.
 *
 * @param sizes outputs of each tile, from the first on; together all of them
 */
export function rowTiles(axis: Axis, sizes: readonly number[]): TileRun[] {
  const runs: (TileRun & { tiles: number })[] = []
  const inside = interior(axis)
  const everywhere = new Map<number, Sight>() // what tiles that see no padding see, by their sizes
  const sight = (first: number, size: number): Sight => {
    if (first < inside.begin || first + size > inside.end) return sightOf(axis, first, size)
    const all = everywhere.get(size) ?? sightOf(axis, first, size)
    everywhere.set(size, all)
    return all
  }
  let first = 0
  for (const pixels of sizes) {
    const seen = sight(first, pixels)
    const last = runs.at(-1)
    if (last?.pixels === pixels && alike(last.reading, seen.reading)) last.tiles++
    else runs.push({ first, tiles: 1, pixels, ...seen })
    first += pixels
  }
  return runs
}

/** Taps of the outputs that see padding: nearly each has code of its own, and more of them would take long to plan. */
const MOST_AT_EDGES = 2 ** 16

/** Whether there are so many outputs that see padding, with so many taps, that there is no use in cutting an axis into tiles. */
export function isAllEdges(axis: Axis): boolean {
  const { begin, end } = interior(axis)
  return tapsOf(axis, 0, begin) + tapsOf(axis, end, axis.output) > MOST_AT_EDGES
}

/** A number for each item of a list, summed. */
export function total<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((sum, item) => sum + of(item), 0)
}

/** How many taps fall on real input, of some outputs along an axis. */
export function tapsOf(axis: Axis, first: number, last: number): number {
  const { input, kernel, stride } = axis
  let sum = 0
  // Of each tap the outputs at which it is real: kernels are shorter than lines.
  for (let tap = 0; tap < kernel; tap++) {
    const start = cellOf(axis, 0, tap)
    const begin = Math.max(first, Math.ceil(-start / stride))
    sum += Math.max(0, Math.min(last, Math.ceil((input - start) / stride)) - begin)
  }
  return sum
}

/** How many taps fall on real input, of all pixels of a tile. */
export function realTaps({ reading }: Pick<TileKind, 'reading'>): number {
  return total(reading, ({ begin, end }) => end - begin)
}

/** The taps of a tile that fall on real input at any pixel. */
export function readTaps({ reading }: Pick<TileRun, 'reading'>): number[] {
  return [...reading.keys()].filter((tap) => reading[tap].begin < reading[tap].end)
}

/** Where the taps of a tile fall, in order, and the pixels for which each place is real, with their taps. */
export function usesOf(
  reading: readonly Range[],
  { stride, dilation }: Pick<Axis, 'stride' | 'dilation'>,
): [place: number, uses: { pixel: number; tap: number }[]][] {
  const uses = new Map<number, { pixel: number; tap: number }[]>()
  reading.forEach(({ begin, end }, tap) => {
    for (let pixel = begin; pixel < end; pixel++) {
      const place = pixel * stride + tap * dilation
      uses.set(place, [...(uses.get(place) ?? []), { pixel, tap }])
    }
  })
  return [...uses].sort(([a], [b]) => a - b)
}

/** A number in as few parts as can be, none above the most, which differ by one at most; the larger come first. */
export function evenly(total: number, most: number): number[] {
  const count = Math.ceil(total / most)
  const less = Math.floor(total / count)
  return new Array(count).fill(less).fill(less + 1, 0, total % count)
}

/** A number in parts of the most and what is left. */
export function greedily(total: number, most: number): number[] {
  return Array.from({ length: Math.ceil(total / most) }, (_, index) => Math.min(most, total - index * most))
}

/** The numbers of a list, each once. */
export function distinct(list: readonly number[]): number[] {
  return [...new Set(list)]
}

const alike = (a: Sight['reading'], b: Sight['reading']): boolean =>
  a === b || a.every(({ begin, end }, tap) => begin === b[tap].begin && end === b[tap].end)

type Sight = Pick<TileRun, 'reading' | 'start'>

function sightOf(axis: Axis, first: number, count: number): Sight {
  const reading: { begin: number; end: number }[] = []
  for (let tap = 0; tap < axis.kernel; tap++) reading.push({ begin: 0, end: 0 })
  for (let pixel = 0; pixel < count; pixel++) {
    const { begin, end } = taps(axis, first + pixel)
    // Both ends of the range fall from pixel to pixel, so the pixels that read a tap are neighbours.
    for (let tap = begin; tap < end; tap++) {
      const range = reading[tap]
      if (range.end === 0) range.begin = pixel
      range.end = pixel + 1
    }
  }
  let start = Number.POSITIVE_INFINITY
  for (let tap = 0; tap < reading.length; tap++) {
    const { begin, end } = reading[tap]
    if (begin < end) start = Math.min(start, begin * axis.stride + tap * axis.dilation)
  }
  return { reading, start: start < Number.POSITIVE_INFINITY ? start : 0 }
}
