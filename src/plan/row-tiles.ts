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

/** The entries of the runs of a row. */
export function runEntries(
  runs: readonly TileRun[],
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

/** A tile at the end of a row, of so many outputs, of which the last ones only are its own. */
export function endTile(axis: Axis, pixels: number, own: number, vector: number): TileRun {
  const first = axis.output - pixels
  return { first, tiles: 1, pixels, ...sightOf(axis, first, pixels), ends: true, lanes: own - (pixels - vector) }
}

/** So many parts of one size, one after the other. */
export interface Portion {
  readonly size: number
  readonly count: number
}

/**
 * Cuts a row of outputs into tiles, and tells at which pixels each tap falls on real input. Padding is settled here, once
 * and for good: a program has no test for it, and taps on padding are no work at all.
 *
 * @param portions tiles from the first output on; together all of them
 */
export function rowTiles(axis: Axis, portions: readonly Portion[]): TileRun[] {
  const runs: (TileRun & { tiles: number })[] = []
  const inside = interior(axis)
  let first = 0
  for (const { size: pixels, count: tiles } of portions) {
    for (let left = tiles; left > 0; ) {
      // All that see no padding see the same.
      const within = first < inside.begin ? 0 : Math.floor((inside.end - first) / pixels)
      const together = Math.max(1, Math.min(left, within))
      const seen = sightOf(axis, first, pixels)
      const last = runs.at(-1)
      if (last?.pixels === pixels && alike(last.reading, seen.reading)) last.tiles += together
      else runs.push({ first, tiles: together, pixels, ...seen })
      first += together * pixels
      left -= together
    }
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
export function evenPortions(total: number, most: number): Portion[] {
  const parts = Math.ceil(total / most)
  const [less, larger] = [Math.floor(total / parts), total % parts]
  const portions = [
    { size: less + 1, count: larger },
    { size: less, count: parts - larger },
  ]
  return portions.filter(({ count }) => count > 0)
}

/** A number in parts of the most and what is left. */
export function greedyPortions(total: number, most: number): Portion[] {
  const portions = [
    { size: most, count: Math.floor(total / most) },
    { size: total % most, count: 1 },
  ]
  return portions.filter(({ size, count }) => size > 0 && count > 0)
}

const oneByOne = (portions: readonly Portion[]): number[] =>
  portions.flatMap(({ size, count }) => new Array<number>(count).fill(size))

/** The same parts one by one. */
export const evenly = (total: number, most: number): number[] => oneByOne(evenPortions(total, most))
export const greedily = (total: number, most: number): number[] => oneByOne(greedyPortions(total, most))

/** The numbers of a list, each once. */
export function distinct(list: readonly number[]): number[] {
  return [...new Set(list)]
}

/** Whether taps are real at the same pixels. */
export const alike = (a: Sight['reading'], b: Sight['reading']): boolean =>
  a === b || (a.length === b.length && a.every(({ begin, end }, tap) => begin === b[tap].begin && end === b[tap].end))

type Sight = Pick<TileKind, 'reading' | 'start'>

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
