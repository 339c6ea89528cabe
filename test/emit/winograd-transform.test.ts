import { expect, it } from 'vitest'
import { cellMatrix, filterMatrix, type Matrix, outputMatrix } from '../../src/emit/winograd-transform.ts'

const times = (matrix: Matrix, x: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, factor, index) => sum + factor * x[index], 0))

/** As the emitter's of the same name, on numbers. */
const sumsAndDifferences = ([zero, a, b, c, d, ...infinity]: readonly number[]): number[] => [
  ...[zero, a + b, a - b],
  ...[c + d, c - d, ...infinity],
]

const windows = [5, 6].flatMap((span) =>
  [2, 3, 4, 5].filter((taps) => taps < span).map((taps) => [span, taps] as const),
)

it.each(windows)('%i products are the windows of %i taps over as many cells', (span, taps) => {
  const cells = [3, -1, 4, 1.5, -9, 2.6].slice(0, span)
  const filter = [5, -3.5, 8, 9.7, -9].slice(0, taps)
  const outputs = span + 1 - taps
  const [a, b] = [times(cellMatrix(span), cells), times(filterMatrix(taps, span), filter)].map(sumsAndDifferences)
  const products = a.map((value, index) => value * b[index])
  const sums = times(outputMatrix(outputs, span), sumsAndDifferences(products))
  for (let output = 0; output < outputs; output++) {
    expect(sums[output]).toBeCloseTo(
      filter.reduce((sum, factor, tap) => sum + factor * cells[output + tap], 0),
      10,
    )
  }
})

it.each(windows)('the first of %i products is zero where the first of %i taps is', (span, taps) => {
  const filter = [0, -3.5, 8, 9.7, -9].slice(0, taps)
  expect(times(filterMatrix(taps, span), filter)[0]).toBe(0)
})
