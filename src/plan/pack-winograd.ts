import { FLOAT, LANES, type PackedFilter } from './plan.ts'
import { blockLength, CHUNK, TAPS, type WinogradPlan } from './winograd.ts'

/**
 * Packs weights and bias: of each block of filters its output channels side by side in `nchw` (vectors of them in `nhwc`),
 * input channel after input channel, cut into vectors, and of each vector the nine taps one after another. They are
 * transformed by the program.
 *
 * @param weights `[out, in, 3, 3]`
 */
export function packWinograd(plan: WinogradPlan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  const { inChannels, layout, filterBlocks, chunks, chunkTable, tables } = plan
  const along = layout === 'nchw'
  const packed = new Float32Array(plan.bytes.weights / FLOAT)
  const entry = CHUNK.length + filterBlocks.length
  let [out, begin] = [0, 0]
  for (let chunk = 0; chunk < chunks; chunk++) {
    const at = chunkTable / FLOAT + chunk * entry
    const end = out + tables[at + 1]
    filterBlocks.forEach((size, index) => {
      const lanes = along ? size : size * LANES
      for (let block = 0; block < tables[at + CHUNK.length + index]; block++) {
        const existing = Math.min(lanes, end - out)
        for (let lane = 0; lane < existing; lane++, out++) {
          for (let channel = 0; channel < inChannels; channel++) {
            const place = channel * lanes + lane
            const to = begin + (place - (place % LANES)) * TAPS + (place % LANES)
            for (let tap = 0; tap < TAPS; tap++)
              packed[to + tap * LANES] = weights[(out * inChannels + channel) * TAPS + tap]
          }
        }
        begin += blockLength(size, inChannels, along) * TAPS * LANES
      }
    })
  }
  const biases = new Float32Array(plan.bytes.bias / FLOAT)
  if (bias) biases.set(bias)
  return { weights: packed, bias: biases }
}
