import { isSameFunction, type Op } from 'samepad/geometry'
import { does, later, more } from '../../src/words/apart.ts'
import type { Answer } from './answers.ts'
import { unreadOf } from './taps.ts'

/** Whether two conventions compute different things; not where one of them has no answer. */
export function parts(answer: Answer, first: Answer): boolean {
  if (answer === first || !answer.setting || !answer.solved || !first.setting || !first.solved) return false
  return !isSameFunction(answer.setting, answer.solved, first.setting, first.solved)
}

/** How a convention is related to the first one on this input; its refusal where it has one. */
export function verdictOf(op: Op, answer: Answer, first: Answer): string {
  if (!answer.solved) return answer.refusal ?? ''
  if (answer === first || !first.solved) return ''
  if (!parts(answer, first)) return `the same as ${first.rule}`
  const { shift, more: rest } = differencesOf(answer, first, 'cell', 'output')
  const said = [
    shift && `${reasonOf(op, answer, first)}, so it ${does(op)} ${shift} than ${first.rule}`,
    shift && op !== 'convTranspose' && nothingInCommon(answer, first),
    rest,
  ]
  return said.filter(Boolean).join(', ') || otherwise(first)
}

/** Why windows lie elsewhere than the first convention's: what differs at the start. */
function reasonOf(op: Op, answer: Answer, first: Answer): string {
  const by = answer.solved!.axis.padBegin - first.solved!.axis.padBegin
  return `${padsOf(op)} ${more(by, 'cell')} at the start`
}

/** Where two conventions read no cell both: that, and which each of them reads. */
function nothingInCommon(answer: Answer, first: Answer): string {
  const { input } = first.solved!.axis
  const [ours, theirs] = [answer, first].map(({ solved }) => new Set(unreadOf(solved!.axis)?.cells))
  const read = (unread: ReadonlySet<number>): number[] =>
    Array.from({ length: input }, (_, cell) => cell).filter((cell) => !unread.has(cell))
  if (ours.size === 0 || theirs.size === 0 || ours.size === input || theirs.size === input) return ''
  if (read(ours).some((cell) => !theirs.has(cell))) return ''
  const cells = [theirs, ours].map((unread) => sideOf(read(unread)))
  const which = cells.every(Boolean) ? `: ${first.rule} reads ${cells[0]} cells alone, ${answer.rule} ${cells[1]}` : ''
  return `and they read no cell in common${which}`
}

/** Whether all of some numbers are odd, or even; empty where neither. */
function sideOf(cells: readonly number[]): string {
  const [first] = cells
  if (cells.some((cell) => cell % 2 !== first % 2)) return ''
  return first % 2 ? 'odd' : 'even'
}

const padsOf = (op: Op): string => (op === 'convTranspose' ? 'crops' : 'pads')

/** The same on two axes, rows down and columns across. */
export function verdictOnTwo(op: Op, answers: readonly Answer[], firsts: readonly Answer[]): string {
  const refusal = answers.find(({ solved }) => !solved)?.refusal
  if (refusal !== undefined) return refusal
  if (answers[0] === firsts[0] || firsts.some(({ solved }) => !solved)) return ''
  if (!answers.some((answer, axis) => parts(answer, firsts[axis]))) return `the same as ${firsts[0].rule}`
  const both = answers.map((answer, axis) => {
    const name = axis === 0 ? 'row' : 'column'
    return differencesOf(answer, firsts[axis], name, `output ${name}`)
  })
  const shift = joined(both.map((one) => one.shift))
  const reasons = answers.map(({ solved }, axis) => {
    return more(solved!.axis.padBegin - firsts[axis].solved!.axis.padBegin, axis === 0 ? 'row' : 'column')
  })
  // How many outputs there are stands beside it.
  return shift
    ? `${padsOf(op)} ${joined(reasons)} at the start, so it ${does(op)} ${shift} than ${firsts[0].rule}`
    : both.flatMap(({ more }) => more || []).join(', ') || otherwise(firsts[0])
}

/** What is said of rows and of columns, either of which may be nothing: two that end alike are one, `1 row and 1 column earlier`. */
function joined([down, across]: readonly string[]): string {
  const end = / \w+$/
  const isAlike = down && across && end.exec(down)?.[0] === end.exec(across)?.[0]
  return isAlike ? `${down.replace(end, '')} and ${across}` : [down, across].filter(Boolean).join(', ')
}

const otherwise = ({ rule }: Answer): string => `treats the padding differently from ${rule}`

/** How much later or earlier a convention's windows start, and how many outputs more or fewer it has. */
function differencesOf(answer: Answer, first: Answer, cell: string, output: string): { shift: string; more: string } {
  const [one, two] = [first.solved!.axis, answer.solved!.axis]
  return {
    shift: later(one.padBegin - two.padBegin, cell),
    more: more(two.output - one.output, output),
  }
}
