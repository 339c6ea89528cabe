import type { Pads } from '../geometry/index.ts'
import type { Followed, FollowedNode } from '../network/followed.ts'
import { labelOf } from '../network/model.ts'
import { type AxisStep, quotient } from '../operators/axis-step.ts'
import { isMixed, type Marks } from './marks.ts'

/** Less than this is rounding. */
const HAIR = 1e-9

/** Cells of an axis, the first one and the one behind the last. */
export type Interval = readonly [begin: number, end: number]

/** The cells of an input that some cells of an output are made of, as if there were cells on both sides without end. */
export function readBy([begin, end]: Interval, { jump, first = 0, reach }: AxisStep): Interval {
  const cells = quotient(jump)
  return [Math.ceil(begin * cells + first - HAIR), Math.floor((end - 1) * cells + first + reach + HAIR) + 1]
}

/** The outputs whose cells of an input all lie among some: what `readBy` says, the other way round. */
export function madeWithin([begin, end]: Interval, { jump, first = 0, reach }: AxisStep): Interval {
  const cells = quotient(jump)
  return [Math.floor((begin - 1 + HAIR - first) / cells) + 1, Math.ceil((end - HAIR - first - reach) / cells)]
}

/** A layer that costs cells around a piece. */
export interface HaloShare {
  readonly name: string
  readonly opType: string
  /** Input cells that its window spans beside one. */
  readonly cells: number
}

/** The cells that the outputs of a piece are made of beyond the piece itself. */
export interface Halo {
  /** Before and behind it, the fewest; negative where not even all of the piece's own cells are read. */
  readonly cells: Pads
  /** The layers that make it, the dearest first. */
  readonly shares: readonly HaloShare[]
}

/** Follows the outputs of one step of a piece back to the input. */
export function haloOf(
  { nodes }: Followed,
  marks: Marks,
  outputs: readonly string[],
  input: string,
  axis: number,
): Halo {
  const needed = new Map<string, (Interval | undefined)[]>()
  const need = (value: string, at: number, interval: Interval): void => {
    const list = needed.get(value) ?? []
    const [begin, end] = list[at] ?? interval
    list[at] = [Math.min(begin, interval[0]), Math.max(end, interval[1])]
    needed.set(value, list)
  }
  for (const value of outputs) {
    marks.of(value).forEach((mark, at) => {
      if (mark && !isMixed(mark)) need(value, at, [0, Math.max(1, Math.round(marks.step / quotient(mark.jump)))])
    })
  }
  const shares: HaloShare[] = []
  for (const one of [...nodes].reverse()) {
    const cells = passBack(one, marks, needed, need)
    if (cells > 0) shares.push({ name: labelOf(one.node), opType: one.node.opType, cells })
  }
  const [begin, end] = needed.get(input)?.[axis] ?? [0, marks.step]
  return {
    cells: [0 - begin, end - marks.step],
    shares: shares.sort((a, b) => b.cells - a.cells),
  }
}

/** What a node needs of what it reads, for what is needed of its outputs; gives the input cells that its window spans. */
function passBack(
  { node, read, sources }: FollowedNode,
  marks: Marks,
  needed: ReadonlyMap<string, readonly (Interval | undefined)[]>,
  need: (value: string, at: number, interval: Interval) => void,
): number {
  let cells = 0
  node.outputs.forEach((value, index) => {
    const list = needed.get(value)
    sources[index]?.forEach((source, at) => {
      const interval = list?.[at]
      if (!source || !interval) return
      for (const place of source.from) {
        const mark = marks.of(read[place.input])[place.axis]
        if (!mark || isMixed(mark)) continue
        need(read[place.input], place.axis, source.step ? readBy(interval, source.step) : interval)
        if (source.step) cells = Math.max(cells, source.step.reach * quotient(mark.jump))
      }
    })
  })
  return cells
}
