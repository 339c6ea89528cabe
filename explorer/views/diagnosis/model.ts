import { diagnose, type Explanation, formatSetting, isPool, isRejected, type Op } from 'samepad/geometry'
import type { Answer } from '../../layer/answers.ts'
import { pastedLayer } from '../../layer/pasted.ts'
import { messageOf } from '../../state/message.ts'
import { sidesInWords } from '../one-axis/words.ts'
import type { Seen } from './state.ts'

// Which conventions explain numbers, as the page shows it.

/** What was seen of a layer. */
export interface Numbers {
  readonly op: Op
  readonly stride: number
  readonly dilation: number
  readonly given: Seen
  readonly weights: Seen
  readonly got: Seen
}

/** Conventions that compute the same here. */
export interface Group {
  /** `padding 1 begin, 1 end`. */
  readonly pads: string
  readonly names: readonly string[]
  /** Its first convention, to be drawn and opened. */
  readonly answer: Answer
  readonly kernel: number
  readonly input: number
}

const sizeOf = (seen: Seen): number => (typeof seen === 'object' ? seen.length : Number(seen))

/** The explanations of some numbers, the likeliest first; or why there can be none. */
export function groupsOf(numbers: Numbers): Group[] | string {
  const { op, given, weights, got, ...rest } = numbers
  if (given === 'error' || weights === 'error') return 'Only an output can be an error.'
  try {
    const kernel = isPool(op) ? sizeOf(weights) : weights
    const { groups } = diagnose({ op, input: given, kernel, output: got, ...rest })
    return groups.map((group) => groupOf(op, group, sizeOf(given), sizeOf(weights)))
  } catch (error) {
    return messageOf(error)
  }
}

function groupOf(op: Op, explanations: readonly Explanation[], input: number, kernel: number): Group {
  const [{ setting, outcome }] = explanations
  const solved = isRejected(outcome) ? undefined : outcome
  const rule = pastedLayer(formatSetting(setting))?.rule ?? setting.convention
  return {
    pads: solved ? sidesInWords(op, solved.axis.padBegin, solved.axis.padEnd) : 'refused',
    names: explanations.map(({ convention }) => convention.id),
    answer: { rule, setting, ...(solved ? { solved } : { refusal: 'refuses' }) },
    ...{ kernel, input },
  }
}
