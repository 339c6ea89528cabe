import { stepsOf, type Three, threeWindows, type Windows } from './loops.ts'
import { inputOf, outputOf, type Problem } from './problem.ts'

/**
 * How a loss changes with the input of a maximum pool: each window passes the gradient of its output on to its largest cell, the
 * first of those that are equal, as PyTorch and TensorFlow do. NaN is larger than everything, and of several the last one takes the
 * gradient, as in PyTorch; a window of padding alone passes on nothing.
 *
 * @param change how the loss changes with each output, in the problem's layout
 * @param gradient zeros at first
 */
export function maxPoolGradient(
  problem: Problem,
  input: Float32Array,
  change: Float32Array,
  gradient: Float32Array,
): void {
  const windows = threeWindows(problem.geometry)
  eachWindow(problem, windows, (first, output, { begin, end, steps }) => {
    let largest = Number.NEGATIVE_INFINITY
    let at = -1
    for (let kd = begin[0], depth = first; kd < end[0]; kd++, depth += steps[0]) {
      for (let kh = begin[1], row = depth; kh < end[1]; kh++, row += steps[1]) {
        for (let kw = begin[2], cell = row; kw < end[2]; kw++, cell += steps[2]) {
          const value = input[cell]
          if (at >= 0 && !(value > largest || Number.isNaN(value))) continue
          largest = value
          at = cell
        }
      }
    }
    if (at >= 0) gradient[at] += change[output]
  })
}

/** The real taps of a window along each axis, and elements of the input from tap to tap. */
interface RealTaps {
  readonly begin: Three<number>
  readonly end: Three<number>
  readonly steps: Three<number>
}

/** Shows every window: the element under its first real tap, that of its output, and its taps. */
function eachWindow(
  problem: Problem,
  [d, h, w]: Three<Windows>,
  body: (first: number, output: number, taps: RealTaps) => void,
): void {
  const { batch, inChannels, layout } = problem
  const from = stepsOf(inputOf(problem), layout)
  const to = stepsOf(outputOf(problem), layout)
  const steps: Three<number> = [d.dilation * from.axes[0], h.dilation * from.axes[1], w.dilation * from.axes[2]]
  for (let od = 0; od < d.count; od++) {
    for (let oh = 0; oh < h.count; oh++) {
      for (let ow = 0; ow < w.count; ow++) {
        const corner = d.cell[od] * from.axes[0] + h.cell[oh] * from.axes[1] + w.cell[ow] * from.axes[2]
        const place = od * to.axes[0] + oh * to.axes[1] + ow * to.axes[2]
        const begin: Three<number> = [d.begin[od], h.begin[oh], w.begin[ow]]
        const end: Three<number> = [d.end[od], h.end[oh], w.end[ow]]
        const taps = { begin, end, steps }
        for (let n = 0; n < batch; n++) {
          for (let c = 0; c < inChannels; c++) {
            body(corner + n * from.batch + c * from.channel, place + n * to.batch + c * to.channel, taps)
          }
        }
      }
    }
  }
}
