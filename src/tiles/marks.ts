import { lcm } from '../geometry/integers.ts'
import type { Followed, FollowedNode } from '../network/followed.ts'
import type { Node } from '../network/model.ts'
import type { AxisPlace, AxisSource } from '../operators/axes.ts'
import { type Fraction, fraction, quotient } from '../operators/axis-step.ts'
import { operatorOf } from '../operators/index.ts'

/** An axis of a value along which cells of the axis lie that is cut: so many input cells from one to the next. */
export interface CutAxis {
  readonly jump: Fraction
}

/** An axis of a value that no piece can have right, and the node that makes it so. */
export interface Mixed {
  readonly node: Node
  /** What the node does: `takes all cells together`. */
  readonly why: string
  /** Whether that is so because it is not known where cells go, as of a window that does not fit. */
  readonly isLost?: boolean
}

/** What lies along an axis of a value; undefined where it has nothing to do with the axis that is cut. */
export type Mark = CutAxis | Mixed | undefined

export const isMixed = (mark: Mark): mark is Mixed => mark !== undefined && 'why' in mark

/** Where the cells of one axis of an input go. */
export interface Marks {
  readonly of: (value: string) => readonly Mark[]
  /** Whether a value is computed of sizes of the picture, which are others in a piece. */
  readonly isOfSizes: (value: string) => boolean
  /** Pieces that begin on multiples of so many cells begin on a cell of every value. */
  readonly step: number
}

/**
 * Follows the cells of one axis of an input through a network.
 *
 * @param isExact whether what depends on all cells together ends the way, as no piece has it right
 */
export function marksOf(followed: Followed, input: string, axis: number, isExact = true): Marks {
  const { scope, nodes, isDependent } = followed
  const marks = new Map<string, readonly Mark[]>()
  const shape = scope.fact(input)?.shape ?? []
  marks.set(
    input,
    shape.map((_, at) => (at === axis ? { jump: { over: 1, under: 1 } } : undefined)),
  )
  const ofSizes = new Set<string>()
  const known = { isOfSizes: (value: string) => ofSizes.has(value), isDependent }
  let step = 1
  for (const one of nodes) {
    const read = one.read.map((value) => marks.get(value) ?? [])
    const isMarked = read.some((list) => list.some(Boolean))
    if (isMarked ? operatorOf(one.node)?.takesSizes : one.read.some((value) => ofSizes.has(value))) {
      for (const value of one.node.outputs) ofSizes.add(value)
      continue
    }
    if (!isMarked) continue
    const spoilt = spoiledBy(one, read)
    one.node.outputs.forEach((value, index) => {
      if (value === '') return
      const rank = scope.fact(value)?.shape?.length
      const made = spoilt
        ? new Array<Mark>(rank ?? 1).fill(spoilt)
        : apart(
            one,
            (one.sources[index] ?? []).map((source) => source && markOf(one, source, read, isExact, known)),
          )
      for (const mark of made) if (mark && !isMixed(mark)) step = lcm(step, mark.jump.over)
      marks.set(value, made)
    })
  }
  return { of: (value) => marks.get(value) ?? [], isOfSizes: known.isOfSizes, step }
}

/** No piece has what pairs each cell of the axis with all others: they lie along two axes then. */
function apart({ node }: FollowedNode, made: readonly Mark[]): readonly Mark[] {
  if (made.filter((mark) => mark && !isMixed(mark)).length < 2) return made
  return made.map((mark) => mark && { node, why: 'pairs each cell with all others' })
}

/** What is known of values where they are joined. */
interface KnownValues {
  readonly isOfSizes: (value: string) => boolean
  readonly isDependent: (value: string) => boolean
}

/** Why a value that is joined with cells is no piece's. */
function whyOf(value: string, { isOfSizes, isDependent }: KnownValues): string {
  if (isOfSizes(value)) return `joins cells with '${value}', which is computed of the size of the picture`
  if (isDependent(value))
    return `joins cells with those of '${value}', which lie along another axis or come from another input`
  return 'joins cells with constants that are written for one size of the picture'
}

/** What a node makes of cells that none of its outputs says to come from: weights that are computed of the picture. */
function spoiledBy({ node, sources }: FollowedNode, read: readonly (readonly Mark[])[]): Mixed | undefined {
  const said = new Set(sources.flatMap((list) => (list ?? []).flatMap((source) => (source?.from ?? []).map(keyOf))))
  for (const [input, list] of read.entries()) {
    for (const [axis, mark] of list.entries()) {
      if (!mark || said.has(keyOf({ input, axis }))) continue
      return isMixed(mark) ? mark : { node, why: 'computes with cells in another role' }
    }
  }
  return undefined
}

const keyOf = ({ input, axis }: AxisPlace): string => `${input} ${axis}`

function markOf(
  { node, call, read: names }: FollowedNode,
  source: AxisSource,
  read: readonly (readonly Mark[])[],
  isExact: boolean,
  known: KnownValues,
): Mark {
  const list = source.from.map(({ input, axis }) => read[input]?.[axis])
  const found = list.filter((mark) => mark !== undefined)
  if (found.length === 0) return undefined
  const before = found.find(isMixed)
  if (before) return before
  if (source.ends !== undefined) return isExact || !source.isFixed ? { node, why: source.ends } : undefined
  if (source.whole !== undefined && isExact) return { node, why: source.whole }
  const { jump } = found[0] as CutAxis
  const sizes = source.from.flatMap(({ input, axis }, at) => (list[at] ? [call.inputs[input]?.shape?.[axis]] : []))
  // As a pool has one cell whose window was written as large as the picture.
  if (sizes.includes(1) && sizes.some((size) => size !== 1)) {
    return { node, why: 'spreads over all cells one that was made of them together' }
  }
  const farther = (found as CutAxis[]).find((mark) => mark.jump.over !== jump.over || mark.jump.under !== jump.under)
  if (farther) {
    const steps = [jump, farther.jump].map(quotient).join(' and ')
    return { node, why: `joins cells of different steps, one in ${steps} cells of the input` }
  }
  const other = source.from.find(({ input, axis }, at) => {
    const size = call.inputs[input]?.shape?.[axis]
    return list[at] === undefined && size !== 1 && size !== undefined
  })
  if (other) return { node, why: whyOf(names[other.input], known) }
  if (!source.step) return { jump }
  if (source.step.first === undefined) return { node, why: 'moves cells by a number that is not known', isLost: true }
  const isWritten = !names.some(known.isOfSizes)
  if (isWritten && source.step.irregular && source.step.jump.under > 1) return { node, why: source.step.irregular }
  if (isExact && source.step.uneven) return { node, why: source.step.uneven }
  const next = fraction(jump.over * source.step.jump.over, jump.under * source.step.jump.under)
  return next ? { jump: next } : { node, why: 'is not followed' }
}
