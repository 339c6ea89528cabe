import { type Axis, padded, taps } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import { basisOf, FLOAT } from './plan.ts'
import type { TileRun } from './row-tiles.ts'
import { type Lines, linesOf, slidesOf } from './slides.ts'

/** Tiles along one axis, and for an average what each output's window counts there: the divisor is the product. */
export interface CountedRun extends TileRun {
  readonly counts: readonly number[]
}

/** A run with its counts, cut where they change: only padding that counts can make a difference between its tiles. */
export function counted(run: TileRun, axis: Axis, problem: Problem): CountedRun[] {
  const countsAt = (first: number): number[] =>
    Array.from({ length: run.pixels }, (_, pixel) => countAt(problem, axis, first + pixel))
  const inside = run.reading.every(({ begin, end }) => end - begin === run.pixels)
  if (inside || !problem.countIncludePad) return [{ ...run, counts: countsAt(run.first) }]
  const runs: (CountedRun & { tiles: number })[] = []
  for (let tile = 0; tile < run.tiles; tile++) {
    const first = run.first + tile * run.pixels
    const counts = countsAt(first)
    const last = runs.at(-1)
    if (last && last.counts.join() === counts.join()) last.tiles++
    else runs.push({ ...run, first, tiles: 1, counts })
  }
  return runs
}

/** What a window counts along an axis: real cells, or with `countIncludePad` padding too; 1 where that is nothing. */
export function countAt({ geometry, countIncludePad }: Problem, axis: Axis, output: number): number {
  if (geometry.op !== 'averagePool') return 1
  const { begin, end } = taps(countIncludePad ? padded(axis) : axis, output)
  return Math.max(1, end - begin)
}

/** An axis, and bytes from cell to cell and from output to output along it. */
export interface Along {
  readonly axis: Axis
  readonly step: Readonly<Record<'input' | 'output', number>>
}

/** The three axes of a problem, with the steps along them. */
export function alongs(problem: Problem): Three<Along> {
  const { from, to } = basisOf(problem, { relaxed: false })
  const [depth, height, width] = threeAxes(problem.geometry).map((axis, index) => {
    return { axis, step: { input: from.axes[index], output: to.axes[index] } }
  })
  return [depth, height, width]
}

/** An axis that a program looks up output by output. */
export interface Lookup {
  readonly lines: Lines
  readonly step: Along['step']
}

/**
 * The integers of an entry of the tables: bytes to the cell under an output's first real tap, the place of that tap, how
 * many are real, what the window counts.
 */
export const entryFields = ['input', 'tap', 'taps', 'count'] as const

/** Bytes of an entry. */
export const ENTRY = entryFields.length * FLOAT

/** What a program needs to know of looked up axes, and its tables: an entry for each output, axis after axis. */
export function lookUp(problem: Problem, axes: readonly Along[]): { lookups: Lookup[]; tables: number[] } {
  const transposed = problem.geometry.op === 'convTranspose'
  const lookups = axes.map(({ axis, step }) => ({ lines: linesOf(slidesOf(axis, transposed)), step }))
  const tables = lookups.flatMap(({ lines, step }, index) =>
    lines.outputs.flatMap(({ cell, tap, count }, output) => {
      const entry = { input: cell * step.input, tap, taps: count, count: countAt(problem, axes[index].axis, output) }
      return entryFields.map((name) => entry[name])
    }),
  )
  return { lookups, tables }
}
