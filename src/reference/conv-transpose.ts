import { adjoint } from '../geometry/index.ts'
import { numbers } from '../tensor/tensor.ts'
import { finishing } from './epilogue.ts'
import { stepsOf, threeAxes, threeWindows } from './loops.ts'
import { type Filter, inputAround, outputAround, type Problem } from './problem.ts'

/**
 * Transposed convolution by its definition: each input sample adds its copy of the kernel to the output, clipped to
 * the taps that land inside. One output channel at a time is summed in float64 and rounded once.
 *
 * @param output filled in the problem's layout
 * @param residual what the epilogue takes, as the output lies; it may be the output
 */
export function convTranspose(
  problem: Problem,
  input: Float32Array,
  filter: Filter,
  output: Float32Array,
  residual?: Float32Array,
): void {
  const { geometry, batch, inChannels, outChannels, groups, layout } = problem
  const { weights, steps, bias } = filter
  const finish = finishing(problem.epilogue, filter.operands, residual)
  const [d, h, w] = threeWindows(geometry, adjoint)
  const from = stepsOf(inputAround(problem), layout)
  const to = stepsOf(outputAround(problem), layout)
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  const [depths, heights, widths] = threeAxes(geometry).map((axis) => axis.output)
  const plane = numbers(geometry.op, 'the sums of a channel', Float64Array, depths * heights * widths)

  for (let n = 0; n < batch; n++) {
    for (let out = 0; out < outChannels; out++) {
      plane.fill(bias ? bias[out] : 0)
      const group = Math.floor(out / outGroup)
      for (let index = 0; index < inGroup; index++) {
        const c = group * inGroup + index
        const first = group * steps.group + index * steps.in + (out % outGroup) * steps.out
        for (let id = 0; id < d.count; id++) {
          for (let ih = 0; ih < h.count; ih++) {
            for (let iw = 0; iw < w.count; iw++) {
              const sample =
                input[n * from.batch + c * from.channel + id * from.axes[0] + ih * from.axes[1] + iw * from.axes[2]]
              for (let kd = d.begin[id], od = d.cell[id]; kd < d.end[id]; kd++, od += d.dilation) {
                for (let kh = h.begin[ih], oh = h.cell[ih]; kh < h.end[ih]; kh++, oh += h.dilation) {
                  const line = first + (kd * h.kernel + kh) * w.kernel * steps.tap
                  const row = (od * heights + oh) * widths
                  for (let kw = w.begin[iw], ow = w.cell[iw]; kw < w.end[iw]; kw++, ow += w.dilation) {
                    plane[row + ow] += sample * weights[line + kw * steps.tap]
                  }
                }
              }
            }
          }
        }
      }
      let cell = 0
      for (let od = 0; od < depths; od++) {
        for (let oh = 0; oh < heights; oh++) {
          for (let ow = 0; ow < widths; ow++) {
            const at = n * to.batch + out * to.channel + od * to.axes[0] + oh * to.axes[1] + ow * to.axes[2]
            output[at] = finish(plane[cell++], out, at)
          }
        }
      }
    }
  }
}
