import { channelLists } from '../reference/epilogue.ts'
import type { Filter } from '../reference/problem.ts'
import { type CommonPlan, FLOAT, type PackedFilter } from './plan.ts'

/** So many numbers, a step apart, from zero on. */
export function multiples(count: number, step: number): number[] {
  const list: number[] = []
  for (let index = 0; index < count; index++) list.push(index * step)
  return list
}

/** The same for the lanes of vectors: those beyond the last that exists are nowhere. */
export function lanesOf(lanes: number, step: number, exist: number): number[] {
  return multiples(lanes, step).map((place, lane) => (lane < exist ? place : Number.POSITIVE_INFINITY))
}

/**
 * Copies elements in the order of nested loops, the last list innermost: the place of each is the sum of a number from
 * every list, of which there are two or more. Elements that are nowhere are zero.
 *
 * @param at where the first one goes
 * @returns one past where the last one went
 */
export function gather(
  to: Float32Array,
  at: number,
  from: Float32Array,
  lists: readonly (readonly number[])[],
  depth = 0,
  first = 0,
): number {
  const list = lists[depth]
  let next = at
  if (depth < lists.length - 2) {
    for (let index = 0; index < list.length; index++) {
      next = gather(to, next, from, lists, depth + 1, first + list[index])
    }
    return next
  }
  const inner = lists[depth + 1]
  for (let outer = 0; outer < list.length; outer++) {
    const begin = first + list[outer]
    // Asked for what is beyond its end, a typed array answers by a way that is many times as long.
    for (let index = 0; index < inner.length; index++) {
      const place = begin + inner[index]
      to[next++] = place < from.length ? from[place] : 0
    }
  }
  return next
}

/** Room for what a plan packs: zeros. */
export const roomFor = ({ bytes }: CommonPlan): PackedFilter => ({
  weights: new Float32Array(bytes.weights / FLOAT),
  bias: new Float32Array(bytes.bias / FLOAT),
})

/**
 * Packs the biases of a plan, with the operands of its epilogue behind them: of each list the channels of each group side by
 * side, zero where there are none.
 */
export function packBiases(
  { structure: { groups, epilogue }, bytes }: CommonPlan,
  { bias, operands = [] }: Filter,
  packed: Float32Array,
): void {
  const room = bytes.bias / FLOAT / (1 + channelLists(epilogue)) / groups
  for (const [index, list] of (room > 0 ? [bias, ...operands] : []).entries()) {
    if (!list) continue
    const given = list.length / groups
    for (let group = 0; group < groups; group++) {
      packed.set(list.subarray(group * given, (group + 1) * given), (index * groups + group) * room)
    }
  }
}
