import type { Filter } from '../reference/problem.ts'
import { gather, lanesOf, multiples, packBiases, roomFor } from './gather.ts'
import { LANES, type PackedFilter } from './plan.ts'
import type { WinogradPlan } from './winograd.ts'
import { FILTER_BLOCK } from './winograd-tiling.ts'

/**
 * Packs weights and bias: for each residue of the outputs, blocks of vectors of output channels; of each block, taps of
 * depth, then pairs of residues of the cells, then input channels, then its vectors, and of each vector its taps. They are
 * transformed by the program.
 */
export function packWinograd(plan: WinogradPlan, filter: Filter, packed = roomFor(plan)): PackedFilter {
  const { weights, steps } = filter
  const { kernel, depth, filterTaps } = plan.structure
  const { inGroup: inChannels, outGroup: outChannels } = plan.channels
  packBiases(plan, filter, packed.bias)
  let at = 0
  for (const pairs of filterTaps) {
    for (let first = 0; first < outChannels; first += FILTER_BLOCK * LANES) {
      const vectors = multiples(Math.min(FILTER_BLOCK, Math.ceil((outChannels - first) / LANES)), LANES)
      for (const slice of depth) {
        for (const taps of pairs) {
          const places = taps.map((tap) => (tap === undefined ? Number.POSITIVE_INFINITY : tap * steps.tap))
          const block = vectors.flatMap((vector) => {
            const lanes = lanesOf(LANES, steps.out, outChannels - first - vector)
            return places.flatMap((place) => lanes.map((lane) => vector * steps.out + place + lane))
          })
          const begin = first * steps.out + slice * kernel[1] * kernel[2] * steps.tap
          at = gather(packed.weights, at, weights, [[begin], multiples(inChannels, steps.in), block])
        }
      }
    }
  }
  return packed
}
