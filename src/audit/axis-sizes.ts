import { belongs, nearestIn, type SizeSet, sizeSetOf } from '../analysis/size-set.ts'
import { lcm } from '../geometry/integers.ts'
import { labelOf, type Model } from '../network/model.ts'
import { type Grids, gridsOf } from './grids/grids.ts'
import type { InputAxes, InputAxis } from './input-axes.ts'
import type { Refusal, SizeTrials, Trial, Voter } from './size-trials.ts'

/** Which sizes a model takes along one axis of its inputs. */
export interface AxisSizes extends InputAxis {
  /** The sizes that it takes; undefined where they do not repeat as far as they were tried. */
  readonly takes: SizeSet | undefined
  /** Those of `takes` on which SAME_UPPER, SAME_LOWER and symmetric padding are one in every layer. */
  readonly agrees: SizeSet | undefined
  /** Every size from 1 to this one was tried, the other axes at `base`. */
  readonly triedTo: number
  /** Those of them that the model takes, in order. */
  readonly taken: readonly number[]
  /** A size that it takes, which may lie beyond those that were tried one by one. */
  readonly base: number
  /** Whether the sets hold beyond that: every size of the network was followed, and repeats. */
  readonly isProved: boolean
  /** Why they are not proved: the first node that is not followed. */
  readonly unproved: string | undefined
  /** Windows that are padded by a rule along this axis, so that conventions may differ on it. */
  readonly voters: number
  /** What keeps the model from running at the refused size that is nearest to the wanted one, of those that were tried. */
  readonly refused: (Refusal & { readonly size: number }) | undefined
  /** A layer on which the conventions agree at no size that the model takes. */
  readonly disagreeing: { readonly name: string; readonly opType: string } | undefined
  /** The nearest sizes to the wanted one. */
  readonly near: NearSizes | undefined
}

/** The nearest sizes of at most, and of at least, a wanted one. */
export interface NearSizes {
  readonly size: number
  readonly takes: Around
  readonly agrees: Around
}

export interface Around {
  readonly below: number | undefined
  readonly above: number | undefined
}

/** What an axis is studied with. */
export interface Study {
  readonly model: Model
  readonly axes: InputAxes
  readonly trials: SizeTrials
  /** Sizes at which the model runs. */
  readonly base: readonly number[]
  /** Trials for each axis. */
  readonly most: number
}

/** Sizes that are tried where nothing else says how many. */
const USUAL = 64

/** Studies one axis: tries sizes from 1 on, until what is proved or the work that is allowed ends it. */
export function axisSizes(study: Study, index: number, wanted: number | undefined): AxisSizes {
  const axis = study.axes.axes[index]
  const at = (size: number): number[] => study.base.with(index, size)
  const grids = gridsOf(study.model, study.axes.shapes(study.base))
  const period = axis.dimensions.reduce((common, one) => lcm(common, grids.period(one.input, one.axis)), 1)
  const unproved = reasonOf(study, axis, grids)
  const near = wanted ?? axis.given
  const enough = Math.max(4 * period, USUAL, Math.min(near ?? 0, study.base[index]) + 2 * period)
  const trials: Trial[] = []
  let proof: number | undefined
  let last = Math.min(study.most, enough)
  for (let size = 1; size <= last; size++) {
    const trial = study.trials.at(at(size))
    trials.push(trial)
    if (unproved !== undefined || proof !== undefined || trial.refusal) continue
    if (!isRegularFrom(study, axis, at(size))) continue
    // From here on sizes only repeat: one period of them says all.
    proof = size + period - 1 <= study.most ? size : undefined
    if (proof !== undefined) last = proof + period - 1
  }
  const votes = study.trials.voters.map((voter, place) => ({ voter, place }))
  const telling = votes.filter(({ place }) => new Set(cellsAt(trials, place)).size > 1)
  const agreeing = trials.map((trial) => !trial.refusal && telling.every((vote) => agreesAt(study, trial, vote)))
  const taken = trials.map(({ refusal }) => !refusal)
  const base = study.base[index]
  const [found, agreed] = [taken, agreeing].map((seen) => described(seen, period, proof))
  // A rule that the one size beyond what was tried contradicts is none.
  const isRule = found !== undefined && belongs(found, base)
  const [takes, agrees] = isRule ? [found, agreed] : []
  const refused = nearestRefused(taken, near ?? taken.length)
  const never = telling.find((vote) => trials.every((trial) => trial.refusal || !agreesAt(study, trial, vote)))
  return {
    ...axis,
    ...{ takes, agrees, base, triedTo: trials.length, isProved: proof !== undefined },
    taken: taken.flatMap((isTaken, place) => (isTaken ? [place + 1] : [])),
    unproved: proof === undefined ? (unproved ?? 'more sizes would have to be tried') : undefined,
    voters: telling.length,
    refused: refused === undefined ? undefined : { size: refused, ...(trials[refused - 1].refusal as Refusal) },
    disagreeing: never && { name: never.voter.name, opType: never.voter.opType },
    near: near === undefined ? undefined : nearOf(near, takes, agrees),
  }
}

