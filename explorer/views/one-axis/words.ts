import { type Axis, divisor, type Op } from 'samepad/geometry'
import { counted } from '../../../src/words/numbers.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { type Cells, cellsOf, type Unread } from '../../layer/taps.ts'

// The drawing in words: for those who do not see it, and beside it for all.

/** A convention in a line: its padding, and how many outputs it has. */
export function padsInWords(op: Op, { solved }: Answer): string {
  if (!solved) return ''
  const { padBegin, padEnd, output } = solved.axis
  return `${sidesInWords(op, padBegin, padEnd)} → ${counted(output, 'output')}`
}

/** Padding at both ends; what is negative is the opposite of it. */
export function sidesInWords(op: Op, begin: number, end: number): string {
  const [what, done, against] =
    op === 'convTranspose' ? ['cropped', 'cropped', 'added'] : ['padding', 'padded', 'cut off']
  if (begin >= 0 && end >= 0) return `${what} ${begin} before, ${end} after`
  const side = (count: number, where: string): string =>
    count < 0
      ? `${counted(-count, 'cell')} ${against} at the ${where}`
      : count > 0
        ? `${counted(count, 'cell')} ${done} at the ${where}`
        : ''
  return [side(begin, 'start'), side(end, 'end')].filter(Boolean).join(', ')
}

/** What no window reads: `cells 2, 5, 8, 11 get only the bias`. */
export function unreadInWords(op: Op, unread: Unread | undefined): string[] {
  if (!unread) return []
  const { cells, padding } = unread
  const [one, many] =
    op === 'convTranspose'
      ? ['gets only the bias', 'get only the bias']
      : ['is read by no output', 'are read by no output']
  return [
    cells.length > 0 &&
      `${cells.length === 1 ? 'cell' : 'cells'} ${shortList(cells)} ${cells.length === 1 ? one : many}`,
    padding.length > 0 &&
      op !== 'convTranspose' &&
      `${counted(padding.length, 'padding cell')} ${padding.length === 1 ? one : many}`,
  ].filter((text) => text !== false)
}

/** Numbers in a row; of many the first ones, and how many there are. */
const shortList = (list: readonly number[]): string =>
  list.length <= LONGEST
    ? list.join(', ')
    : `${list.slice(0, 5).join(', ')} … ${list[list.length - 1]} (${list.length} in all)`

/** What a window reads, or where a sample lands. */
export function windowInWords(op: Op, { solved }: Answer, index: number): string {
  if (!solved) return 'nothing'
  const axis = windowsOf(op, solved.axis)
  const transposed = op === 'convTranspose'
  if (index >= axis.output) return transposed ? 'there is no such input cell' : 'there is no such output'
  const real = cellsOf(axis, index)
  const outside = axis.kernel - real.count
  // A last window that is rounded up may reach beyond the padding.
  const beyond = transposed ? 0 : beyondOf(axis, index)
  const cells = real.count === 0 ? 'no input cell' : `${real.count === 1 ? 'cell' : 'cells'} ${listed(real)}`
  return [
    `${transposed ? 'writes' : 'reads'} ${cells}`,
    outside > beyond &&
      (transposed
        ? `; ${counted(outside - beyond, 'cell')} cropped`
        : ` and ${counted(outside - beyond, 'padding cell')}`),
    beyond > 0 && `; ${counted(beyond, 'cell')} beyond the padding`,
    op === 'averagePool' && `, divided by ${divisor(solved, index)}`,
  ]
    .filter(Boolean)
    .join('')
}

/** How many taps of a window fall neither on cells nor on padding. */
function beyondOf(axis: Axis, index: number): number {
  const [begin, end] = [Math.max(0, axis.padBegin), Math.max(0, axis.padEnd)]
  const padded = { ...axis, input: axis.input + begin + end, padBegin: axis.padBegin - begin }
  return axis.kernel - cellsOf(padded, index).count
}

const LONGEST = 8

/** Cells at even distances; only the ends of a long row. */
function listed({ first, step, count }: Cells): string {
  if (count <= LONGEST) return Array.from({ length: count }, (_, index) => first + index * step).join(', ')
  return `${first} to ${first + (count - 1) * step}${step > 1 ? ` in steps of ${step}` : ''}`
}
