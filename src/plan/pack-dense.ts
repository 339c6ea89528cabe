import type { DensePlan } from './dense.ts'
import { gather, lanesOf, multiples, roomOf } from './gather.ts'
import { LANES, type PackedFilter } from './plan.ts'

/**
 * Packs weights and bias for the dense plans of a layer: of each group, block and column the output channels of the
 * block side by side, then taps of width, input channels, taps of height and of depth. The lanes that the last block has
 * too many are zero.
 *
 * @param weights `[out, in / groups, ...kernel]`, transposed ones `[in, out / groups, ...kernel]`
 */
export function packDense(plan: DensePlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { groups, blocks, inGroup, outGroup, vectors, lookups, columns, kernel } = plan
  const lanes = vectors * LANES
  const [depths, heights] = lookups.map(({ lines }) => lines.taps)
  const [, height, width] = kernel
  const size = kernel[0] * height * width
  const [input, output] = plan.op === 'convTranspose' ? [outGroup * size, size] : [size, inGroup * size]
  const packed = roomOf(plan, bias)
  let at = 0
  for (let group = 0; group < groups; group++) {
    for (let out = 0; out < blocks * lanes; out += lanes) {
      const first = [group * inGroup * outGroup * size + out * output]
      for (const { taps } of columns) {
        at = gather(packed.weights, at, weights, [
          ...[first, depths.map((tap) => tap * height * width), heights.map((tap) => tap * width)],
          ...[multiples(inGroup, input), taps, lanesOf(lanes, output, outGroup - out)],
        ])
      }
    }
  }
  return packed
}
