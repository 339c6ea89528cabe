import { expect, it } from 'vitest'
import {
  type Axis,
  interior,
  outputSize,
  padded,
  type Range,
  resolve,
  taps,
  type Window,
} from '../../src/geometry/index.ts'
import { along, breaking, grid } from './grid.ts'

/** A window moved over a tape of cells, written without a formula: true is a real cell, false is padding. */
function slide({ input, kernel, stride, dilation }: Window, padBegin: number, padEnd: number): boolean[][] {
  const tape = [...Array(padBegin).fill(false), ...Array(input).fill(true), ...Array(padEnd).fill(false)]
  const windows: boolean[][] = []
  for (let start = 0; ; start += stride) {
    const seen: boolean[] = []
    for (let cell = start; seen.length < kernel; cell += dilation) {
      if (cell >= tape.length) return windows
      seen.push(tape[cell])
    }
    windows.push(seen)
  }
}

const rangeOf = (seen: readonly boolean[]): Range => {
  const begin = seen.indexOf(true)
  return begin < 0 ? { begin: 0, end: 0 } : { begin, end: seen.lastIndexOf(true) + 1 }
}

const equal = (a: Range, b: Range): boolean => {
  const empty = a.begin === a.end && b.begin === b.end
  return empty || (a.begin === b.begin && a.end === b.end)
}

const agrees = (axis: Axis): boolean => {
  const windows = slide(axis, axis.padBegin, axis.padEnd)
  const untouched = windows.map((seen) => seen.every(Boolean))
  return (
    windows.length === axis.output &&
    windows.every((seen, output) => equal(taps(axis, output), rangeOf(seen))) &&
    windows.every(
      (seen, output) => seen.filter(Boolean).length === taps(axis, output).end - taps(axis, output).begin,
    ) &&
    windows.every((seen, output) => taps(padded(axis), output).end === seen.length) &&
    equal(interior(axis), rangeOf(untouched))
  )
}

it.each(['same-upper', 'same-lower', 'keep', 'full', 'causal'] as const)(
  'taps and interior equal a window moved by hand, padding %s',
  (padding) => {
    expect(breaking(grid, (window) => agrees(resolve({ ...along(window), padding }).axes[0]))).toEqual([])
  },
)

it('taps and interior equal a window moved by hand, every pair of pads up to 3', () => {
  const pairs = [0, 1, 2, 3].flatMap((begin) => [0, 1, 2, 3].map((end) => [begin, end] as const))
  for (const [begin, end] of pairs) {
    const fitting = grid.filter((window) => outputSize(window, begin, end) >= 1)
    expect(
      breaking(fitting, (window) => agrees(resolve({ ...along(window), padding: [[begin, end]] }).axes[0])),
    ).toEqual([])
  }
})

it('a picture of one axis: input 7, kernel 3, stride 2, padding [1, 1]', () => {
  const axis = resolve({ input: 7, kernel: 3, strides: 2, padding: 'same' }).axes[0]
  const first = (output: number): number => output * 2 - axis.padBegin + taps(axis, output).begin
  expect([0, 1, 2, 3].map((output) => [first(output), taps(axis, output)])).toEqual([
    [0, { begin: 1, end: 3 }],
    [1, { begin: 0, end: 3 }],
    [3, { begin: 0, end: 3 }],
    [5, { begin: 0, end: 2 }],
  ])
})

it('ceilMode adds a window that starts in the input or begin padding, and none that starts later', () => {
  const size = (input: number, kernel: number, stride: number, pad: number): number =>
    outputSize({ input, kernel, stride, dilation: 1 }, pad, pad, true)
  expect(size(6, 3, 2, 0)).toBe(3) // 0..2, 2..4, 4..6: the last runs past the end
  expect(size(2, 2, 3, 1)).toBe(1) // the second would start in the end padding
  expect(size(5, 2, 2, 0)).toBe(3)
  expect(size(2, 3, 3, 0)).toBe(1) // a window larger than the input
})
