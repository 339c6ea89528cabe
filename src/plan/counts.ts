import { type Axis, padded, taps } from '../geometry/index.ts'
import { type Three, threeAxes } from '../reference/loops.ts'
import type { Problem } from '../reference/problem.ts'
import { basisOf, FLOAT } from './plan.ts'
import type { TileRun } from './row-tiles.ts'
import { linesOf, slidesOf } from './slides.ts'
import type { Amount, Tables } from './tables.ts'

/** A run with what its outputs count, cut where that changes: only padding that counts can make a difference between tiles. */
export function counted(run: TileRun, axis: Axis, problem: Problem): TileRun[] {
  if (problem.geometry.op !== 'averagePool') return [run]
  const countsAt = (first: number): number[] =>
    Array.from({ length: run.pixels }, (_, pixel) => countAt(problem, axis, first + pixel))
  const inside = run.reading.every(({ begin, end }) => end - begin === run.pixels)
  if (inside || !problem.countIncludePad) return [{ ...run, counts: countsAt(run.first) }]
  const runs: (TileRun & { tiles: number })[] = []
  for (let tile = 0; tile < run.tiles; tile++) {
    const first = run.first + tile * run.pixels
    const counts = countsAt(first)
    const last = runs.at(-1)
    if (last?.counts?.join() === counts.join()) last.tiles++
    else runs.push({ ...run, first, tiles: 1, counts })
  }
  return runs
}

/** What a window counts along an axis: real cells, or with `countIncludePad` padding too; 1 where that is nothing. */
function countAt({ geometry, countIncludePad }: Problem, axis: Axis, output: number): number {
  if (geometry.op !== 'averagePool') return 1
  const { begin, end } = taps(countIncludePad ? padded(axis) : axis, output)
  return Math.max(1, end - begin)
}

/** An axis by name, and bytes from cell to cell and from output to output along it. */
export interface Along {
  readonly name: (typeof names)[number]
  readonly axis: Axis
  readonly step: Readonly<Record<'input' | 'output', number>>
}

const names = ['depth', 'height', 'width'] as const

/** The three axes of a problem, with the steps along them. */
export function alongs(problem: Problem): Three<Along> {
  const { from, to } = basisOf(problem, { relaxed: false })
  const [depth, height, width] = threeAxes(problem.geometry).map((axis, index) => {
    return { name: names[index], axis, step: { input: from.axes[index], output: to.axes[index] } }
  })
  return [depth, height, width]
}

/** An axis that a program looks up output by output. */
export interface Lookup {
  /** The kernel's taps in the order in which weights are packed, and cells from one to the next. */
  readonly taps: readonly number[]
  readonly dilation: number
  /** Whether every output reads the first tap and no other. */
  readonly single: boolean
  readonly step: Readonly<Record<'input' | 'output', Amount>>
  /** How many outputs there are, and where their entries are. */
  readonly outputs: Amount
  readonly entries: Amount
}

/**
 * The integers of an entry of the tables: bytes to the cell under an output's first real tap, the place of that tap, how
 * many are real, what the window counts.
 */
export const entryFields = ['input', 'tap', 'taps', 'count'] as const

/** Bytes of an entry. */
export const ENTRY = entryFields.length * FLOAT

/** What a program needs to know of looked up axes, of which the tables get an entry for each output. */
export function lookUp(problem: Problem, axes: readonly Along[], tables: Tables): Lookup[] {
  const transposed = problem.geometry.op === 'convTranspose'
  return axes.map(({ axis, step, name }): Lookup => {
    const { outputs, taps, dilation } = linesOf(slidesOf(axis, transposed))
    const entries = outputs.flatMap(({ cell, tap, count }, output) => {
      const entry = { input: cell * step.input, tap, taps: count, count: countAt(problem, axis, output) }
      return entryFields.map((field) => entry[field])
    })
    const single = outputs.every(({ tap, count }) => tap === 0 && count === 1)
    const listed = tables.list(`${name} entries`, entries)
    // An axis that the layer does not have is of one cell whatever the input's size.
    const missing = names.indexOf(name) < names.length - problem.geometry.axes.length
    if (missing) return { taps, dilation, single, step: { input: 0, output: 0 }, outputs: 1, entries: listed }
    return {
      ...{ taps, dilation, single, entries: listed, outputs: tables.number(`${name} outputs`, outputs.length) },
      step: { input: tables.number(`${name} input`, step.input), output: tables.number(`${name} output`, step.output) },
    }
  })
}
