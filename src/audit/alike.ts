import { questionOf, Remembered } from '../analysis/remembered.ts'
import { isSameFunction } from '../analysis/same-function.ts'
import { isKnown, readAlike, type Surrounded, surroundedHorizon, surroundedModulus } from '../analysis/surrounded.ts'
import { chosen } from '../conventions/rows/chosen.ts'
import type { Setting } from '../conventions/setting.ts'
import { solve } from '../conventions/solve.ts'
import { type Added, isAdded, isUnknown, type Step } from '../conventions/step.ts'
import { effectiveKernel } from '../geometry/index.ts'
import { lcm } from '../geometry/integers.ts'
import type { LooseWay } from '../network/loose.ts'
import { compared, isManageable } from './decide.ts'
import { type NetworkLayer, stepsAlong } from './layer.ts'

/** Taps that are read to decide whether two surrounded windows are alike; what takes more is not decided. */
const MOST_READ = 30_000_000

/** A window that reads each cell by itself: what happens to batch and channels has no other. */
const each: Setting = { convention: chosen.numbers, op: 'conv', kernel: 1, stride: 1, dilation: 1, pads: [0, 0] }

/** One axis of a layer, batch and channels being 0 and 1; undefined where the window is not known. */
export function surroundedAxis({ spatial }: NetworkLayer, axis: number): Surrounded | undefined {
  const isWindow = axis >= 2
  const setting = isWindow ? spatial.axes[axis - 2]?.setting : each
  const [before, behind] = [stepsAlong(spatial.before, axis), stepsAlong(spatial.behind, axis)]
  if (!setting || !isManageable(setting)) return undefined
  return { setting, before, behind, neutral: isWindow ? spatial.neutral : undefined }
}

/**
 * Whether two axes compute the same, by what stands in their padding too.
 *
 * @param input cells in front of everything; undefined asks about every size
 * @returns undefined where that is not known, or takes too long
 */
export function areAlike(a: Surrounded, b: Surrounded, input: number | undefined): boolean | undefined {
  if (isTold(a) && questionOf(a) === questionOf(b)) return true
  const isAlone = [a, b].every(({ before, behind }) => before.length + behind.length === 0)
  if (isAlone && a.neutral === b.neutral) return aloneAlike(a.setting, b.setting, input)
  if (!isKnown(a) || !isKnown(b)) return undefined
  return known.get(questionOf([a, b, input]), () => read(a, b, input))
}

const known = new Remembered<boolean | undefined>()

function read(a: Surrounded, b: Surrounded, input: number | undefined): boolean | undefined {
  const horizon = surroundedHorizon(a) + surroundedHorizon(b)
  const modulus = lcm(surroundedModulus(a), surroundedModulus(b))
  const sizes = sizesOf(horizon, modulus, input)
  const kernel = a.setting.kernel + b.setting.kernel
  if (!sizes || sizes.length * ((sizes.at(-1) ?? 0) + horizon) * kernel > MOST_READ) return undefined
  const found = sizes.map((size) => readAlike(a, b, size))
  if (found.includes(false)) return false
  // Where one has no answer nothing differs; where no size has one, nothing is known.
  return found.includes(undefined) || !found.includes(true) ? undefined : true
}

/** Whether what is not known of it is at least told by a formula. */
const isTold = ({ before, behind }: Surrounded): boolean =>
  [...before, ...behind].every((step) => {
    if (isUnknown(step)) return step.formula !== undefined
    if (!isAdded(step)) return true
    const { mode, value, formula } = step.filling
    return mode !== 'constant' || value !== undefined || formula !== undefined
  })

function aloneAlike(a: Setting, b: Setting, input: number | undefined): boolean | undefined {
  if (input === undefined) return compared(a, b)?.equal
  return isSameFunction(a, solve(a, input), b, solve(b, input))
}

/** Beyond the horizon only the residue counts: one size stands for a given one, two of each residue for all. */
function sizesOf(horizon: number, modulus: number, input: number | undefined): number[] | undefined {
  const last = horizon + 2 * modulus
  if (input !== undefined) return [input <= last ? input : horizon + 1 + ((input - horizon - 1) % modulus)]
  return last > MOST_READ ? undefined : Array.from({ length: last }, (_, index) => index + 1)
}

/** Whether Pads and Slices that stand around no layer do the same to every axis. */
export function areWaysAlike(a: LooseWay, b: LooseWay): boolean {
  const [rank, other] = [a[0]?.steps.length, b[0]?.steps.length]
  if (rank !== other) return false
  return Array.from({ length: rank ?? 0 }, (_, axis) => axis).every((axis) => {
    const [one, two] = [a, b].map((way): Surrounded => {
      return { setting: each, before: stepsAlong(way, axis), behind: [], neutral: undefined }
    })
    const [size, same] = [a[0]?.sizes[axis], b[0]?.sizes[axis]]
    return areAlike(one, two, typeof size === 'number' && size === same && size > 0 ? size : undefined)
  })
}

/**
 * What stands where the padding of two axes crosses: the constant that was added last. Constants that differ count in
 * their order, which no axis by itself tells.
 */
export function corners({ spatial }: NetworkLayer): string {
  const own = spatial.axes.flatMap(({ setting, pads }, axis) => {
    const isPadded = pads ? Math.max(...pads) > 0 : setting !== undefined && effectiveKernel(setting) > 1
    return isPadded && spatial.op !== 'convTranspose' ? [axis + 2] : []
  })
  const { neutral, op } = spatial
  const padding = { value: op === 'averagePool' ? 'none' : `${neutral}`, axes: own }
  return [
    layersOf(
      spatial.before.map(({ steps }) => steps),
      padding,
    ),
    layersOf(spatial.behind.map(({ steps }) => steps)),
  ].join('; ')
}

/** Whether a step puts a constant into cells. */
const isFilled = ({ pads, filling }: Added): boolean =>
  filling.mode === 'constant' && ('convention' in pads || Math.max(...pads) > 0)

interface Constant {
  readonly value: string
  readonly axes: readonly number[]
}

function layersOf(surrounds: readonly (readonly (Step | undefined)[])[], own?: Constant): string {
  const constants = surrounds.flatMap((steps): Constant[] => {
    const added = steps.flatMap((step, axis) => (step && isAdded(step) && isFilled(step) ? [{ step, axis }] : []))
    return added.length === 0 ? [] : [{ value: `${added[0].step.filling.value}`, axes: added.map(({ axis }) => axis) }]
  })
  const all = [...constants, ...(own && own.axes.length > 0 ? [own] : [])]
  if (new Set(all.map(({ value }) => value)).size < 2 || new Set(all.flatMap(({ axes }) => axes)).size < 2) return ''
  const merged: { value: string; axes: Set<number> }[] = []
  for (const { value, axes } of all) {
    const last = merged.at(-1)
    if (last?.value === value) for (const axis of axes) last.axes.add(axis)
    else merged.push({ value, axes: new Set(axes) })
  }
  return merged.map(({ value, axes }) => `${value}: ${[...axes].sort((a, b) => a - b)}`).join(', ')
}
