import { padded } from '../geometry/index.ts'
import { finishing } from './epilogue.ts'
import { stepsOf, type Three, threeWindows, type Windows } from './loops.ts'
import { type Filter, inputAround, outputAround, type Problem } from './problem.ts'

/**
 * Maximum over the real cells of each window; -Infinity where there are none, NaN where one is NaN. Of
 * zeros with both signs either is the largest.
 *
 * @param filter what the epilogue takes for each channel
 * @param output filled in the problem's layout
 * @param residual what the epilogue takes, as the output lies; it may be the output
 */
export function maxPool(
  problem: Problem,
  input: Float32Array,
  filter: Pick<Filter, 'operands'>,
  output: Float32Array,
  residual?: Float32Array,
): void {
  const [d, h, w] = threeWindows(problem.geometry)
  const finish = finishing(problem.epilogue, filter.operands, residual)
  eachWindow(problem, [d, h, w], finish, output, (corner, od, oh, ow, steps) => {
    let largest = Number.NEGATIVE_INFINITY
    for (let kd = d.begin[od], depth = corner; kd < d.end[od]; kd++, depth += steps[0]) {
      for (let kh = h.begin[oh], row = depth; kh < h.end[oh]; kh++, row += steps[1]) {
        for (let kw = w.begin[ow], cell = row; kw < w.end[ow]; kw++, cell += steps[2]) {
          largest = Math.max(largest, input[cell])
        }
      }
    }
    return largest
  })
}

/**
 * Mean over each window: of its real cells, or with `countIncludePad` divided by all its taps up to the end padding
 * (taps beyond it, which only `ceilMode` brings, never count). 0 where there are none. Sums are kept in float64.
 *
 * @param filter what the epilogue takes for each channel
 * @param output filled in the problem's layout
 * @param residual what the epilogue takes, as the output lies; it may be the output
 */
export function averagePool(
  problem: Problem,
  input: Float32Array,
  filter: Pick<Filter, 'operands'>,
  output: Float32Array,
  residual?: Float32Array,
): void {
  const [d, h, w] = threeWindows(problem.geometry)
  const [dAll, hAll, wAll] = problem.countIncludePad ? threeWindows(problem.geometry, padded) : [d, h, w]
  const count = (windows: Windows, o: number): number => windows.end[o] - windows.begin[o]
  const finish = finishing(problem.epilogue, filter.operands, residual)
  eachWindow(problem, [d, h, w], finish, output, (corner, od, oh, ow, steps) => {
    let sum = 0
    for (let kd = d.begin[od], depth = corner; kd < d.end[od]; kd++, depth += steps[0]) {
      for (let kh = h.begin[oh], row = depth; kh < h.end[oh]; kh++, row += steps[1]) {
        for (let kw = w.begin[ow], cell = row; kw < w.end[ow]; kw++, cell += steps[2]) sum += input[cell]
      }
    }
    return sum / (count(dAll, od) * count(hAll, oh) * count(wAll, ow) || 1)
  })
}

/** What a pooling makes of one window, from the element under its first real tap and the steps between taps. */
type Reduce = (corner: number, od: number, oh: number, ow: number, steps: Three<number>) => number

function eachWindow(
  problem: Problem,
  [d, h, w]: Three<Windows>,
  finish: ReturnType<typeof finishing>,
  output: Float32Array,
  reduce: Reduce,
): void {
  const { batch, inChannels, layout } = problem
  const from = stepsOf(inputAround(problem), layout)
  const to = stepsOf(outputAround(problem), layout)
  const steps: Three<number> = [d.dilation * from.axes[0], h.dilation * from.axes[1], w.dilation * from.axes[2]]
  for (let n = 0; n < batch; n++) {
    for (let c = 0; c < inChannels; c++) {
      for (let od = 0; od < d.count; od++) {
        for (let oh = 0; oh < h.count; oh++) {
          for (let ow = 0; ow < w.count; ow++) {
            const corner = d.cell[od] * from.axes[0] + h.cell[oh] * from.axes[1] + w.cell[ow] * from.axes[2]
            const at = n * to.batch + c * to.channel + od * to.axes[0] + oh * to.axes[1] + ow * to.axes[2]
            output[at] = finish(reduce(n * from.batch + c * from.channel + corner, od, oh, ow, steps), c, at)
          }
        }
      }
    }
  }
}
