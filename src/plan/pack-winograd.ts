import type { Filter } from '../reference/problem.ts'
import { gather, lanesOf, multiples, roomOf } from './gather.ts'
import { LANES, type PackedFilter } from './plan.ts'
import { FILTER_BLOCK, type WinogradPlan } from './winograd.ts'

/**
 * Packs weights and bias: for each slide of height and width, blocks of vectors of output channels; of each block, taps of
 * depth, then input channels, then its vectors, and of each vector its taps. They are transformed by the program.
 */
export function packWinograd(plan: WinogradPlan, { weights, steps, bias }: Filter): PackedFilter {
  const { inGroup: inChannels, outGroup: outChannels, kernel, taps } = plan.structure
  const [[deep], high, wide] = taps
  const packed = roomOf(plan, bias)
  let at = 0
  for (const lines of high) {
    for (const columns of wide) {
      const places = lines.flatMap((line) => columns.map((column) => (line * kernel[2] + column) * steps.tap))
      for (let first = 0; first < outChannels; first += FILTER_BLOCK * LANES) {
        const vectors = multiples(Math.min(FILTER_BLOCK, Math.ceil((outChannels - first) / LANES)), LANES).flatMap(
          (vector) => {
            const lanes = lanesOf(LANES, steps.out, outChannels - first - vector)
            return places.flatMap((place) => lanes.map((lane) => vector * steps.out + place + lane))
          },
        )
        const slices = deep.map((tap) => tap * kernel[1] * kernel[2] * steps.tap)
        at = gather(packed.weights, at, weights, [
          [first * steps.out],
          slices,
          multiples(inChannels, steps.in),
          vectors,
        ])
      }
    }
  }
  return packed
}
