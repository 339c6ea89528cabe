import { numbers } from '../tensor/tensor.ts'
import { stepsOf, threeWindows } from './loops.ts'
import { type FilterSteps, inputOf, outputOf, type Problem } from './problem.ts'

/**
 * How a loss changes with the weights of a convolution, by the definition: each product of the convolution adds its input cell
 * times the gradient of its output to the gradient of its weight. Sums are kept in float64 and rounded once.
 *
 * @param problem a convolution; its activation is not looked at
 * @param change how the loss changes with each output, in the problem's layout
 * @param steps how the weights lie
 * @param gradient filled in the order of the weights
 */
export function weightsGradient(
  problem: Problem,
  input: Float32Array,
  change: Float32Array,
  steps: FilterSteps,
  gradient: Float32Array,
): void {
  const { geometry, batch, inChannels, outChannels, groups, layout } = problem
  const [d, h, w] = threeWindows(geometry)
  const from = stepsOf(inputOf(problem), layout)
  const to = stepsOf(outputOf(problem), layout)
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const [dStep, hStep, wStep] = [d, h, w].map((windows, axis) => windows.dilation * from.axes[axis])
  const sums = numbers(geometry.op, 'the sums of the weights', Float64Array, gradient.length)

  for (let n = 0; n < batch; n++) {
    for (let out = 0; out < outChannels; out++) {
      const group = Math.floor(out / outGroup)
      const channels = n * from.batch + group * inGroup * from.channel
      const filter = group * steps.group + (out % outGroup) * steps.out
      for (let od = 0; od < d.count; od++) {
        for (let oh = 0; oh < h.count; oh++) {
          for (let ow = 0; ow < w.count; ow++) {
            const output = n * to.batch + out * to.channel + od * to.axes[0] + oh * to.axes[1] + ow * to.axes[2]
            const corner = channels + d.cell[od] * from.axes[0] + h.cell[oh] * from.axes[1] + w.cell[ow] * from.axes[2]
            for (let kd = d.begin[od], depth = corner; kd < d.end[od]; kd++, depth += dStep) {
              for (let kh = h.begin[oh], row = depth; kh < h.end[oh]; kh++, row += hStep) {
                for (let kw = w.begin[ow], cell = row; kw < w.end[ow]; kw++, cell += wStep) {
                  let weight = filter + ((kd * h.kernel + kh) * w.kernel + kw) * steps.tap
                  let value = cell
                  for (let c = 0; c < inGroup; c++, weight += steps.in, value += from.channel) {
                    sums[weight] += change[output] * input[value]
                  }
                }
              }
            }
          }
        }
      }
    }
  }
  gradient.set(sums)
}
