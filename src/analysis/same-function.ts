import { countedTaps } from '../conventions/evaluate.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, type Solved } from '../conventions/solve.ts'
import { type Fill, fills } from '../geometry/fill.ts'
import { type Axis, adjoint, cellOf, effectiveKernel, interior, type Range, taps } from '../geometry/index.ts'
import { ceilDivide } from '../geometry/integers.ts'

/**
 * Whether two settings compute the same function of the same input, for all values and weights: as many outputs, and
 * each of them from the same cells through the same taps (a maximum from the same cells, an average with the same
 * divisor). Padding that no window reads makes no difference. Two refusals are the same.
 */
export function isSameFunction(a: Setting, outcomeA: Outcome, b: Setting, outcomeB: Outcome): boolean {
  if (isRejected(outcomeA) || isRejected(outcomeB)) return isRejected(outcomeA) && isRejected(outcomeB)
  const [one, two] = [outcomeA.axis, outcomeB.axis]
  if (one.output !== two.output || one.kernel !== two.kernel) return false
  if (isSameAxis(one, two) && isSameFilling(a, outcomeA, b, outcomeB)) return true
  const alike = (index: number): boolean => readsAlike(a, outcomeA, b, outcomeB, index)
  if (a.op === 'convTranspose') {
    return isSameAxis(one, two) || [one, two].every((axis) => everyIndex(...samplesReaching(axis), alike))
  }
  // Where both slide alike and hide no real cells, windows without padding read alike: only those at the edges matter.
  const hides = [...outcomeA.zeros, ...outcomeB.zeros].some((width) => width < 0)
  const inside = isSameAxis(one, two) && !hides ? interior(one) : { begin: 0, end: 0 }
  return everyIndex(0, inside.begin, alike) && everyIndex(inside.end, one.output, alike)
}

/**
 * Whether an output that two settings have comes from the same cells through the same taps (a maximum from the same
 * cells, an average with the same divisor); transposed, whether a sample of the input reaches the same outputs.
 *
 * @param index of the output, or of the sample; not checked
 */
export function readsAlike(a: Setting, solvedA: Solved, b: Setting, solvedB: Solved, index: number): boolean {
  if (a.op === 'convTranspose') return scattersAlike(solvedA.axis, solvedB.axis, index)
  return read(a, solvedA, index) === read(b, solvedB, index)
}

const isSameAxis = (a: Axis, b: Axis): boolean =>
  a.padBegin === b.padBegin && a.stride === b.stride && effectiveKernel(a) === effectiveKernel(b)

const isSameFilling = (a: Setting, solvedA: Solved, b: Setting, solvedB: Solved): boolean =>
  a.fill === b.fill && solvedA.zeros[0] === solvedB.zeros[0] && solvedA.zeros[1] === solvedB.zeros[1]

function everyIndex(begin: number, end: number, holds: (index: number) => boolean): boolean {
  for (let index = begin; index < end; index++) if (!holds(index)) return false
  return true
}

/** From which sample on, and to before which, samples may reach an output: all others are cropped, however many there are. */
function samplesReaching(axis: Axis): [begin: number, end: number] {
  const { input, stride, padBegin, output } = axis
  const begin = ceilDivide(padBegin - effectiveKernel(axis) + 1, stride)
  return [Math.max(0, begin), Math.min(input, Math.floor((padBegin + output - 1) / stride) + 1)]
}

/** Whether a sample of a transposed convolution's input reaches the same outputs through the same taps. */
function scattersAlike(a: Axis, b: Axis, sample: number): boolean {
  const [one, two] = [a, b].map((axis) => taps(adjoint(axis), sample))
  if (one.begin === one.end && two.begin === two.end) return true
  if (one.begin !== two.begin || one.end !== two.end) return false
  const place = (axis: Axis, tap: number): number => sample * axis.stride - axis.padBegin + tap * axis.dilation
  return place(a, one.begin) === place(b, two.begin) && place(a, one.end - 1) === place(b, two.end - 1)
}

/** What one window reads, as a text that is the same for windows that compute the same. */
function read({ op, fill = 'constant' }: Setting, solved: Solved, output: number): string {
  const { axis } = solved
  if (op === 'conv' && fill !== 'constant') return filledCells(axis, fill, output)
  const real = taps(axis, output)
  if (op === 'conv') return real.begin < real.end ? `${spanOf(axis, output, real)} from tap ${real.begin}` : 'nothing'
  const counted = countedTaps(solved, output)
  if (op === 'maxPool') {
    const seesZero = counted.begin < counted.end && (counted.begin < real.begin || counted.end > real.end)
    return `${spanOf(axis, output, real)} ${seesZero}`
  }
  const both = { begin: Math.max(real.begin, counted.begin), end: Math.min(real.end, counted.end) }
  return both.begin < both.end ? `${spanOf(axis, output, both)} / ${counted.end - counted.begin}` : 'nothing'
}

/** The cells under a range of taps. They lie evenly, so that their number, the first and the last tell all of them. */
function spanOf(axis: Axis, output: number, { begin, end }: Range): string {
  if (begin >= end) return 'nothing'
  return `${end - begin} cells, ${cellOf(axis, output, begin)} to ${cellOf(axis, output, end - 1)}`
}

/** The same where padding holds cells, too. These need not lie evenly; those that do are told as others are. */
function filledCells(axis: Axis, fill: Fill, output: number): string {
  const cells = Array.from({ length: axis.kernel }, (_, tap) => {
    return fills[fill].cell(cellOf(axis, output, tap), axis.input)
  })
  const begin = cells.findIndex((cell) => cell >= 0)
  const held = begin < 0 ? [] : cells.slice(begin, cells.findLastIndex((cell) => cell >= 0) + 1)
  const step = held.length > 1 ? held[1] - held[0] : 1
  const isEven = step > 0 && held.every((cell, index) => cell === held[0] + index * step)
  if (!isEven) return cells.map((cell) => Math.max(cell, -1)).join()
  return held.length > 0 ? `${held.length} cells, ${held[0]} to ${held[held.length - 1]} from tap ${begin}` : 'nothing'
}
