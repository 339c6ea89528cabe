import { type ForwardRule, isTransposed } from '../conventions/convention.ts'
import { counts, type Formula, shares, totals } from '../conventions/forward-rules.ts'
import { conventionOf } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { dropsTail, isRejected, roundsUp, type Solved, solve } from '../conventions/solve.ts'
import { crops, transposedSizes } from '../conventions/transposed-rules.ts'
import { effectiveKernel, fullSize } from '../geometry/index.ts'

/** One step from the sizes to the padding: a formula, the same with the user's numbers, and what it gives. */
export interface DerivationStep {
  readonly name: string
  readonly formula: string
  readonly numbers: string
  readonly value: number
}

/** The variables of formulas; those that a formula does not have by then stay letters. */
type Variables = Readonly<Record<string, number | undefined>>

/** How a convention comes to what `solve` says, step by step; empty where it refuses. */
export function derive(setting: Setting, input: number): DerivationStep[] {
  const { padded = [0, 0] } = setting
  const cells = input + padded[0] + padded[1]
  const bare: Setting = { ...setting, padded: undefined, drop: undefined, trim: undefined }
  const outcome = solve(bare, cells)
  if (isRejected(outcome)) return []
  const steps = setting.op === 'convTranspose' ? transposedSteps(bare, outcome) : forwardSteps(bare, outcome)
  const cut = solve(setting, input)
  const last = isRejected(cut) || cut.axis.output === outcome.axis.output ? [] : [cutStep(setting, outcome, cut)]
  if (cells === input) return [...steps, ...last]
  const wider = {
    name: 'padded beforehand',
    formula: 'n',
    numbers: `${input} + ${padded[0]} + ${padded[1]}`,
    value: cells,
  }
  return [wider, ...steps, ...last]
}

function forwardSteps(setting: Setting, { axis }: Solved): DerivationStep[] {
  const rule = conventionOf(setting.convention).rule
  if (isTransposed(rule)) return []
  const [k, d] = [setting.kernel, setting.dilation]
  if (rule.passesThrough && k === 1 && axis.output === axis.input) {
    return [{ name: 'outputs', formula: 'the input as it is', numbers: '', value: axis.output }]
  }
  const sizes: Variables = { n: axis.input, k, s: setting.stride, d, K: d * (k - 1) + 1 }
  const total = axis.padBegin + axis.padEnd
  const given = rule.total === 'given'
  const share = shares[rule.share]
  const run = effectiveKernel(axis)
  return [
    step('effective kernel', { text: 'K = d (k - 1) + 1' }, sizes, d * (k - 1) + 1),
    ...(given ? [] : [step('padding in all', { text: `P = ${totals[rule.total].text}` }, sizes, total)]),
    given ? fixed('at the begin', axis.padBegin) : step('at the begin', share, { ...sizes, P: total }, axis.padBegin),
    given
      ? fixed('at the end', axis.padEnd)
      : step('at the end', { text: 'P - begin' }, { P: total, begin: axis.padBegin }, axis.padEnd),
    ...(rule.dilationDropped && run !== sizes.K ? [step('runs undilated', { text: 'K = k' }, sizes, run)] : []),
    step('outputs', outputFormula(rule, setting, total > 0), { ...sizes, K: run, P: total }, axis.output),
  ]
}

function outputFormula(rule: ForwardRule, setting: Setting, isPadded: boolean): Pick<Formula<never>, 'text'> {
  if (!roundsUp(rule, setting)) return counts[rule.count ?? 'floor']
  const dropped = dropsTail(rule, isPadded) ? ', without a last window that starts in the end padding' : ''
  return { text: `⌈(n + P - K)/s⌉ + 1${dropped}` }
}

function transposedSteps(setting: Setting, { axis }: Solved): DerivationStep[] {
  const rule = conventionOf(setting.convention).rule
  if (!isTransposed(rule)) return []
  const { kernel: k, stride: s, dilation: d, outputPadding: op, outputShape, pads = [0, 0] } = setting
  const full = fullSize(axis)
  const sizes: Variables = { n: axis.input, k, s, d, K: effectiveKernel(axis), F: full }
  const said = { ...sizes, op: op ?? 0, p_begin: pads[0], p_end: pads[1], output: axis.output }
  const surplus = Math.max(0, full + (op ?? 0) - axis.output)
  const crop = { text: partFor(crops[rule.crop].text, setting) }
  return [
    step('effective kernel', { text: 'K = d (k - 1) + 1' }, sizes, effectiveKernel(axis)),
    step('full result', { text: 'F = (n - 1) s + K' }, sizes, full),
    outputShape === axis.output
      ? { name: 'output', formula: 'as asked for', numbers: '', value: axis.output }
      : step('output', { text: partFor(transposedSizes[rule.size].text, setting) }, said, axis.output),
    ...(/\bT\b/.test(crop.text)
      ? [step('cropped in all', { text: 'T = max(0, F + op - output)' }, said, surplus)]
      : []),
    step('at the begin', crop, { ...said, T: surplus }, axis.padBegin),
    step('at the end', { text: 'F - begin - output' }, { ...said, begin: axis.padBegin }, axis.padEnd),
  ]
}

/** Some rules have one formula for each case; the one that this setting is. */
function partFor(text: string, { outputPadding, outputShape }: Setting): string {
  const [given, asked] = text.split('; ')
  if (asked) return outputShape === undefined ? given : asked.replace(' where an output was asked for', '')
  const [usual, other] = text.split(', or ')
  return outputPadding !== undefined && other?.includes('op') ? other : usual
}

function cutStep({ drop = 0, trim }: Setting, { axis }: Solved, cut: Solved): DerivationStep {
  const kept = cut.axis.output
  const dropped = drop ? `the first ${drop} of ${axis.output} dropped` : `of ${axis.output}`
  return { name: 'outputs kept', formula: trim ? `${dropped}, trimmed to ⌈n/s⌉` : dropped, numbers: '', value: kept }
}

/** What a formula adds in words, where numbers alone would not be equal to what comes of it. */
const ADDED = /, (?=[a-z]{3}).*$/

/** Whether a formula alone gives the value of its step; else words in it do. */
export const isEquation = ({ formula }: DerivationStep): boolean => !ADDED.test(formula) && !formula.includes(' if ')

const fixed = (name: string, value: number): DerivationStep => ({ name, formula: 'as given', numbers: '', value })

function step(name: string, { text }: { readonly text: string }, variables: Variables, value: number): DerivationStep {
  return { name, formula: text, numbers: withNumbers(text, variables), value }
}

/** A formula with numbers for its variables, and a dot where letters side by side meant a product. */
function withNumbers(text: string, variables: Variables): string {
  const [, formula] = /^(?:[A-Zp] = )?(.*)$/.exec(text) ?? ['', text]
  if (/\b[a-z]+ = /i.test(formula)) return '' // it defines a variable of its own
  const filled = formula
    .replace(ADDED, '')
    .replace(/\b(p_begin|p_end|output|begin|op|[nksdKFPT])\b/g, (letter) => String(variables[letter] ?? letter))
    .replace(/(?<=[\d)⌉⌋]) (?=[\d(⌈⌊-]\S*)(?!- )/g, ' · ')
  return filled === formula ? '' : filled.replace(/- -/g, '+ ').replace(/\+ -/g, '- ')
}
