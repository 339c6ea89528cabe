import { gather, lanesOf, multiples, roomOf } from './gather.ts'
import { LANES, type PackedFilter } from './plan.ts'
import { FILTER_BLOCK, type WinogradPlan } from './winograd.ts'

/**
 * Packs weights and bias: for each slide of height and width, blocks of vectors of output channels; of each block, taps of
 * depth, then input channels, then its vectors, and of each vector its taps. They are transformed by the program.
 *
 * @param weights `[out, in, ...kernel]`, those of a transposed convolution `[in, out, ...kernel]`
 */
export function packWinograd(plan: WinogradPlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { inGroup: inChannels, outGroup: outChannels, kernel, op, taps } = plan
  const size = kernel[0] * kernel[1] * kernel[2]
  const [inStep, outStep] = op === 'convTranspose' ? [outChannels * size, size] : [size, inChannels * size]
  const [[deep], high, wide] = taps
  const packed = roomOf(plan, bias)
  let at = 0
  for (const lines of high) {
    for (const columns of wide) {
      const places = lines.flatMap((line) => columns.map((column) => line * kernel[2] + column))
      for (let first = 0; first < outChannels; first += FILTER_BLOCK * LANES) {
        const vectors = multiples(Math.min(FILTER_BLOCK, Math.ceil((outChannels - first) / LANES)), LANES).flatMap(
          (vector) => {
            const lanes = lanesOf(LANES, outStep, outChannels - first - vector)
            return places.flatMap((place) => lanes.map((lane) => vector * outStep + place + lane))
          },
        )
        const slices = deep.map((tap) => tap * kernel[1] * kernel[2])
        at = gather(packed.weights, at, weights, [[first * outStep], slices, multiples(inChannels, inStep), vectors])
      }
    }
  }
  return packed
}
