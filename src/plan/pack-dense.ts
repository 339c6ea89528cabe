import type { Filter } from '../reference/problem.ts'
import type { DensePlan } from './dense.ts'
import { gather, lanesOf, multiples, packBiases, roomFor } from './gather.ts'
import { LANES, type PackedFilter } from './plan.ts'

/**
 * Packs weights and bias for the dense plans of a layer: of each group, block and column the output channels of the
 * block side by side, then taps of width, input channels, taps of height and of depth. The lanes that the last block has
 * too many are zero.
 */
export function packDense(plan: DensePlan, filter: Filter, packed = roomFor(plan)): PackedFilter {
  const { weights, steps } = filter
  const { groups, vectors, lookups, columns, kernel } = plan.structure
  const { inGroup, outGroup } = plan.channels
  const lanes = vectors * LANES
  const [depths, heights] = lookups.map(({ taps }) => taps)
  const [, height, width] = kernel
  const places = (list: readonly number[], taps: number): number[] => list.map((tap) => tap * taps * steps.tap)
  packBiases(plan, filter, packed.bias)
  let at = 0
  for (let group = 0; group < groups; group++) {
    for (let out = 0; out < outGroup; out += lanes) {
      const first = [group * steps.group + out * steps.out]
      for (const { taps } of columns) {
        at = gather(packed.weights, at, weights, [
          ...[first, places(depths, height * width), places(heights, width)],
          ...[multiples(inGroup, steps.in), places(taps, 1), lanesOf(lanes, steps.out, outGroup - out)],
        ])
      }
    }
  }
  return packed
}
