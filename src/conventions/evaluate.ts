import { fills } from '../geometry/fill.ts'
import { type Axis, adjoint, type Range, taps } from '../geometry/index.ts'
import type { Setting } from './setting.ts'
import type { Solved } from './solve.ts'

/** A setting, and what it comes to. */
export type SolvedSetting = readonly [setting: Pick<Setting, 'op' | 'fill'>, solved: Solved]

/** What a tap of an output reads along one axis. */
export interface TapReading {
  /** Which of the kernel's weights, from 0. */
  readonly tap: number
  /** The input cell, or -1 where there is none. */
  readonly cell: number
  /** Pools: whether it counts, as a real cell or as a zero. */
  readonly counts: boolean
}

/** A value that a tap of an output reads, on all axes. */
interface Term {
  readonly value: number | undefined
  readonly weight: number
  readonly counts: boolean
}

/**
 * The values that a solved setting gives along one axis: one channel, in float64. Nothing is checked.
 *
 * @param solved what `solve` says of the setting, for an input of as many cells
 * @param input as many values as the axis has input cells
 * @param weights one for each tap; pools have none
 */
export function evaluate(
  setting: Pick<Setting, 'op' | 'fill'>,
  solved: Solved,
  input: readonly number[],
  weights: readonly number[] = [],
): number[] {
  return readingsOf([setting, solved]).map((list) =>
    combine(
      setting.op,
      list.map(({ tap, cell, counts }) => ({ value: input[cell], weight: weights[tap], counts })),
    ),
  )
}

/**
 * The same on two axes, height first: values and weights are rows.
 *
 * @param layer the setting along the height and along the width, each with what `solve` says of it
 * @param input as many rows as the first axis has input cells, each with as many values as the second has
 * @param weights a row for each tap along the height; pools have none
 */
export function evaluateRows(
  layer: readonly [down: SolvedSetting, across: SolvedSetting],
  input: readonly (readonly number[])[],
  weights: readonly (readonly number[])[] = [],
): number[][] {
  const [down, across] = layer
  const columns = readingsOf(across)
  return readingsOf(down).map((row) =>
    columns.map((column) => {
      const terms = row.flatMap((y) =>
        column.map((x): Term => {
          const counts = y.counts && x.counts
          return { value: input[y.cell]?.[x.cell], weight: weights[y.tap]?.[x.tap], counts }
        }),
      )
      return combine(down[0].op, terms)
    }),
  )
}

/**
 * What every output of a solved setting reads along one axis, in the order of the outputs. Nothing is checked.
 *
 * @returns for each output, its taps with the input cells that they read; transposed, the samples that reach it
 */
export function readingsOf([{ op, fill }, solved]: SolvedSetting): TapReading[][] {
  const { axis } = solved
  if (op === 'convTranspose') return landings(axis)
  const source = fills[(op === 'conv' && fill) || 'constant'].cell
  return Array.from({ length: axis.output }, (_, output) => {
    const start = output * axis.stride - axis.padBegin
    return Array.from({ length: axis.kernel }, (_, tap) => {
      const position = start + tap * axis.dilation
      return { tap, cell: source(position, axis.input), counts: isCounted(solved, position) }
    })
  })
}

/** For each output of a transposed convolution, the samples that reach it. */
function landings(axis: Axis): TapReading[][] {
  const list: TapReading[][] = Array.from({ length: axis.output }, () => [])
  for (let cell = 0; cell < axis.input; cell++) {
    const { begin, end } = taps(adjoint(axis), cell)
    const start = cell * axis.stride - axis.padBegin
    for (let tap = begin; tap < end; tap++) list[start + tap * axis.dilation].push({ tap, cell, counts: true })
  }
  return list
}

/** An average is 0 where there is nothing to divide by. */
function combine(op: Setting['op'], terms: readonly Term[]): number {
  if (op === 'maxPool') {
    return Math.max(...terms.map(({ value, counts }) => value ?? (counts ? 0 : Number.NEGATIVE_INFINITY)))
  }
  if (op !== 'averagePool') return terms.reduce((sum, { value = 0, weight }) => sum + weight * value, 0)
  const counted = terms.filter(({ counts }) => counts)
  return counted.reduce((sum, { value = 0 }) => sum + value, 0) / (counted.length || 1)
}

/** What an average of a window divides by: its real cells, and the padding that counts as zeros. */
export function divisor(solved: Solved, output: number): number {
  const { begin, end } = countedTaps(solved, output)
  return end - begin
}

/** The taps of a window that pooling counts: those on real cells that are not hidden, and on padding that holds zero. */
export function countedTaps({ axis, zeros }: Solved, output: number): Range {
  // Cells that count are a row too: the real ones, with the zeros at both ends.
  return taps({ ...axis, input: axis.input + zeros[0] + zeros[1], padBegin: axis.padBegin - zeros[0] }, output)
}

/** Whether pooling counts a position: real cells unless they are hidden, and padding cells that hold zero. */
export function isCounted({ axis, zeros }: Solved, position: number): boolean {
  return position >= -zeros[0] && position < axis.input + zeros[1]
}