/** The refused size nearest to another one; of two, the larger. */
function nearestRefused(taken: readonly boolean[], near: number): number | undefined {
  const refused = taken.flatMap((isTaken, place) => (isTaken ? [] : [place + 1]))
  const distance = (size: number): number => Math.abs(size - near)
  return refused.reduce<number | undefined>((best, size) => {
    return best === undefined || distance(size) <= distance(best) ? size : best
  }, undefined)
}

function nearOf(size: number, takes: SizeSet | undefined, agrees: SizeSet | undefined): NearSizes {
  const around = (set: SizeSet | undefined): Around =>
    set ? nearestIn(set, size) : { below: undefined, above: undefined }
  return { size, takes: around(takes), agrees: around(agrees) }
}

interface Vote {
  readonly voter: Voter
  readonly place: number
}

function agreesAt({ trials }: Study, { cells }: Trial, { voter, place }: Vote): boolean {
  const size = cells[place]
  return size !== undefined && trials.agrees(voter, size)
}

const cellsAt = (trials: readonly Trial[], place: number): (number | undefined)[] =>
  trials.filter(({ refusal }) => !refusal).map(({ cells }) => cells[place])

/** A set from what was tried; beyond, from where it is proved to repeat, it is repeated. */
function described(seen: readonly boolean[], period: number, proof: number | undefined): SizeSet | undefined {
  if (proof === undefined) return sizeSetOf(seen, period) ?? sizeSetOf(seen)
  const more = Array.from({ length: 2 * period }, (_, index) => seen[proof - 1 + (index % period)])
  return sizeSetOf([...seen.slice(0, proof - 1), ...more], period)
}

/** Why the sizes along an axis need not repeat. */
function reasonOf({ trials }: Study, { dimensions }: InputAxis, grids: Grids): string | undefined {
  if (trials.unknown !== undefined) return `the size that ${trials.unknown} reads is not known`
  const end = dimensions.map(({ input, axis }) => grids.irregular(input, axis)).find((one) => one !== undefined)
  if (!end) return undefined
  const label = labelOf(end.node)
  return `${label.startsWith(end.node.opType) ? label : `${end.node.opType} ${label}`} ${end.why}`
}

/**
 * Whether every value along an axis has at least two cells. From there on none is stretched to another's size any more, no
 * window is too large, and each size grows by the same number with every period, so that sizes which meet stay as far apart.
 */
function isRegularFrom({ model, axes }: Study, { dimensions }: InputAxis, sizes: readonly number[]): boolean {
  const grids = gridsOf(model, axes.shapes(sizes))
  return dimensions.every(({ input, axis }) => (grids.least(input, axis) ?? 2) >= 2)
}
