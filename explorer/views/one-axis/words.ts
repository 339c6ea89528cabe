import { divisor, type Op } from 'samepad/geometry'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { tapsOf } from './model.ts'

// The drawing in words: for those who do not see it, and beside it for all.

/** A convention in a line: its padding, and how many outputs it has. */
export function padsInWords(op: Op, { solved }: Answer): string {
  if (!solved) return ''
  const { padBegin, padEnd, output } = solved.axis
  const what = op === 'convTranspose' ? 'cropped' : 'padding'
  return `${what} ${padBegin} begin, ${padEnd} end → ${output} ${output === 1 ? 'output' : 'outputs'}`
}

/** What a window reads, or where a sample lands. */
export function windowInWords(op: Op, { solved }: Answer, index: number): string {
  if (!solved) return 'nothing'
  const axis = windowsOf(op, solved.axis)
  const transposed = op === 'convTranspose'
  if (index >= axis.output) return transposed ? 'there is no such sample' : 'there is no such output'
  const taps = tapsOf(axis, index)
  const real = taps.filter((position) => position >= 0 && position < axis.input)
  const outside = taps.length - real.length
  const cells = real.length === 0 ? 'no cell' : `${real.length === 1 ? 'cell' : 'cells'} ${listed(real)}`
  return [
    `${transposed ? 'lands on' : 'reads'} ${cells}`,
    outside > 0 ? `; ${outside} ${outside === 1 ? 'tap' : 'taps'} ${transposed ? 'cropped' : 'on padding'}` : '',
    op === 'averagePool' ? `, divided by ${divisor(solved, index)}` : '',
  ].join('')
}

const LONGEST = 8

/** Numbers in a row; only the ends of a long one. */
function listed(numbers: readonly number[]): string {
  if (numbers.length <= LONGEST) return numbers.join(', ')
  const step = numbers[1] - numbers[0]
  return `${numbers[0]} to ${numbers[numbers.length - 1]}${step > 1 ? ` in steps of ${step}` : ''}`
}
