import { evaluateRows, isPool, type Op, readingsOf, type SolvedSetting } from 'samepad/geometry'
import type { Answer } from '../../layer/answers.ts'
import { digits, heldBy, holdsZero, shortened, sumOf, type Term, weight } from '../../layer/values.ts'

// Numbers in the cells of a small layer on two axes.

/** The numbers of one convention: what each cell of the grid and of the map holds. */
export interface RowValues {
  /** A position of the grid; undefined on padding that holds nothing. */
  readonly grid: (row: number, column: number) => number | undefined
  /** An output of the map, or transposed, a sample. */
  readonly map: (row: number, column: number) => number | undefined
  /** The kernel, row by row; pools have none. */
  readonly weights?: readonly (readonly number[])[]
  /** How the number of the map comes about. */
  readonly sum: (row: number, column: number) => string
}

const MOST_CELLS = 12 // of an input, along one axis
const MOST_TAPS = 25 // products that are read in a row

/** Whether a layer is small enough for numbers in its cells. */
export const hasRowValues = (both: readonly Answer[]): boolean =>
  both.every(({ solved }) => solved && solved.axis.input <= MOST_CELLS && solved.axis.output <= 3 * MOST_CELLS) &&
  both.reduce((taps, { solved }) => taps * (solved?.axis.kernel ?? 0), 1) <= MOST_TAPS

/** Rows of numbers that are not alike, and not the same in another order of the axes. */
const rowsOf = (rows: number, columns: number, number: (row: number, column: number) => number): number[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => number(row, column)))

/** The numbers that a convention makes of the same input as all others. */
export function rowValuesOf(op: Op, both: readonly Answer[]): RowValues | undefined {
  const [down, across] = both.flatMap(({ setting, solved }): SolvedSetting[] =>
    setting && solved ? [[setting, solved]] : [],
  )
  if (!down || !across || !hasRowValues(both)) return undefined
  const [high, wide] = [down[1].axis, across[1].axis]
  const input = rowsOf(high.input, wide.input, (row, column) => digits[(5 * row + column) % digits.length])
  const weights = isPool(op) ? undefined : rowsOf(high.kernel, wide.kernel, (row, column) => weight(2 * row + column))
  const output = evaluateRows([down, across], input, weights).map((row) => row.map(shortened))
  if (op === 'convTranspose') {
    const spread = (value: number): string =>
      (weights ?? []).map((row) => row.map((one) => one * value).join(', ')).join(' / ')
    return {
      ...{ weights, grid: (row, column) => output[row]?.[column], map: (row, column) => input[row]?.[column] },
      sum: (row, column) => `${input[row][column]} times the kernel: ${spread(input[row][column])}`,
    }
  }
  const [rows, columns] = [readingsOf(down), readingsOf(across)]
  const [heldDown, heldAcross] = [heldBy(down, rows), heldBy(across, columns)]
  const termsOf = (row: number, column: number): Term[] =>
    rows[row].flatMap((y) =>
      columns[column].map((x) => {
        const value = input[y.cell]?.[x.cell]
        return { value, weight: weights?.[y.tap][x.tap] ?? 1, counts: y.counts && x.counts }
      }),
    )
  return {
    weights,
    grid: (row, column) => {
      const [y, x] = [heldDown(row), heldAcross(column)]
      const real = input[y.cell]?.[x.cell]
      if (real !== undefined) return real
      const cell = Math.min(y.cell, x.cell) // a zero along either axis is one, nothing is nothing
      return holdsZero(op, { cell, counts: y.counts && x.counts }) ? 0 : undefined
    },
    map: (row, column) => output[row]?.[column],
    sum: (row, column) => sumOf(op, termsOf(row, column), output[row][column]),
  }
}
