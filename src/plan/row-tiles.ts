import { type Axis, taps } from '../geometry/index.ts'

/** Neighbouring tiles of one row that see padding alike: the same code serves all of them. */
export interface TileRun {
  /** The first output cell of the first tile. */
  readonly first: number
  /** How many tiles follow each other. */
  readonly tiles: number
  /** Output cells of a tile. */
  readonly pixels: number
  /** For each tap, the pixels of a tile for which it falls on real input: from `begin` to before `end`. */
  readonly reading: readonly { readonly begin: number; readonly end: number }[]
}

/**
 * Cuts a row of outputs into tiles, and tells at which pixels each tap falls on real input. Padding is settled here, once
 * and for good: a program has no test for it, and taps on padding are no work at all.
 *
 * @param pixels the largest tile
 */
export function rowTiles(axis: Axis, pixels: number): TileRun[] {
  const runs: (TileRun & { tiles: number })[] = []
  for (let first = 0; first < axis.output; first += pixels) {
    const count = Math.min(pixels, axis.output - first)
    const tile = { first, tiles: 1, pixels: count, reading: readingPixels(axis, first, count) }
    const last = runs.at(-1)
    if (last && sees(last) === sees(tile)) last.tiles++
    else runs.push(tile)
  }
  return runs
}

const sees = ({ pixels, reading }: TileRun): string => JSON.stringify([pixels, reading])

function readingPixels(axis: Axis, first: number, count: number): TileRun['reading'] {
  const ranges = Array.from({ length: count }, (_, pixel) => taps(axis, first + pixel))
  return Array.from({ length: axis.kernel }, (_, tap) => {
    // Both ends of the tap range fall from pixel to pixel, so the pixels that read a tap are neighbours.
    const begin = ranges.findIndex((range) => range.begin <= tap && tap < range.end)
    if (begin < 0) return { begin: 0, end: 0 }
    return { begin, end: ranges.findLastIndex((range) => range.begin <= tap && tap < range.end) + 1 }
  })
}
