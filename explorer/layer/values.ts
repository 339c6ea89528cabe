import { type Axis, divisor, evaluate, type Op } from 'samepad/geometry'
import { type Answer, windowsOf } from './answers.ts'
import { cellsOf } from './taps.ts'

// Numbers in the cells of a small layer: an input, a kernel, and what comes of them.

/** The digits of pi: small numbers that are not alike. */
const digits = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7, 9, 5]
/** Kernels that are not the same backwards, so that the order of the taps is seen. */
const weight = (tap: number): number => [1, 2, 3][tap % 3]

export const MOST_VALUES = digits.length // cells of an input that gets numbers
const MOST_TAPS = 9

/** The numbers of one convention. */
export interface Values {
  /** What a position of the large side holds; undefined on padding that holds nothing. */
  readonly large: (position: number) => number | undefined
  /** What a small cell holds: an output, or transposed, a sample. */
  readonly small: (index: number) => number | undefined
  /** The kernel; pools have none. */
  readonly weights?: readonly number[]
  /** How the number of a small cell comes about: `1·3 + 2·1 = 5`. */
  readonly sum: (index: number) => string
}

/** Whether a layer is small enough for numbers in its cells. */
export const hasValues = ({ input, kernel }: Pick<Axis, 'input' | 'kernel'>): boolean =>
  input <= MOST_VALUES && kernel <= MOST_TAPS

/** The numbers that a convention makes of the same input as all others. */
export function valuesOf(op: Op, { setting, solved }: Answer): Values | undefined {
  if (!setting || !solved || !hasValues(solved.axis)) return undefined
  const input = digits.slice(0, solved.axis.input)
  const isPool = op === 'maxPool' || op === 'averagePool'
  const weights = isPool ? undefined : Array.from({ length: solved.axis.kernel }, (_, tap) => weight(tap))
  const output = evaluate(setting, solved, input, weights).map(shortened)
  if (op === 'convTranspose') {
    return {
      ...{ large: (position) => output[position], small: (index) => input[index], weights },
      sum: (index) =>
        `${input[index]} x (${weights?.join(', ')}) = (${weights?.map((one) => one * input[index]).join(', ')})`,
    }
  }
  const zero = op === 'conv' && (setting.fill ?? 'constant') === 'constant' ? 0 : undefined
  const axis = windowsOf(op, solved.axis)
  return {
    ...{ large: (position) => input[position] ?? zero, small: (index) => output[index], weights },
    sum: (index) => sumOf(op, axis, input, output, index, divisor(solved, index)),
  }
}

function sumOf(
  op: Op,
  axis: Axis,
  input: readonly number[],
  output: readonly number[],
  index: number,
  by: number,
): string {
  const { first, step, count } = cellsOf(axis, index)
  const tap = (at: number): number => Math.round((first - (index * axis.stride - axis.padBegin)) / step) + at
  const cells = Array.from({ length: count }, (_, at) => ({ value: input[first + at * step], weight: weight(tap(at)) }))
  const plain = cells.map(({ value }) => value)
  if (op === 'maxPool') return `the largest of ${plain.join(', ')} = ${output[index]}`
  if (op === 'averagePool') return `(${plain.join(' + ')}) / ${by} = ${output[index]}`
  return `${cells.map(({ value, weight }) => `${weight}·${value}`).join(' + ') || 0} = ${output[index]}`
}

const shortened = (value: number): number => Math.round(value * 100) / 100
