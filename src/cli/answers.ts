import {
  type Convention,
  conventions,
  isCurrent,
  isRejected,
  isSameFunction,
  type Outcome,
  type Setting,
  solve,
  versionsText,
} from '../geometry.ts'
import { grouped } from '../words/groups.ts'
import { definitions, wrap } from './table.ts'

/** A convention's answer for a layer. */
export interface Told {
  readonly convention: Convention
  readonly outcome: Outcome
  /** The words that ask for it: the padding, and attributes where they matter. */
  readonly words: string
  /** What is wrong with it, where that shows on this layer. */
  readonly fault: string | undefined
}

/** Conventions that do the same with a layer. */
export interface Group {
  readonly outcome: Outcome
  readonly told: readonly Told[]
  /** Whether this is also what the setting does that was asked about. */
  readonly same: boolean
}

/**
 * What every convention does with the layer of a setting, grouped, the setting's own group first. Conventions that take
 * their padding as numbers are asked only when the setting has some.
 */
export function answersOf(setting: Setting, input: number): Group[] {
  const own = { setting, outcome: solve(setting, input), told: [] as Told[], same: true }
  const groups = [own]
  for (const convention of conventions) {
    if (!convention.ops.includes(setting.op)) continue
    if (convention.padding === 'explicit' && setting.pads === undefined) continue
    const asked: Setting = { ...setting, convention: convention.id }
    const outcome = solve(asked, input)
    if (!concerns(outcome)) continue
    const fault = faultOf(convention, asked, input)
    const told = { convention, outcome, words: convention.padding, fault }
    const group = groups.find((one) => isSameFunction(one.setting, one.outcome, asked, outcome))
    if (group) group.told.push(told)
    else groups.push({ setting: asked, outcome, told: [told], same: false })
  }
  const rank = ({ same, outcome, told }: Group): number => {
    if (same) return Number.POSITIVE_INFINITY
    return isRejected(outcome) ? -1 : told.length
  }
  return groups.filter(({ told }) => told.length > 0).sort((a, b) => rank(b) - rank(a))
}

/** Whether a convention says anything of a layer: some were written for few. */
export const concerns = (outcome: Outcome): boolean => !isRejected(outcome) || !outcome.outside

/** What is wrong with a convention, if this layer shows it: what it does is not what should be done. */
export function faultOf({ fault }: Convention, setting: Setting, input: number): string | undefined {
  if (!fault) return undefined
  const wanted: Setting = { ...setting, convention: fault.wanted }
  return isSameFunction(setting, solve(setting, input), wanted, solve(wanted, input)) ? undefined : fault.what
}

/** The conventions by the words that ask for them; then the faulty ones, by what is wrong with them. */
export function toldLines(list: readonly Told[], indent: string): string[] {
  const right = list.filter(({ fault }) => fault === undefined)
  const byWords = grouped(right, ({ words }) => words)
  const entries = [...byWords].map(([words, told]): [string, string] => {
    return [words, whole([...new Set(told.map(({ convention }) => shortName(convention)))])]
  })
  const faulty = list.filter(({ fault }) => fault !== undefined)
  return [
    ...(entries.length > 0 ? definitions(entries, indent).map(asTyped) : []),
    ...[...grouped(faulty, ({ fault }) => fault ?? '')].flatMap(([fault, told]) => {
      return [...wrap(`faulty, ${fault}:`, indent), ...wholeNames(told, `${indent}  `)]
    }),
  ]
}

/** Conventions with their words. */
function wholeNames(list: readonly Told[], indent: string): string[] {
  return wrap(whole(list.map(({ convention, words }) => `${shortName(convention)} ${words}`)), indent).map(asTyped)
}

/** Names in a row, with spaces at which `wrap` does not break one in two. */
const whole = (names: readonly string[]): string => names.map((name) => name.replaceAll(' ', '\u00a0')).join(', ')
const asTyped = (line: string): string => line.replaceAll('\u00a0', ' ')

/** A convention's id without the word for the padding and the operation, which are known from around it. */
export function shortName(convention: Convention): string {
  const parts = convention.id.split('.').slice(0, -1)
  const name = parts.filter((part) => !['transposed', 'pool', 'max-pool', 'avg-pool'].includes(part)).join('.')
  const isGeneral = isCurrent(convention.versions) && !convention.only
  return isGeneral ? name : `${name} (${versionsText(convention)})`
}

/** The refusals of a group, by reason. */
export function refusalLines(list: readonly Told[], indent: string): string[] {
  const reason = ({ outcome }: Told): string => (isRejected(outcome) ? outcome.rejected : '')
  return [...grouped(list, reason)].flatMap(([why, told]) => {
    return [...wrap(`${why}:`, indent), ...wholeNames(told, `${indent}  `)]
  })
}
