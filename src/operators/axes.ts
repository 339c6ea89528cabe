import type { AxisStep } from './axis-step.ts'
import type { Call } from './call.ts'
import type { Shape } from './fact.ts'

// Where the cells along each axis of an output come from, as data.

/** An axis of an input of a node. */
export interface AxisPlace {
  /** Index of the input. */
  readonly input: number
  readonly axis: number
}

/** What the cells along one axis of an output are made of. */
export interface AxisSource {
  /** The axes of inputs that they are made of: several lie on each other, cell by cell. */
  readonly from: readonly AxisPlace[]
  /** How they lie over the cells of the input; undefined where each is at its own place. */
  readonly step?: AxisStep | undefined
  /** Why no place is left along this axis, as what the node does: `takes all cells together`. */
  readonly ends?: string | undefined
  /** Of an axis that ends: whether it has one cell for every input. */
  readonly isFixed?: boolean
  /** Why cells that keep their places depend on all cells along this axis too, as what the node does. */
  readonly whole?: string | undefined
}

/** The sources of an output, by its axes; an axis that comes from no input has none. Undefined where nothing is known. */
export type AxisSources = readonly (AxisSource | undefined)[] | undefined

/** A call with what is known of its surroundings. */
export interface AxesCall {
  readonly call: Call
  /** The number of axes of each input, as far as they are known. */
  readonly ranks: readonly (number | undefined)[]
  /** Shape of the first output. */
  readonly output: Shape | undefined
  /** Whether an input is the same for every input of the model. */
  readonly isConstant: (index: number) => boolean
}

/** The sources of each output of a call. */
export type FollowAxes = (given: AxesCall) => readonly AxisSources[]

const places = (count: number | undefined): number[] => Array.from({ length: count ?? 0 }, (_, axis) => axis)

/** Every output from the same sources. */
export const forAll = ({ call }: AxesCall, sources: AxisSources): readonly AxisSources[] =>
  call.node.outputs.map(() => sources)

/** All that is read ends, along every axis of the outputs. */
export const mixing =
  (ends: string): FollowAxes =>
  (given) => {
    const from = given.ranks.flatMap((rank, input) => places(rank).map((axis) => ({ input, axis })))
    return forAll(given, new Array<AxisSource>(given.output?.length ?? 1).fill({ from, ends }))
  }

export const unfollowed = mixing('is not followed')

/**
 * Mixes what a node reads but for its leading axis, the batch, where that keeps its size: the rest then has as many
 * elements as before.
 */
export const mixingRest =
  (ends: string): FollowAxes =>
  (given) => {
    const { call, output, ranks } = given
    const size = call.inputs[0]?.shape?.[0]
    const made = mixing(ends)(given)
    if (size === undefined || size !== output?.[0] || !ranks[0]) return made
    const isBatch = ({ input, axis }: AxisPlace): boolean => input === 0 && axis === 0
    const rest = (source: AxisSource | undefined): AxisSource | undefined =>
      source && { ...source, from: source.from.filter((one) => !isBatch(one)) }
    return made.map((sources) => [own(0), ...(sources ?? []).slice(1).map(rest)])
  }

/** An axis of the first input, cell by cell. */
export const own = (axis: number): AxisSource => ({ from: [{ input: 0, axis }] })

/**
 * Every output cell is made of the cells at its own place in all inputs, whose axes are counted from the last one.
 *
 * @param whole along which axes a cell depends on all others
 */
export const staying =
  (whole: (call: Call, rank: number) => readonly number[] = () => [], takesLists = false): FollowAxes =>
  (given) => {
    const { call, ranks, output } = given
    const read = takesLists ? ranks.slice(0, 1) : ranks
    const rank = output?.length ?? Math.max(0, ...read.map((one) => one ?? 0))
    const wholes = whole(call, rank)
    const sources = places(rank).map((axis): AxisSource => {
      const from = read.flatMap((one, input) => {
        const at = axis - rank + (one ?? 0)
        return one !== undefined && at >= 0 ? [{ input, axis: at }] : []
      })
      return wholes.includes(axis) ? { from, whole: 'takes all cells along this axis together' } : { from }
    })
    return forAll(given, sources)
  }

/** The axes of the first input, each on its way; where that has no axes that are known, nothing is. */
export const eachAxis =
  (of: (axis: number, rank: number, given: AxesCall) => AxisSource | undefined): FollowAxes =>
  (given) => {
    const [rank] = given.ranks
    return [rank === undefined ? undefined : places(rank).map((axis) => of(axis, rank, given))]
  }

/** An axis of the first input after a step; it ends where the step is not known. */
export const stepped = (axis: number, step: AxisStep | undefined, ends: string): AxisSource =>
  step ? { ...own(axis), step } : { ...own(axis), ends }

/** An axis of the first input of which one cell is left. */
export const reducedAxis = (axis: number): AxisSource => ({
  ...own(axis),
  ends: 'takes all cells together',
  isFixed: true,
})
