import { unknownOperators } from '../../network/unknown.ts'
import { counted } from '../../words/numbers.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'

/** Operators that are named before the rest is counted. */
const MOST_NAMED = 6

/** Windows that cannot be seen. */
export const unknownOperator: AuditRule = {
  name: 'unknown-operators',
  severity: 'note',
  what: 'operators that are not known, in which windows cannot be seen',
  why: 'A custom operator, or a part of the network that was compiled for a chip, may pad by any rule. No audit sees it.',
  example: 'A TFLite file compiled by Vela: the whole network is one operator, ethos-u.',
  fix: 'Audit the file from before it was compiled, or see what the operator does in its own documents.',
  fixable: 'no',
  *check({ model }): Iterable<RuleFinding> {
    const names = unknownOperators(model)
    if (names.length === 0) return
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
    const are = names.length === 1 ? 'is' : 'are'
    const listed = `${names.slice(0, MOST_NAMED).join(', ')}${more}`
    const message = `${counted(names.length, 'operator')} ${are} not known: ${listed}; windows in ${names.length === 1 ? 'it' : 'them'} cannot be seen`
    yield { message }
  },
}
