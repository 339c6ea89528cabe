import { type ForwardRule, isTransposed } from '../conventions/convention.ts'
import { caseOf, caseText, type FormulaText, type GivenOutput } from '../conventions/formula.ts'
import { counts, shares, totals } from '../conventions/forward-rules.ts'
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
  /** Whether words or a condition in the formula make the value, and not the numbers alone. */
  readonly hasWords?: true
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
  const share: FormulaText = shares[rule.share]
  const totalText: FormulaText = totals[rule.total]
  const run = effectiveKernel(axis)
  return [
    step('effective kernel', { letter: 'K', text: 'd (k - 1) + 1' }, sizes, d * (k - 1) + 1),
    ...(given ? [] : [step('padding in all', { letter: 'P', ...totalText }, sizes, total)]),
    given ? fixed('at the start', axis.padBegin) : step('at the start', share, { ...sizes, P: total }, axis.padBegin),
    given
      ? fixed('at the end', axis.padEnd)
      : step('at the end', { text: 'P - begin' }, { P: total, begin: axis.padBegin }, axis.padEnd),
    ...(rule.dilationDropped && run !== sizes.K
      ? [step('runs undilated', { letter: 'K', text: 'k' }, sizes, run)]
      : []),
    step('outputs', outputFormula(rule, setting, total > 0), { ...sizes, K: run, P: total }, axis.output),
  ]
}

function outputFormula(rule: ForwardRule, setting: Setting, isPadded: boolean): FormulaText {
  if (!roundsUp(rule, setting)) return counts[rule.count ?? 'floor']
  const words = dropsTail(rule, isPadded) ? 'without a last window that starts in the end padding' : undefined
  return { text: '⌈(n + P - K)/s⌉ + 1', words }
}

function transposedSteps(setting: Setting, { axis }: Solved): DerivationStep[] {
  const rule = conventionOf(setting.convention).rule
  if (!isTransposed(rule)) return []
  const { kernel: k, stride: s, dilation: d, outputPadding: op, outputShape, pads = [0, 0] } = setting
  const full = fullSize(axis)
  const sizes: Variables = { n: axis.input, k, s, d, K: effectiveKernel(axis), F: full }
  const said = { ...sizes, op: op ?? 0, p_begin: pads[0], p_end: pads[1], output: axis.output }
  const surplus = Math.max(0, full + (op ?? 0) - axis.output)
  const has = (given: GivenOutput): boolean => setting[given] !== undefined
  const crop = caseOf(crops[rule.crop], has)
  return [
    step('effective kernel', { letter: 'K', text: 'd (k - 1) + 1' }, sizes, effectiveKernel(axis)),
    step('full result', { letter: 'F', text: '(n - 1) s + K' }, sizes, full),
    outputShape === axis.output
      ? { name: 'output', formula: 'as asked for', numbers: '', value: axis.output }
      : step('output', caseOf(transposedSizes[rule.size], has), said, axis.output),
    ...(crop.ofSurplus
      ? [step('cropped in all', { letter: 'T', text: 'max(0, F + op - output)' }, said, surplus)]
      : []),
    step('at the start', crop, { ...said, T: surplus }, axis.padBegin),
    step('at the end', { text: 'F - begin - output' }, { ...said, begin: axis.padBegin }, axis.padEnd),
  ]
}

function cutStep({ drop = 0, trim }: Setting, { axis }: Solved, cut: Solved): DerivationStep {
  const kept = cut.axis.output
  const dropped = drop ? `the first ${drop} of ${axis.output} dropped` : `of ${axis.output}`
  return { name: 'outputs kept', formula: trim ? `${dropped}, trimmed to ⌈n/s⌉` : dropped, numbers: '', value: kept }
}

/** Whether a formula alone gives the value of its step; else words in it do. */
export const isEquation = ({ hasWords }: DerivationStep): boolean => hasWords !== true

const fixed = (name: string, value: number): DerivationStep => ({ name, formula: 'as given', numbers: '', value })

function step(name: string, formula: FormulaText, variables: Variables, value: number): DerivationStep {
  const { words, isConditional, isOpen, text } = formula
  const numbers = isOpen ? '' : withNumbers(text, variables)
  const hasWords = words !== undefined || isConditional
  return { name, formula: caseText(formula), numbers, value, ...(hasWords && { hasWords }) }
}

/** A formula with numbers for its variables, and a dot where letters side by side meant a product. */
function withNumbers(text: string, variables: Variables): string {
  const filled = text
    .replace(/\b(p_begin|p_end|output|begin|op|[nksdKFPT])\b/g, (letter) => String(variables[letter] ?? letter))
    .replace(/(?<=[\d)⌉⌋]) (?=[\d(⌈⌊-]\S*)(?!- )/g, ' · ')
  return filled === text ? '' : filled.replace(/- -/g, '+ ').replace(/\+ -/g, '- ')
}
