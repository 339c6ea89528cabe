import { attributes, attributesOf, impliedFill, type SettingAttribute } from '../conventions/attributes.ts'
import { type Convention, isTransposed } from '../conventions/convention.ts'
import { conventions } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, solve } from '../conventions/solve.ts'
import { effectiveKernel, type Op } from '../geometry/index.ts'

/** What is known of a layer along one axis. */
export interface KnownAxis extends Partial<Omit<Setting, 'convention'>> {
  readonly op: Op
  readonly kernel: number
  /** Cells of the input. */
  readonly size: number
  /** Cells of the output; undefined where the framework refused. */
  readonly outputs: number | undefined
}

/** A setting that a convention allows, and its sizes or why it is refused. */
export interface Guess {
  readonly setting: Setting
  readonly outcome: Outcome
}

const MOST_GUESSED = 12

/**
 * The settings of a convention that what is known leaves open: whatever its rule takes and nobody gave is tried.
 * Conventions of one rule share their guesses but for the name.
 */
export function guessesOf(convention: Convention, known: KnownAxis): Guess[] {
  const { op, kernel, size, outputs, stride = 1, dilation = 1 } = known
  const given = Object.fromEntries(attributes.map((name) => [name, known[name]]))
  const implied = impliedFill(convention)
  const base: Setting = {
    ...(implied && { fill: implied }),
    ...given,
    convention: convention.id,
    op,
    kernel,
    stride,
    dilation,
  }
  const widths = [...Array(Math.min(effectiveKernel(base), MOST_GUESSED) + 1).keys()]
  const symmetric = convention.rejects.some((name) => name.startsWith('uneven padding'))
  const roundsUp = !isTransposed(convention.rule) && convention.rule.roundsUp === true
  const tried: Record<SettingAttribute, readonly unknown[]> = {
    pads: widths.flatMap((begin) => (symmetric ? [[begin, begin]] : widths.map((end) => [begin, end]))),
    ceilMode: [undefined, !roundsUp],
    countIncludePad: [false, true],
    fill: [undefined, 'reflect', 'replicate', 'circular'],
    outputPadding: [undefined, ...Array(Math.max(stride, dilation)).keys()].filter((extra) => extra !== 0),
    outputShape: [undefined, outputs],
  }
  return attributesOf(convention, op)
    .filter((name) => given[name] === undefined)
    .reduce(
      (settings, name) => settings.flatMap((one) => tried[name].map((value) => ({ ...one, [name]: value }))),
      [base],
    )
    .map((setting) => ({ setting, outcome: solve(setting, size) }))
}

/** Whether a guess has as many outputs as were seen, or is refused where the framework refused. */
export function hasSize({ outcome }: Guess, outputs: number | undefined): boolean {
  return isRejected(outcome) ? outputs === undefined && !outcome.outside : outcome.axis.output === outputs
}

const rulesOf = new Map<Op, readonly (readonly Convention[])[]>()

/** Every convention for an operation, those of one rule together: they do the same with every layer. */
export function byRule(op: Op): readonly (readonly Convention[])[] {
  const found = rulesOf.get(op) ?? groupedByRule(op)
  rulesOf.set(op, found)
  return found
}

function groupedByRule(op: Op): Convention[][] {
  const rules = new Map<string, Convention[]>()
  for (const convention of conventions) {
    if (!convention.ops.includes(op)) continue
    const key = JSON.stringify([convention.rule, convention.rejects, impliedFill(convention)])
    rules.set(key, [...(rules.get(key) ?? []), convention])
  }
  return [...rules.values()]
}

/** Only an order: what is used more often first, then what has no fault, then what needs the fewest guessed numbers. */
export function likelihood(
  { weight, fault }: Convention,
  setting: Setting,
  known: { readonly [Name in SettingAttribute]?: unknown },
): number {
  const guessed = attributes.filter((name) => setting[name] !== undefined && known[name] === undefined).length
  return weight - (fault ? 1 : 0) - guessed / 2
}

const TOLERANCE = 2 ** -20

/** Whether two numbers are equal to float32 rounding. */
export function isClose(a: number, b: number): boolean {
  return Object.is(a, b) || a === b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}
