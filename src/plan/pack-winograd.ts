import { FLOAT, LANES, type PackedFilter } from './plan.ts'
import type { WinogradPlan } from './winograd.ts'

/**
 * Packs weights and bias: for each slide of height and width, pairs of vectors of output channels; of each pair, taps of
 * depth, then input channels, then its vectors, and of each vector its taps. They are transformed by the program.
 *
 * @param weights `[out, in, ...kernel]`, those of a transposed convolution `[in, out, ...kernel]`
 */
export function packWinograd(plan: WinogradPlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { inChannels, outChannels, kernel, transposed, taps } = plan
  const size = kernel[0] * kernel[1] * kernel[2]
  const [inStep, outStep] = transposed ? [outChannels * size, size] : [size, inChannels * size]
  const packed = new Float32Array(plan.bytes.weights / FLOAT)
  let at = 0
  for (const list of listsOf(taps, kernel)) {
    for (let pair = 0; pair < outChannels; pair += 2 * LANES) {
      for (const places of list) {
        for (let channel = 0; channel < inChannels; channel++) {
          for (let out = pair; out < Math.min(pair + 2 * LANES, outChannels); out += LANES) {
            const from = out * outStep + channel * inStep
            const lanes = Math.min(LANES, outChannels - out)
            for (const place of places) {
              for (let lane = 0; lane < lanes; lane++) packed[at + lane] = weights[from + lane * outStep + place]
              at += LANES
            }
          }
        }
      }
    }
  }
  const biases = new Float32Array(plan.bytes.bias / FLOAT)
  if (bias) biases.set(bias)
  return { weights: packed, bias: biases }
}

/** For each slide of height and width, and each tap of depth, the places of the taps in a filter. */
function listsOf([[deep], high, wide]: WinogradPlan['taps'], [, height, width]: WinogradPlan['kernel']): number[][][] {
  return high.flatMap((lines) =>
    wide.map((columns) =>
      deep.map((tap) => lines.flatMap((line) => columns.map((column) => (tap * height + line) * width + column))),
    ),
  )
}
