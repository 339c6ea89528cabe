import { effectiveKernel, outputSize, type Pads, SamepadError } from '../../../geometry/index.ts'
import type { Convention } from '../../convention.ts'
import { frameworks } from '../../rows/frameworks.ts'
import { conventionOf } from '../../rows/index.ts'
import type { Setting } from '../../setting.ts'
import { isRejected, type Solved, solve, solvedPads } from '../../solve.ts'
import type { SpelledLayer } from '../layer.ts'
import { notZeros } from '../spellable.ts'

/** Padding that follows from the input: total = max(0, reach - 1 - (n - 1) mod stride), this share of it at the start. */
export interface SamePads {
  /** Cells from a window's first tap to its last as the rule counts them, both included. */
  readonly reach: number
  readonly begin: SameShare
}

export type SameShare = 'smaller half' | 'larger half' | 'all' | 'none'

/** One axis of a layer whose input may have any size. */
export interface AnySizeAxis {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** Fixed numbers (of a transposed convolution the crop, negative where zeros are appended), or a rule. */
  readonly pads: Pads | SamePads
}

/** A layer whose input may have any size. */
export interface AnySizeLayer extends Pick<SpelledLayer, 'op' | 'groups' | 'bias' | 'countIncludePad' | 'layout'> {
  readonly axes: readonly AnySizeAxis[]
  /** The convention that it follows. */
  readonly convention: Convention
}

const STAGE = 'code'
const MOST = 20_000 // sizes that are tried

/** Whether anything is padded along an axis. */
export const isPadded = ({ pads }: AnySizeAxis): boolean => isSamePads(pads) || pads[0] !== 0 || pads[1] !== 0

/** Whether an axis's padding follows from the input. */
export function isSamePads(pads: Pads | SamePads): pads is SamePads {
  return !Array.isArray(pads)
}

/**
 * Layers along each axis as code for any size writes them.
 *
 * @throws SamepadError on padding that is neither fixed nor SAME, and on what `spellable` refuses
 */
export function anySizeLayer(
  settings: readonly Setting[],
  around: Pick<SpelledLayer, 'groups' | 'bias' | 'layout'>,
): AnySizeLayer {
  const [{ op, convention }] = settings
  const found = alike(settings.map(axisOf))
  const counts = found.some(({ counted }) => counted === true)
  if (counts && found.some(({ counted }) => counted === false)) throw needsInput('an average that counts some padding')
  if (counts && op === 'maxPool') throw new SamepadError(STAGE, 'a maximum must not see padding as zeros', convention)
  return {
    ...around,
    ...{ op, axes: found.map(({ axis }) => axis), countIncludePad: counts },
    convention: conventionOf(convention),
  }
}

const needsInput = (what: string): SamepadError =>
  new SamepadError(STAGE, `${what} must be written for one size, with --input`, 'no size')

/** Axes on which the rule of another one gives the fixed numbers, too, have that rule: SAME at stride 1. */
function alike(found: readonly FoundAxis[]): readonly FoundAxis[] {
  const rule = found.map(({ axis }) => axis.pads).find(isSamePads)
  if (rule === undefined) return found
  return found.map((one) => {
    const pads = { ...rule, reach: effectiveKernel(one.axis) }
    return isSamePads(one.axis.pads) || !one.solved.every((outcome) => explains(pads, outcome))
      ? one
      : { ...one, axis: { ...one.axis, pads } }
  })
}

interface FoundAxis {
  readonly axis: AnySizeAxis
  readonly counted: boolean | undefined
  readonly solved: readonly Solved[]
}

/** An axis, and whether an average counts its padding; undefined where there is none to count. */
function axisOf(setting: Setting): FoundAxis {
  const { op, fill, drop, cut, every = 1, trim, outputShape } = setting
  if (fill && fill !== 'constant') throw new SamepadError(STAGE, notZeros, fill)
  if (drop || cut || every > 1 || trim || outputShape !== undefined) {
    throw needsInput('a layer with drop, cut, every, trim or out')
  }
  const solved = outcomesOf(setting)
  const { kernel, stride, dilation } = solved[0].axis
  const pads = op === 'convTranspose' ? cropOf(solved) : padsOf(solved)
  const seen = solved.filter(({ axis }) => axis.padBegin !== 0 || axis.padEnd !== 0)
  const all = seen.every(({ axis, zeros }) => zeros[0] === axis.padBegin && zeros[1] === axis.padEnd)
  const none = seen.every(({ zeros }) => zeros[0] === 0 && zeros[1] === 0)
  if (op.endsWith('Pool') && !all && !none) throw needsInput('a pooling that sees part of its padding')
  const counted = seen.length === 0 || op === 'conv' ? undefined : all
  return { axis: { kernel, stride, dilation, pads }, counted, solved }
}

/** What the setting does on every size that matters: each total repeats with the stride, from some size on. */
function outcomesOf(setting: Setting): readonly Solved[] {
  const most = Math.min(MOST, effectiveKernel(setting) + 3 * setting.stride + 8)
  const solved: Solved[] = []
  let refusal = ''
  for (let input = 1; input <= most; input++) {
    const outcome = solve(setting, input)
    if (isRejected(outcome)) refusal = outcome.rejected
    else if (outcome.axis.output > 0) solved.push(outcome)
  }
  if (solved.length > 0) return solved
  const { name } = frameworks[conventionOf(setting.convention).framework]
  throw new SamepadError(STAGE, `${name} must take some input; it refuses all: ${refusal}`, setting.convention)
}

/** The fixed crop of a transposed convolution. */
function cropOf(solved: readonly Solved[]): Pads {
  const [{ axis }] = solved
  const { padBegin, padEnd, stride, dilation } = axis
  if (!solved.every((one) => one.axis.padBegin === padBegin && one.axis.padEnd === padEnd)) {
    throw needsInput('a crop that depends on the input')
  }
  if (padBegin < 0 || -padEnd >= Math.max(stride, dilation)) throw needsInput('a negative crop')
  return [padBegin, padEnd]
}

function padsOf(solved: readonly Solved[]): Pads | SamePads {
  const [first] = solved
  const { axis } = first
  const fixed = solvedPads(first)
  const candidates: readonly (Pads | SamePads)[] = [
    fixed,
    ...[effectiveKernel(axis), axis.kernel].flatMap((reach) => shares.map((begin): SamePads => ({ reach, begin }))),
  ]
  const found = candidates.find((pads) => solved.every((one) => explains(pads, one)))
  if (found === undefined) throw needsInput('padding that is neither fixed nor SAME')
  if (!isSamePads(found) && (found[0] < 0 || found[1] < 0)) throw needsInput('negative padding')
  return found
}

const shares: readonly SameShare[] = ['smaller half', 'larger half', 'none', 'all']

/** The padding of a size under a rule. */
export function padsAt(pads: Pads | SamePads, stride: number, input: number): Pads {
  if (!isSamePads(pads)) return pads
  const total = Math.max(0, pads.reach - 1 - ((input - 1) % stride))
  const half = Math.floor(total / 2)
  const begin = { 'smaller half': half, 'larger half': total - half, all: total, none: 0 }[pads.begin]
  return [begin, total - begin]
}

function explains(pads: Pads | SamePads, { axis }: Solved): boolean {
  const [begin, end] = padsAt(pads, axis.stride, axis.input)
  return begin === axis.padBegin && end === axis.padEnd && outputSize(axis, begin, end) === axis.output
}
