import { expect, it } from 'vitest'
import { cellMatrix, filterMatrix, type Matrix, outputMatrix } from '../../src/emit/winograd-transform.ts'

const times = (matrix: Matrix, x: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * x[index], 0))

/** As the emitter's of the same name, on numbers. */
const sumsAndDifferences = ([zero, a, b, c, d, infinity]: readonly number[]): number[] => [
  ...[zero, a + b, a - b],
  ...[c + d, c - d, infinity],
]

it.each([2, 3, 4, 5])('six products are the windows of %i taps over six cells', (taps) => {
  const cells = [3, -1, 4, 1.5, -9, 2.6]
  const filter = [5, -3.5, 8, 9.7, -9].slice(0, taps)
  const outputs = 7 - taps
  const [a, b] = [times(cellMatrix, cells), times(filterMatrix(taps), filter)].map(sumsAndDifferences)
  const products = a.map((value, index) => value * b[index])
  const sums = times(outputMatrix(outputs), sumsAndDifferences(products))
  for (let output = 0; output < outputs; output++) {
    expect(sums[output]).toBeCloseTo(
      filter.reduce((sum, factor, tap) => sum + factor * cells[output + tap], 0),
      10,
    )
  }
})
