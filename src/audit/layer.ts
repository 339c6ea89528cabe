import type { Setting } from '../conventions/setting.ts'
import { isRejected, outcomePads, solve } from '../conventions/solve.ts'
import { type Filling, isAdded, isUnknown, type Step } from '../conventions/step.ts'
import { workIn } from '../conventions/work-in.ts'
import type { Pads } from '../geometry/index.ts'
import type { SpatialAxis, SpatialNode, Surround } from '../network/spatial-node.ts'
import { isManageable, sampleSizes } from './decide.ts'
import { type Family, familyOf } from './family.ts'
import { follows } from './follows.ts'

/**
 * One axis of a layer, with what stands around its window worked in: cells of the input are those in front of all that,
 * the output is behind it; setting, outcome and pads are what the whole does. The setting is undefined where no setting
 * says it, or something of it is not known.
 */
export type LayerAxis = SpatialAxis

/** A spatial node as its network sees it: with what stands around it, and the rules that it follows. */
export interface NetworkLayer extends Family {
  readonly spatial: SpatialNode
  readonly axes: readonly LayerAxis[]
  /** What stands in the padding, where that is anything but zeros, or what an average or a maximum leaves out. */
  readonly fillings: readonly Filling[]
}

/** Works what stands around a node into it. */
export function layerOf(spatial: SpatialNode): NetworkLayer {
  const axes = spatial.axes.map((_, axis) => axisOf(spatial, axis))
  const family = familyOf(axes.map(({ setting, input }) => follows(setting, input)))
  return { spatial, axes, fillings: fillingsOf(spatial), ...family }
}

/** What is done along one axis of a node: batch and channels are 0 and 1, the spatial ones come behind them. */
export const stepsAlong = (surrounds: readonly Surround[], axis: number): Step[] =>
  surrounds.flatMap(({ steps }) => steps[axis] ?? [])

/** The window along an axis: with what stands around it where a setting says that, else by itself. */
export const windowAlong = ({ axes, spatial }: NetworkLayer, axis: number): Setting | undefined =>
  axes[axis].setting ?? spatial.axes[axis].setting

/** Whether nothing stands around a node, but for the Pad that feeds it. */
export const isBare = ({ before, behind, pad }: SpatialNode): boolean =>
  behind.length === 0 && before.every(({ node }) => node === pad?.node)

/** Padding that the model works out from the size when it runs. */
export interface WorkedOut {
  /** Whether a rule has a name for it, so that it is known at every size. */
  readonly isKnown: boolean
  /** The largest size at which it was held against that rule, 1 being the first; 0 where there is none. */
  readonly tried: number
}

/** Whether what stands around a node follows from the size, and how far it is known; undefined where it does not. */
export function workedOutOf({ before, behind }: SpatialNode): WorkedOut | undefined {
  const steps = [...before, ...behind].flatMap((surround) => surround.steps.flatMap((step) => step ?? []))
  if (steps.some(isUnknown)) return { isKnown: false, tried: 0 }
  const tried = steps.flatMap((step) => (isAdded(step) && step.tried !== undefined ? [step.tried] : []))
  return tried.length === 0 ? undefined : { isKnown: true, tried: Math.min(...tried) }
}

function fillingsOf({ before, op, neutral }: SpatialNode): Filling[] {
  const all = before.flatMap(({ steps }) => steps).flatMap((step) => (step && isAdded(step) ? [step] : []))
  const held = all.filter(({ pads }) => 'convention' in pads || Math.max(...pads) > 0).map(({ filling }) => filling)
  const telling = held.filter((filling) => !isPlain(filling, op, neutral))
  return telling.filter((one, index) => telling.findIndex((other) => isSameFilling(one, other)) === index)
}

const isSameFilling = (a: Filling, b: Filling): boolean => a.mode === b.mode && a.value === b.value

/** Whether cells hold what padding of the node itself would. */
export function isPlain(
  { mode, value, isZeroPoint }: Filling,
  op: SpatialNode['op'],
  neutral: number | undefined,
): boolean {
  if (mode !== 'constant') return false
  if (op === 'averagePool') return value === 0 || isZeroPoint === true
  if (op === 'maxPool' && value !== undefined && neutral === Number.NEGATIVE_INFINITY) return value <= LEAST
  return isZeroPoint === true || value === neutral
}

/** The least float32, which exporters write for minus infinity, as texts of seven digits have it. */
export const LEAST = -3.402823e38

/** Cells of the largest axis that is looked at: sixteen minutes of sound. */
const LARGEST = 2 ** 24

/** One axis of a node, with what stands around it worked in. */
export function axisOf(spatial: SpatialNode, index: number): LayerAxis {
  const { symbol, setting: written, outcome, pads, output: made, input: cells } = spatial.axes[index]
  const own = written && isManageable(written) ? written : undefined
  const [before, behind] = [stepsAlong(spatial.before, index + 2), stepsAlong(spatial.behind, index + 2)]
  if (before.length + behind.length === 0) {
    const input = within(cells)
    return {
      input,
      symbol,
      setting: own,
      outcome: own && input !== undefined ? outcome : undefined,
      pads,
      output: made,
    }
  }
  const size = spatial.before[0]?.sizes[index + 2] ?? cells
  const input = within(before.length > 0 ? (typeof size === 'number' ? size : undefined) : cells)
  const together = [...before, ...behind].some(isUnknown) ? undefined : own && workIn(own, before, behind)
  const setting = together && isManageable(together) ? together : undefined
  const name = typeof size === 'string' ? size : symbol
  const output = behind.length > 0 ? undefined : made
  if (!setting) return { input, symbol: name, setting, outcome: undefined, pads: undefined, output }
  const solved = input === undefined || input < 1 ? undefined : solve(setting, input)
  if (!solved)
    return { input: undefined, symbol: name, setting, outcome: undefined, pads: padsAnywhere(setting), output }
  const axis = isRejected(solved) ? undefined : solved.axis
  return {
    input,
    symbol: name,
    setting,
    outcome: solved,
    pads: outcomePads(solved),
    output: axis?.output ?? output,
  }
}

/** The pads at every size, where they are the same. */
function padsAnywhere(setting: Setting): Pads | undefined {
  const each = sampleSizes(setting, setting, undefined).map((size) => solve(setting, size))
  const [first, ...others] = each.map(outcomePads)
  return others.every((pads) => pads?.[0] === first?.[0] && pads?.[1] === first?.[1]) ? first : undefined
}

/** A size beyond this is no network's; it counts as one that is not known. */
const within = (cells: number | undefined): number | undefined =>
  cells !== undefined && cells <= LARGEST ? cells : undefined
