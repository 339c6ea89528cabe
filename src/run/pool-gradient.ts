import { Geometry, padded, SamepadError, taps } from '../geometry/index.ts'
import { convTranspose } from '../reference/conv-transpose.ts'
import { stepsOf, threeAxes } from '../reference/loops.ts'
import { maxPoolGradient as reference } from '../reference/pool-gradient.ts'
import { type Filter, inputOf, outputOf, type Problem } from '../reference/problem.ts'
import { allocate, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { transposed } from './conv-gradient.ts'
import { computedBy } from './engine.ts'
import { checkInput } from './layer.ts'
import { settled, Values } from './memory.ts'
import { computeOnce } from './once.ts'
import { checkOutputGradient } from './output-gradient.ts'
import { type AveragePoolOptions, average, maximum, type PoolOperation, type PoolOptions, poolLayer } from './pool.ts'
import { planFilter } from './strategies.ts'

/**
 * How a loss changes with the input of `maxPool`: each window passes the gradient of its output on to its largest cell, the first
 * of those that are equal, as PyTorch and TensorFlow do. It is computed by plain loops.
 *
 * @param input as `maxPool` took it
 * @param outputGradient how the loss changes with each element of the output of `maxPool`, in its shape
 * @param options those of `maxPool`
 * @returns the gradient, in the input's shape
 * @throws SamepadError as `maxPool` does, and when the gradient does not have the output's shape
 */
export function maxPoolGradient(
  input: TensorLike,
  outputGradient: TensorLike,
  options: PoolOptions,
): Tensor<ArrayBuffer> {
  const { problem, data, change, gradient } = checked('maxPoolGradient', maximum, input, outputGradient, options)
  reference(problem, data, change, gradient.data)
  computedBy('reference')
  return gradient
}

/**
 * How a loss changes with the input of `averagePool`: each window shares the gradient of its output out among the cells that it
 * averaged.
 *
 * @param input as `averagePool` took it; only its shape matters
 * @param outputGradient how the loss changes with each element of the output of `averagePool`, in its shape
 * @param options those of `averagePool`
 * @returns the gradient, in the input's shape
 * @throws SamepadError as `averagePool` does, and when the gradient does not have the output's shape
 */
export function averagePoolGradient(
  input: TensorLike,
  outputGradient: TensorLike,
  options: AveragePoolOptions,
): Tensor<ArrayBuffer> {
  const { problem, change, gradient } = checked('averagePoolGradient', average, input, outputGradient, options)
  const { geometry, inChannels } = problem
  // The adjoint of a convolution of each channel by ones, once every window's gradient is divided as the window was.
  const taps = geometry.axes.reduce((product, { kernel }) => product * kernel, 1)
  const weights = new Float32Array(inChannels * taps).fill(1)
  const filter: Filter = { weights, steps: { group: taps, out: taps, in: taps, tap: 1 }, bias: undefined }
  const back: Problem = { ...problem, geometry: new Geometry('convTranspose', geometry.axes.map(transposed)) }
  const operation = { plan: planFilter, reference: convTranspose }
  computeOnce({ operation, filter }, back, new Values(shares(problem, change)), new Values(gradient.data))
  return gradient
}

function checked(
  stage: string,
  operation: PoolOperation,
  input: TensorLike,
  outputGradient: TensorLike,
  options: AveragePoolOptions,
) {
  const definition = poolLayer(stage, operation, options)
  const x = checkInput(stage, input, definition.layout)
  const { problem, check } = definition.solve(x)
  if (problem.epilogue && problem.epilogue.length > 0) {
    throw new SamepadError(stage, 'there must be no scale, shift or activation', problem.epilogue[0].row.name)
  }
  check?.()
  const { data: change } = checkOutputGradient(stage, problem, outputGradient)
  const gradient = allocate(stage, 'the gradient', inLayout(inputOf(problem), problem.layout))
  return { problem, data: settled(x.data), change, gradient }
}

/** Gradients of outputs, each divided by as many cells as its window's sum was. */
function shares(problem: Problem, change: Float32Array): Float32Array {
  const { geometry, batch, outChannels, layout, countIncludePad } = problem
  const counts = threeAxes(geometry).map((axis) => {
    const counted = countIncludePad ? padded(axis) : axis
    return Array.from({ length: axis.output }, (_, output) => {
      const { begin, end } = taps(counted, output)
      return end - begin
    })
  })
  const steps = stepsOf(outputOf(problem), layout)
  const result = new Float32Array(change.length)
  counts[0].forEach((depths, od) => {
    counts[1].forEach((heights, oh) => {
      counts[2].forEach((widths, ow) => {
        const cells = depths * heights * widths || 1
        const place = od * steps.axes[0] + oh * steps.axes[1] + ow * steps.axes[2]
        for (let n = 0; n < batch; n++) {
          for (let c = 0; c < outChannels; c++) {
            const at = place + n * steps.batch + c * steps.channel
            result[at] = change[at] / cells
          }
        }
      })
    })
  })
  return result
}
