import type { DensePlan } from './dense.ts'
import { FLOAT, LANES, type PackedFilter } from './plan.ts'

/** Elements from one group, input channel or output channel of a filter to the next. */
interface FilterSteps {
  readonly group: number
  readonly input: number
  readonly output: number
}

/**
 * Packs weights and bias for the dense plans of a layer: of each group, block and column the output channels of the
 * block side by side, then taps of width, input channels, taps of height and of depth.
 */
export function packDense(plan: DensePlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { groups, blocks, outGroup, vectors } = plan
  const lanes = vectors * LANES
  const packed = new Float32Array(plan.bytes.weights / FLOAT)
  let at = 0
  for (let group = 0; group < groups; group++) {
    for (let block = 0; block < blocks; block++) at = packBlock(plan, weights, group, block, packed, at)
  }
  const biases = new Float32Array(plan.bytes.bias / FLOAT)
  for (let group = 0; bias && group < groups; group++) {
    biases.set(bias.subarray(group * outGroup, (group + 1) * outGroup), group * blocks * lanes)
  }
  return { weights: packed, bias: biases }
}

/** Writes the weights of one block from `at` on; the lanes that the last block has too many stay zero. */
function packBlock(
  plan: DensePlan,
  weights: Float32Array,
  group: number,
  block: number,
  packed: Float32Array,
  begin: number,
): number {
  const { inGroup, outGroup, vectors, columns, lookups, kernel } = plan
  const [depthTaps, heightTaps] = lookups.map(({ lines }) => lines.taps)
  const steps = stepsOf(plan)
  const lanes = vectors * LANES
  const first = group * steps.group + block * lanes * steps.output
  const used = Math.min(lanes, outGroup - block * lanes)
  let at = begin
  for (const { taps } of columns) {
    for (const depthTap of depthTaps) {
      for (const heightTap of heightTaps) {
        for (let channel = 0; channel < inGroup; channel++) {
          const line = first + channel * steps.input + (depthTap * kernel[1] + heightTap) * kernel[2]
          for (const tap of taps) {
            for (let lane = 0; lane < used; lane++) packed[at + lane] = weights[line + tap + lane * steps.output]
            at += lanes
          }
        }
      }
    }
  }
  return at
}

/** Where the elements of a group's filter lie: weights are `[out, in / groups, ...]`, transposed ones `[in, out / groups, ...]`. */
function stepsOf({ inGroup, outGroup, kernel, transposed }: DensePlan): FilterSteps {
  const taps = kernel[0] * kernel[1] * kernel[2]
  const [input, output] = transposed ? [outGroup * taps, taps] : [taps, inGroup * taps]
  return { group: inGroup * outGroup * taps, input, output }
}
