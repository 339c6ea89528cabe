import { finishing } from './epilogue.ts'
import { stepsOf, threeWindows } from './loops.ts'
import { type Filter, inputAround, outputAround, type Problem } from './problem.ts'

/**
 * Convolution (as networks have it: the kernel is not flipped) by its definition. Sums are kept in float64 and rounded
 * once, so on small integers the result is exact in any order.
 *
 * @param output filled in the problem's layout
 * @param residual what the epilogue takes, as the output lies; it may be the output
 */
export function conv(
  problem: Problem,
  input: Float32Array,
  filter: Filter,
  output: Float32Array,
  residual?: Float32Array,
): void {
  const { geometry, batch, inChannels, outChannels, groups, layout } = problem
  const { weights, steps, bias } = filter
  const finish = finishing(problem.epilogue, filter.operands, residual)
  const [d, h, w] = threeWindows(geometry)
  const from = stepsOf(inputAround(problem), layout)
  const to = stepsOf(outputAround(problem), layout)
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const [dStep, hStep, wStep] = [d, h, w].map((windows, axis) => windows.dilation * from.axes[axis])

  for (let n = 0; n < batch; n++) {
    for (let out = 0; out < outChannels; out++) {
      const group = Math.floor(out / outGroup)
      const channels = n * from.batch + group * inGroup * from.channel
      const first = group * steps.group + (out % outGroup) * steps.out
      for (let od = 0; od < d.count; od++) {
        for (let oh = 0; oh < h.count; oh++) {
          for (let ow = 0; ow < w.count; ow++) {
            let sum = bias ? bias[out] : 0
            const corner = channels + d.cell[od] * from.axes[0] + h.cell[oh] * from.axes[1] + w.cell[ow] * from.axes[2]
            for (let kd = d.begin[od], depth = corner; kd < d.end[od]; kd++, depth += dStep) {
              for (let kh = h.begin[oh], row = depth; kh < h.end[oh]; kh++, row += hStep) {
                for (let kw = w.begin[ow], cell = row; kw < w.end[ow]; kw++, cell += wStep) {
                  let weight = first + ((kd * h.kernel + kh) * w.kernel + kw) * steps.tap
                  let value = cell
                  for (let c = 0; c < inGroup; c++, weight += steps.in, value += from.channel) {
                    sum += input[value] * weights[weight]
                  }
                }
              }
            }
            const at = n * to.batch + out * to.channel + od * to.axes[0] + oh * to.axes[1] + ow * to.axes[2]
            output[at] = finish(sum, out, at)
          }
        }
      }
    }
  }
}
