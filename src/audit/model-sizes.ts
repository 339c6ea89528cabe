import { belongs, type SizeSet, sizeSetOf } from '../analysis/size-set.ts'
import type { SourceLike } from '../bytes/source.ts'
import { checkInteger } from '../geometry/options.ts'
import type { Model } from '../network/model.ts'
import type { SpatialOptions } from '../network/spatial-node.ts'
import { checkInputs } from '../network/spatial-nodes.ts'
import { modelOf } from './audit.ts'
import { type AxisSizes, axisSizes, type Study } from './axis-sizes.ts'
import { gridsOf } from './grids/grids.ts'
import { type InputAxes, inputAxes } from './input-axes.ts'
import { type Refusal, SizeTrials } from './size-trials.ts'

/** Options of `inputSizes`. */
export interface InputSizesOptions extends SpatialOptions {
  /** A wanted size, to which the nearest ones are named. */
  readonly near?: number | undefined
  /** Hears how many sizes were tried, of how many at most. */
  readonly onProgress?: ((done: number, most: number) => void) | undefined
}

/** Sizes of several axes that do not stand for themselves: the model takes other pairs than each axis by itself says. */
export interface DependentSizes {
  readonly names: readonly [string, string]
  /** Two sizes that run together, although one axis by itself would refuse one of them, or that do not although both would. */
  readonly example: { readonly sizes: readonly [number, number]; readonly runs: boolean }
  /** The sizes that are taken where all axes have the same one; undefined where they do not repeat as far as was tried. */
  readonly equal: SizeSet | undefined
  /** How far equal sizes were tried. */
  readonly triedTo: number
}

/** The answer of `inputSizes`. */
export interface InputSizes {
  /** The axes whose sizes are in question, in the order of the inputs. */
  readonly axes: readonly AxisSizes[]
  /** A size for each of them at which the model runs: the others are there while one is tried. Undefined: none was found. */
  readonly base: readonly number[] | undefined
  /** What keeps the model from running at the sizes that the file says, or that were given, if anything does. */
  readonly given: { readonly sizes: readonly number[]; readonly refusal: Refusal | undefined } | undefined
  /** Undefined where no pair was found that the axes by themselves do not tell of. */
  readonly dependent: DependentSizes | undefined
}

/**
 * Which input sizes a model takes, and on which of them SAME_UPPER, SAME_LOWER and symmetric padding are one in all its
 * layers.
 *
 * Sizes are tried: each walks through the network and finds the nodes that cannot work with what reaches them. How the
 * sizes go on is proved where every node on the way was followed, and else said to be tried. A size that the file says is
 * taken for open; `isOpen` tells.
 *
 * @param source a model that was read, or what `readModel` takes
 * @throws SamepadError when it is no model of a known format, or `inputs` do not fit
 */
export async function inputSizes(source: Model | SourceLike, options: InputSizesOptions = {}): Promise<InputSizes> {
  const { near, onProgress = () => {} } = options
  if (near !== undefined) checkInteger('sizes', 'near', near, 1)
  const model = await modelOf(source)
  const inputs = checkInputs(model, options.inputs ?? {})
  const axes = inputAxes(model, inputs)
  const trials = new SizeTrials(model, axes, onProgress)
  const given = givenOf(axes, trials)
  const base = given && !given.refusal ? given.sizes : baseOf(model, axes, trials, near)
  if (!base) return { axes: [], base, given, dependent: undefined }
  const study: Study = { model, axes, trials, base, most: Math.floor((trials.left * 0.9) / axes.axes.length) }
  const found = axes.axes.map((_, index) => axisSizes(study, index, near))
  return { axes: found, base, given, dependent: dependentOf(study, found) }
}

/** What comes of the sizes that the file says or that were given, where they all are. */
function givenOf({ axes }: InputAxes, trials: SizeTrials): InputSizes['given'] {
  const sizes = axes.map(({ given }) => given)
  if (!sizes.every((size) => size !== undefined) || sizes.length === 0) return undefined
  return { sizes, refusal: trials.at(sizes).refusal }
}

/** Sizes that networks are made for, the likeliest first. */
const usualSizes = [224, 64, 256, 640, 32, 512, 1024, 16]
/** Equal sizes that are tried when nothing else runs. */
const MOST_EQUAL = 64
/** No network is made for more cells along an axis. */
const LARGEST = 2 ** 24

/** Sizes at which a model runs. */
function baseOf(
  model: Model,
  { axes, shapes }: InputAxes,
  trials: SizeTrials,
  near: number | undefined,
): readonly number[] | undefined {
  const grids = gridsOf(model, shapes(axes.map(({ given }) => given ?? usualSizes[0])))
  const periods = axes.map(({ dimensions: [{ input, axis }] }) => grids.period(input, axis))
  const rounded = [...(near ? [near] : []), ...usualSizes].flatMap((size) =>
    [0, 1].map((more) => periods.map((period) => Math.max(1, Math.ceil(size / period)) * period + more)),
  )
  const equal = Array.from({ length: MOST_EQUAL }, (_, index) => axes.map(() => index + 1))
  const isPartlyGiven = axes.some(({ given }) => given !== undefined) && axes.some(({ given }) => given === undefined)
  const given = isPartlyGiven ? rounded.map((sizes) => sizes.map((size, axis) => axes[axis].given ?? size)) : []
  const isUsual = (sizes: readonly number[]): boolean => sizes.every((size) => size <= LARGEST)
  const all = [...given, ...rounded, ...equal].filter(isUsual).slice(0, Math.floor(trials.most / 4))
  return all.find((sizes) => !trials.at(sizes).refusal)
}

/** Sizes of each axis that pairs are made of: taken and refused ones, and what lies around the base. */
function samplesOf({ takes, triedTo }: AxisSizes, base: number): number[] {
  if (!takes) return [base]
  const all = Array.from({ length: triedTo }, (_, index) => index + 1)
  const taken = all.filter((size) => belongs(takes, size))
  const refused = all.filter((size) => !belongs(takes, size))
  const around = [Math.floor(base / 2), 2 * base].filter((size) => size > 0)
  return [
    ...new Set([...taken.slice(0, 2), ...taken.slice(-1), ...refused.slice(0, 2), ...refused.slice(-1), ...around]),
  ]
}

/** Looks for a pair of sizes that the axes by themselves do not tell of. */
function dependentOf({ axes, trials, base, most }: Study, found: readonly AxisSizes[]): DependentSizes | undefined {
  for (let a = 0; a < found.length; a++) {
    for (let b = a + 1; b < found.length; b++) {
      const example = exampleOf(a, b)
      if (!example) continue
      const names = [found[a].name, found[b].name] as const
      const last = Math.min(most, found[a].triedTo, Math.max(0, trials.left))
      const seen = Array.from({ length: last }, (_, index) => !trials.at(axes.axes.map(() => index + 1)).refusal)
      return { names, example, equal: sizeSetOf(seen), triedTo: last }
    }
  }
  return undefined

  function exampleOf(a: number, b: number): DependentSizes['example'] | undefined {
    for (const x of samplesOf(found[a], base[a])) {
      for (const y of samplesOf(found[b], base[b])) {
        if (trials.left <= 0) return undefined
        const [first, second] = [found[a].takes, found[b].takes]
        const isExpected = first && second && belongs(first, x) && belongs(second, y)
        const runs = !trials.at(base.with(a, x).with(b, y)).refusal
        if (runs !== (isExpected ?? runs)) return { sizes: [x, y], runs }
      }
    }
    return undefined
  }
}
