import { windowsOver } from '../geometry/axis.ts'
import { type Axis, effectiveKernel, fullSize, type Pads, SamepadError, type Window } from '../geometry/index.ts'
import { ceilDivide } from '../geometry/integers.ts'
import { checkInteger } from '../geometry/options.ts'
import { type Convention, type ForwardRule, isTransposed, type TransposedRule } from './convention.ts'
import type { Formulas } from './onnx-formulas.ts'
import type { Rulebook } from './rulebook.ts'
import { checkSetting, type Setting } from './setting.ts'
import { zerosEnds, zerosRules } from './zeros.ts'

/** What a setting does with an input of one size: the axis, its pads as the framework has them (even negative). */
export interface Solved {
  readonly axis: Axis
  /**
   * Padding cells on each side that pooling sees as cells holding zero; [0, 0] where it sees none. A negative number
   * hides as many real cells from an average.
   */
  readonly zeros: Pads
}

/** A setting that its framework refuses for an input of one size. */
export interface Rejected {
  /** Why. */
  readonly rejected: string
  /** The call that refuses, where the framework has others that do not. */
  readonly by?: string
  /** What to write instead. */
  readonly instead?: string
  /** The convention says nothing of such a layer; no framework refused it. */
  readonly outside?: true
}

export type Outcome = Solved | Rejected

/** Whether the framework refused. */
export function isRejected(outcome: Outcome): outcome is Rejected {
  return 'rejected' in outcome
}

/**
 * What a setting does with an input of so many cells, by the rows and formulas of a rulebook.
 *
 * @throws SamepadError on sizes that are no exact integers of at least 1, and on a convention that the rulebook does not have
 */
export function solveBy({ of, formulas }: Pick<Rulebook, 'of' | 'formulas'>, setting: Setting, input: number): Outcome {
  checkSetting(setting)
  checkInteger('solve', 'input', input, 1)
  const convention = of(setting.convention)
  const { rule } = convention
  return isTransposed(rule)
    ? solveTransposed(formulas, convention, rule, setting, input)
    : solveForward(formulas, convention, rule, setting, input)
}

/** An outcome that must be no refusal. */
export function taken(stage: string, must: string, outcome: Outcome, input: number): Solved {
  if (isRejected(outcome)) throw new SamepadError(stage, `${must} (${outcome.rejected})`, input)
  return outcome
}

/** The padding of an axis; of a transposed one what is cropped. */
export const solvedPads = ({ axis }: Solved): Pads => [axis.padBegin, axis.padEnd]

/** The same, where there is an answer. */
export const outcomePads = (outcome: Outcome | undefined): Pads | undefined =>
  outcome && !isRejected(outcome) ? solvedPads(outcome) : undefined

/** A refusal as a sentence without its end: which call refuses, why, and what to write instead. */
export function refusal({ rejected, by, instead }: Rejected): string {
  return `${by ? `${by}: ` : ''}${rejected}${instead ? `; write ${instead}` : ''}`
}

const none: Pads = [0, 0]

// Axes are written field by field: `compare` solves hundreds of inputs, and copying all fields of an object takes longer.

function solveForward(
  formulas: Formulas,
  convention: Convention,
  rule: ForwardRule,
  setting: Setting,
  cells: number,
): Outcome {
  const { kernel, stride, dilation, padded = none, pads: given = none } = setting
  const input = cells + padded[0] + padded[1]
  const window: Window = { input, kernel, stride, dilation }
  const total = formulas.totals[rule.total].of(window, given)
  const padBegin = formulas.shares[rule.share].of(total, window, given)
  const padEnd = total - padBegin

  const run = rule.dilationDropped ? { ...window, dilation: 1 } : window
  const room = input + total - effectiveKernel(run)
  const output = outputsOf(formulas, rule, setting, room, input + padBegin, total > 0)
  if (rule.passesThrough && kernel === 1 && output === input) return unchanged(setting, padded, cells)

  const axis = { input, kernel, stride, dilation: run.dilation, padBegin, padEnd, output }
  const fewest = rule.empty ? 0 : 1
  const refusal = refusalOf(formulas, convention, setting, axis)
  if (refusal) return refusal
  if (output < fewest) return { rejected: 'no window fits into the padded input' }
  if (leftOf(output, setting) < fewest) return { rejected: 'more outputs are dropped than there are' }
  return { axis: cutAxis(axis, setting, padded, cells), zeros: zerosOf(rule, setting, axis, padded) }
}

