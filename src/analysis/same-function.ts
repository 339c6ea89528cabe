import { isCounted } from '../conventions/evaluate.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, type Solved } from '../conventions/solve.ts'
import { fills } from '../geometry/fill.ts'
import { type Axis, adjoint, cellOf, effectiveKernel, interior, taps } from '../geometry/index.ts'
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
function read({ op, fill }: Setting, solved: Solved, output: number): string {
  const { input, kernel } = solved.axis
  const source = fills[fill ?? 'constant'].cell
  const cells: string[] = []
  let counted = 0
  let zero = false
  for (let tap = 0; tap < kernel; tap++) {
    const position = cellOf(solved.axis, output, tap)
    const isReal = position >= 0 && position < input
    const counts = isCounted(solved, position)
    if (counts) counted++
    if (counts && !isReal) zero = true
    if (op === 'conv') {
      const cell = source(position, input)
      if (cell >= 0) cells.push(`${tap}:${cell}`)
    } else if (isReal && (counts || op === 'maxPool')) cells.push(`${position}`)
  }
  if (op === 'maxPool') return `${cells} ${zero}`
  return op === 'averagePool' ? `${cells} / ${cells.length ? counted : 0}` : `${cells}`
}
