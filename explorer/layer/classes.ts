import {
  type Comparison,
  isRejected,
  type Op,
  type ResidueComparison,
  refusal,
  type Setting,
  solve,
} from 'samepad/geometry'
import { does, later, more } from '../../src/words/apart.ts'
import { counted } from '../../src/words/numbers.ts'

// The answer for every input size in sentences: for each class of sizes why two conventions part, and how.

/** Input sizes on which two conventions relate in the same way. */
export interface SizeClass {
  /** `On every even input`. */
  readonly where: string
  readonly equal: boolean
  /** `tf same pads 1 at the end, pytorch p1 1 at each end`. */
  readonly reason: string
  /** `pytorch p1 reads 1 cell earlier`; what follows from the reason. */
  readonly effect: string
  readonly residues: readonly number[]
  readonly period: number
}

/**
 * The classes of a comparison, as few as there are: by the smallest period after which they repeat, those that are
 * alike together, those that part first.
 *
 * @param names of the two conventions
 */
export function classesOf(
  a: Setting,
  b: Setting,
  comparison: Comparison,
  names: readonly [string, string],
): SizeClass[] {
  const { residues, horizon } = comparison
  const period = periodOf(residues)
  const byAnswer = new Map<string, number[]>()
  for (const { residue, ...rest } of residues.slice(0, period)) {
    const key = JSON.stringify(rest)
    byAnswer.set(key, [...(byAnswer.get(key) ?? []), residue])
  }
  const classes = [...byAnswer.values()].map((list): SizeClass => {
    const { equal, phase, outputs } = residues[list[0]]
    const input = horizon + 1 + ((((list[0] - horizon - 1) % period) + period) % period)
    return {
      where: whereOf(list, period),
      ...{ equal, period, residues: list },
      reason: reasonOf(a, b, input, names),
      effect: equal ? `${names[1]} does the same` : differenceOf(a.op, phase, outputs, names[1]),
    }
  })
  return classes.sort((one, two) => Number(one.equal) - Number(two.equal))
}

/** After how many residues the answers repeat. */
function periodOf(residues: readonly ResidueComparison[]): number {
  const key = ({ equal, phase, outputs }: ResidueComparison): string => `${equal} ${phase} ${outputs}`
  const count = residues.length
  for (let period = 1; period < count; period++) {
    if (count % period === 0 && residues.every((one, at) => key(one) === key(residues[at % period]))) return period
  }
  return count
}

const LISTED = 4 // remainders that are named

function whereOf(residues: readonly number[], period: number): string {
  if (period === 1) return 'On every input'
  if (period === 2) return residues[0] === 0 ? 'On every even input' : 'On every odd input'
  if (residues.length === period - 1) {
    const left = Array.from({ length: period }, (_, at) => at).find((at) => !residues.includes(at))
    return `On every input but those with n mod ${period} = ${left}`
  }
  const list = residues.slice(0, LISTED).join(', ')
  return `On inputs with n mod ${period} = ${list}${residues.length > LISTED ? `, … (${residues.length} of ${period})` : ''}`
}

/** What both conventions do with the padding on an input. */
function reasonOf(a: Setting, b: Setting, input: number, [first, second]: readonly [string, string]): string {
  const [one, two] = [solve(a, input), solve(b, input)]
  if (isRejected(one)) return `${first} refuses: ${refusal(one)}`
  if (isRejected(two)) return `${second} refuses: ${refusal(two)}`
  const [p, q] = [one.axis, two.axis]
  const [mine, theirs] = [p.padBegin + p.padEnd, q.padBegin + q.padEnd]
  if (p.padBegin === q.padBegin && p.padEnd === q.padEnd)
    return `both ${doing(a.op, p.padBegin, p.padEnd).replace(/^(\w+)s\b/, '$1')}`
  if (mine === theirs && mine > 0 && mine % 2) {
    return `the total of ${mine} is odd: ${first} puts the odd cell at the ${oddSide(p)}, ${second} at the ${oddSide(q)}`
  }
  const [ours, others] = [p, q].map(({ padBegin, padEnd }) => doing(a.op, padBegin, padEnd))
  const [verb] = ours.split(/(?<= )/)
  // The second's verb is left out where it is the first's.
  return `${first} ${ours}, ${second} ${others.startsWith(verb) ? others.slice(verb.length) : others}`
}

const oddSide = ({ padBegin, padEnd }: { padBegin: number; padEnd: number }): string =>
  padBegin > padEnd ? 'start' : 'end'

/** What a convention does at both ends; what is negative is the opposite of it: `pads 1 cell at the end`, `adds 1 cell at the end`. */
function doing(op: Op, begin: number, end: number): string {
  const [does, opposite] = op === 'convTranspose' ? ['crops', 'adds'] : ['pads', 'cuts off']
  if (begin <= 0 && end <= 0 && begin + end < 0) return `${opposite} ${sides(-begin, -end)}`
  if (begin >= 0 && end >= 0) return `${does} ${sides(begin, end)}`
  const [more, less] = [sides(Math.max(0, begin), Math.max(0, end)), sides(Math.max(0, -begin), Math.max(0, -end))]
  return `${does} ${more} and ${opposite} ${less}`
}

/** `1 cell at each end`, `1 cell at the end`, `2 at the start and 3 at the end`. */
function sides(begin: number, end: number): string {
  if (begin === 0 && end === 0) return 'nothing'
  if (begin === end) return `${counted(begin, 'cell')} at each end`
  if (begin === 0) return `${counted(end, 'cell')} at the end`
  if (end === 0) return `${counted(begin, 'cell')} at the start`
  return `${begin} at the start and ${end} at the end`
}

function differenceOf(op: Op, phase: number | undefined, outputs: number | undefined, name: string): string {
  if (phase === undefined) return 'they cannot be compared'
  const said = [phase ? `${does(op)} ${later(phase, 'cell')}` : '', outputs ? `has ${more(outputs, 'output')}` : '']
  return `${name} ${said.filter(Boolean).join(' and ') || 'treats the padding differently'}`
}