/** How many windows there are in so much room; `end` is where the padding at the end begins. */
function outputsOf(
  formulas: Formulas,
  rule: ForwardRule,
  { op, stride, ceilMode }: Setting,
  room: number,
  end: number,
  isPadded: boolean,
): number {
  const isUp = roundsUp(rule, { op, ceilMode })
  const last = isUp && dropsTail(rule, isPadded) ? end : undefined
  const output = isUp ? windowsOver(room, stride, last) : formulas.counts[rule.count ?? 'floor'].of(room, stride)
  return rule.empty === 'an empty output, however small the input' ? Math.max(0, output) : output
}

/** Whether sizes are rounded up: as was asked for, also of a pool whose windows are compared as a convolution's. */
export function roundsUp(rule: ForwardRule, { op, ceilMode }: Pick<Setting, 'op' | 'ceilMode'>): boolean {
  return ceilMode ?? (op !== 'conv' && rule.roundsUp === true)
}

/** Whether a last window that starts in the end padding is dropped where sizes are rounded up. */
export const dropsTail = ({ ceil = 'drop' }: ForwardRule, isPadded: boolean): boolean =>
  ceil === 'drop if padded' ? isPadded : ceil === 'drop'

/** The input as it is. */
function unchanged(setting: Setting, padded: Pads, cells: number): Solved {
  const input = cells + padded[0] + padded[1]
  const axis = { input, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: input }
  return { axis: cutAxis(axis, setting, padded, cells), zeros: padded }
}

/** Outputs of which nothing was cut off yet, less those that are. */
const leftOf = (output: number, { drop = 0, cut = 0 }: Setting): number => output - drop - cut

/** The same windows counted on the input as it was before `padded` and after outputs were cut off. */
function cutAxis(axis: Axis, setting: Setting, padded: Pads, cells: number): Axis {
  const { kernel, dilation } = axis
  const { drop = 0, cut = 0, every = 1, trim } = setting
  const stride = axis.stride * every
  const left = ceilDivide(leftOf(axis.output, setting), every)
  const output = trim ? Math.min(left, ceilDivide(cells, stride)) : left
  const padBegin = axis.padBegin + padded[0] - drop * axis.stride
  const padEnd = axis.padEnd + padded[1] - cut * axis.stride
  return { input: cells, kernel, stride, dilation, padBegin, padEnd, output }
}

function zerosOf(rule: ForwardRule, { op, countIncludePad }: Setting, axis: Axis, padded: Pads): Pads {
  const averaging = op === 'averagePool'
  const { maximum, average } = zerosRules[rule.zeros ?? 'never']
  if (averaging ? average(countIncludePad, axis) : maximum) {
    return [axis.padBegin + padded[0], zerosEnds[rule.zerosEnd ?? 'padding'].of(axis) + padded[1]]
  }
  return averaging && rule.hides ? [padded[0], padded[1] + Math.min(0, axis.padEnd)] : padded
}

/** What is padded before it are samples that hold zero: they reach outputs, and add nothing to them. */
function solveTransposed(
  formulas: Formulas,
  convention: Convention,
  rule: TransposedRule,
  setting: Setting,
  cells: number,
): Outcome {
  const { kernel, stride, dilation, padded = none, pads = none, outputPadding, outputShape } = setting
  const { drop = 0, every = 1 } = setting
  if (every > 1)
    return { rejected: 'outputs of a transposed convolution that are thinned out are no axis', outside: true }
  const input = cells + padded[0] + padded[1]
  const window: Window = { input, kernel, stride, dilation }
  const wish = { pads, outputPadding, outputShape }
  const output = formulas.sizes[rule.size].of(window, wish)
  const padBegin = formulas.crops[rule.crop].of(window, output, wish)
  const padEnd = fullSize(window) - padBegin - output
  const refusal = refusalOf(formulas, convention, setting, { ...window, padBegin, padEnd, output })
  if (refusal) return refusal
  if (output < 1) return { rejected: 'nothing is left of the output' }
  const left = leftOf(output, setting)
  if (left < 1) return { rejected: 'more outputs are dropped than there are' }
  const begin = padBegin - padded[0] * stride + drop
  const end = fullSize({ ...window, input: cells }) - begin - left
  return { axis: { input: cells, kernel, stride, dilation, padBegin: begin, padEnd: end, output: left }, zeros: none }
}

function refusalOf(
  { rejections }: Formulas,
  { rejects }: Convention,
  setting: Setting,
  axis: Axis,
): Rejected | undefined {
  const name = rejects.find((rejection) => rejections[rejection].when(setting, axis))
  if (name === undefined) return undefined
  const { reason: rejected, by, instead, outside } = rejections[name]
  return { rejected, ...(by && { by }), ...(instead && { instead }), ...(outside && { outside }) }
}
