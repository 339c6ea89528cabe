import { SamepadError } from 'samepad/geometry'

// Kernels for pictures. A preset is a formula for every size, so that even sizes, on which conventions part without any
// stride, are as easily seen as 3x3.

/** A kernel of one channel, row by row. */
export interface Weights {
  readonly rows: number
  readonly columns: number
  readonly data: readonly number[]
}

/** The most taps of a kernel along one axis: without WebAssembly, more would take seconds. */
export const MOST_TAPS = 31

/** A kernel for every size. */
export interface Preset {
  readonly name: string
  /** The fewest taps with which it is one. */
  readonly least: number
  readonly weight: (row: number, column: number, size: number) => number
}

/** The row of Pascal's triangle with so many numbers, scaled to a sum of 1: a bell. */
function bell(size: number): number[] {
  let row = [1]
  while (row.length < size) row = [...row, 0].map((value, index) => (value + (row[index - 1] ?? 0)) / 2)
  return row
}

/** How steep a picture is: neighbours less each other, scaled so that a step from 0 to 1 gives 1 where it is. */
function slope(size: number): number[] {
  const narrow = bell(size - 1)
  const steepest = Math.max(...narrow)
  return Array.from({ length: size }, (_, index) => ((narrow[index - 1] ?? 0) - (narrow[index] ?? 0)) / steepest)
}

/** The tap that SAME puts on the cell itself: of an even number, the one before the middle. */
const own = (size: number): number => (size - 1) >> 1

const at = (row: number, column: number, size: number): number => (row === own(size) && column === own(size) ? 1 : 0)

const blur = (row: number, column: number, size: number): number => bell(size)[row] * bell(size)[column]

export const presets = {
  edges: {
    name: 'edges on all sides',
    least: 2,
    weight: (row, column, size) => 4 * (at(row, column, size) - blur(row, column, size)),
  },
  'edges-down': {
    name: 'edges from top to bottom',
    least: 2,
    weight: (row, column, size) => slope(size)[row] * bell(size)[column],
  },
  'edges-across': {
    name: 'edges from left to right',
    least: 2,
    weight: (row, column, size) => bell(size)[row] * slope(size)[column],
  },
  blur: { name: 'blur', least: 1, weight: blur },
  sharpen: {
    name: 'sharpen',
    least: 1,
    weight: (row, column, size) => 3 * at(row, column, size) - 2 * blur(row, column, size),
  },
  emboss: {
    name: 'emboss',
    least: 1,
    weight: (row, column, size) => at(row, column, size) + (6 * (row + column + 1 - size)) / size ** 3,
  },
  identity: { name: 'identity: one pixel of a window', least: 1, weight: at },
} as const satisfies Readonly<Record<string, Preset>>

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]

/** A preset by its name, or numbers of one's own. */
export type Filter = PresetName | Weights

/**
 * The weights of a filter.
 *
 * @param size taps along each axis of a preset; own numbers have their own
 * @throws SamepadError where the preset has no such size
 */
export function weightsOf(filter: Filter, size: number): Weights {
  if (typeof filter !== 'string') return filter
  const { least, weight }: Preset = presets[filter]
  if (size < least) throw new SamepadError('explorer', `the kernel of ${filter} must be at least ${least}`, size)
  if (size > MOST_TAPS) throw new SamepadError('explorer', `a picture's kernel must be at most ${MOST_TAPS}`, size)
  const data = Array.from({ length: size * size }, (_, index) => weight(Math.floor(index / size), index % size, size))
  return { rows: size, columns: size, data }
}

/** Weights with few places, to be edited. */
export const rounded = (weights: Weights): Weights => ({
  ...weights,
  data: weights.data.map((weight) => Number(weight.toFixed(4)) + 0),
})

/** Weights as text, a row to a line. */
export const linesOf = ({ columns, data }: Weights): string[] =>
  Array.from({ length: data.length / columns }, (_, row) => data.slice(row * columns, (row + 1) * columns).join(' '))
