import {
  type Axis,
  cellOf,
  evaluate,
  isPool,
  type Op,
  readingsOf,
  type SolvedSetting,
  type TapReading,
} from 'samepad/geometry'
import { type Answer, windowsOf } from './answers.ts'

// Numbers in the cells of a small layer: an input, a kernel, and what comes of them.

/** The digits of pi: small numbers that are not alike. */
export const digits = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7, 9, 5]
/** Kernels that are not the same backwards, so that the order of the taps is seen. */
export const weight = (tap: number): number => [1, 2, 3][tap % 3]

const MOST_TAPS = 9

/** Numbers of the reader's own: an input, and a kernel where there is one. */
export interface OwnNumbers {
  readonly input: readonly number[]
  readonly weights?: readonly number[]
}

/** The numbers of one convention. */
export interface Values {
  /** What a position of the large side holds; undefined on padding that holds nothing. */
  readonly large: (position: number) => number | undefined
  /** What a small cell holds: an output, or transposed, a sample. */
  readonly small: (index: number) => number | undefined
  /** The kernel; pools have none. */
  readonly weights?: readonly number[]
  /** How the number of a small cell comes about: `3×1 + 1×2 = 5`. */
  readonly sum: (index: number) => string
}

/** Whether a layer is small enough for numbers in its cells. */
export const hasValues = ({ input, kernel }: Pick<Axis, 'input' | 'kernel'>): boolean =>
  input <= digits.length && kernel <= MOST_TAPS

/** The numbers that a convention makes of the same input as all others: of the reader's own, or of some that are not alike. */
export function valuesOf(op: Op, { setting, solved }: Answer, own?: OwnNumbers): Values | undefined {
  if (!setting || !solved || !hasValues(solved.axis)) return undefined
  const input = own?.input ?? digits.slice(0, solved.axis.input)
  const some = (): number[] => Array.from({ length: solved.axis.kernel }, (_, tap) => weight(tap))
  const weights = isPool(op) ? undefined : (own?.weights ?? some())
  const output = evaluate(setting, solved, input, weights).map(shortened)
  if (op === 'convTranspose') {
    return {
      ...{ large: (position) => output[position], small: (index) => input[index], weights },
      sum: (index) =>
        `${input[index]} × (${weights?.join(', ')}) = (${weights?.map((one) => one * input[index]).join(', ')})`,
    }
  }
  const reads = readingsOf([setting, solved])
  const held = heldBy([setting, solved], reads)
  const numberOf = (at: Held): number | undefined => input[at.cell] ?? (holdsZero(op, at) ? 0 : undefined)
  return {
    large: (position) => numberOf(held(position)),
    small: (index) => output[index],
    weights,
    sum: (index) => {
      const terms = reads[index].map((at) => ({
        value: input[at.cell],
        weight: weights?.[at.tap] ?? 1,
        counts: at.counts,
      }))
      return sumOf(op, terms, output[index])
    },
  }
}

/** What a position holds: a cell's value, or, where `cell` is -1, a zero that counts, or nothing. */
export type Held = Pick<TapReading, 'cell' | 'counts'>

/** Where the value of each position of the large side comes from: padding may mirror cells, or hold zeros that count. */
export function heldBy(
  [{ op }, { axis }]: SolvedSetting,
  reads: readonly (readonly TapReading[])[],
): (position: number) => Held {
  const windows = windowsOf(op, axis)
  const held = new Map<number, Held>()
  reads.forEach((list, output) => {
    for (const reading of list) held.set(cellOf(windows, output, reading.tap), reading)
  })
  const isReal = (position: number): boolean => position >= 0 && position < axis.input
  return (position) => (isReal(position) ? { cell: position, counts: true } : (held.get(position) ?? NOTHING))
}

const NOTHING: Held = { cell: -2, counts: false }

/** Whether padding holds a zero: to a convolution it does, to a pool where it counts. */
export const holdsZero = (op: Op, { cell, counts }: Held): boolean => cell === -1 && (op === 'conv' || counts)

/** A value that an output reads. */
export interface Term {
  /** Undefined on padding. */
  readonly value: number | undefined
  readonly weight: number
  /** Pools: whether it counts. */
  readonly counts: boolean
}

/** How the number of an output comes about, each value with its weight: `3×1 + 1×2 = 5`; zeros of a convolution's padding are left out. */
export function sumOf(op: Op, terms: readonly Term[], result: number): string {
  if (!isPool(op)) {
    const products = terms.flatMap(({ value, weight }) => (value === undefined ? [] : `${value}×${weight}`))
    return `${products.join(' + ') || 0} = ${result}`
  }
  const counted = terms.filter(({ value, counts }) => counts || (op === 'maxPool' && value !== undefined))
  const values = counted.map(({ value = 0 }) => value)
  return op === 'maxPool'
    ? `the largest of ${values.join(', ')} = ${result}`
    : `(${values.join(' + ')}) / ${values.length} = ${result}`
}

export const shortened = (value: number): number => Math.round(value * 100) / 100
