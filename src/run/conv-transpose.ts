import { resolve, SamepadError, type TransposedOptions } from '../geometry/index.ts'
import { checkOptions } from '../geometry/options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import {
  checkActivation,
  checkBias,
  checkDeterministic,
  checkFilter,
  checkFits,
  checkGroups,
  checkInput,
  checkWeights,
  type FilterOptions,
  filterNames,
  type Input,
  ownOptions,
  type PrepareOptions,
} from './layer.ts'
import { runOnce } from './once.ts'
import { type Layer, PreparedLayer, type Task } from './prepared-layer.ts'

/** Options of `convTranspose`. */
export interface ConvTransposeOptions extends FilterOptions, TransposedOptions {}

/** Options of `prepareConvTranspose`. */
export interface PrepareConvTransposeOptions extends ConvTransposeOptions, PrepareOptions {}

const names = [...filterNames, 'outputPadding', 'outputShape']

/**
 * Transposed convolution over one to three spatial axes: the adjoint of `conv` with the same padding, which leads from
 * this output back to the input. Padding is cropped from the full result; `'same'` gives output = input * stride,
 * whatever the kernel. With an `outputPadding` of the stride or more (allowed below the dilation) `conv` has more
 * windows than the input has cells, and this is the adjoint of the first ones.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[in, out / groups, ...kernel]` in either layout
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function convTranspose(input: TensorLike, weights: TensorLike, options: ConvTransposeOptions = {}): Tensor {
  const STAGE = 'convTranspose'
  checkOptions(STAGE, options, names)
  checkActivation(STAGE, options.activation)
  const x = checkInput(STAGE, input, options)
  const w = checkWeights(STAGE, weights, x)
  const [inChannels, outGroup] = w.shape
  if (inChannels !== x.channels) {
    throw new SamepadError(STAGE, `weights.shape[0] must be the ${x.channels} input channels`, inChannels)
  }
  const groups = checkGroups(STAGE, options.groups, { 'input channels': inChannels })
  const bias = checkBias(STAGE, options.bias, outGroup * groups)
  return runOnce(STAGE, transposedTask(x, w.shape, options), x, { weights: w.data, bias })
}

/**
 * Packs the weights of a transposed convolution once, for many runs, as `prepareConv` does.
 *
 * @param weights `[in, out / groups, ...kernel]`; copied
 * @param options those of `convTranspose`, and `deterministic`
 * @throws SamepadError on weights, groups or a bias that do not fit each other; `run` throws as `convTranspose` does
 */
export function prepareConvTranspose(weights: TensorLike, options: PrepareConvTransposeOptions = {}): Layer {
  const STAGE = 'prepareConvTranspose'
  checkOptions(STAGE, options, [...names, 'deterministic'])
  checkActivation(STAGE, options.activation)
  const deterministic = checkDeterministic(STAGE, options)
  const w = checkFilter(STAGE, weights)
  const groups = checkGroups(STAGE, options.groups, { 'input channels': w.shape[0] })
  const bias = checkBias(STAGE, options.bias, w.shape[1] * groups)?.slice()
  const own = ownOptions(options)
  const solve = (x: Input): Task => {
    checkFits(STAGE, x, w, w.shape[0], 'weights.shape[0]')
    return transposedTask(x, w.shape, own)
  }
  return new PreparedLayer({ stage: STAGE, layout: own, filter: { weights: w.data, bias }, deterministic, solve })
}

/** What is to be computed, once everything fits. */
function transposedTask(x: Input, shape: readonly number[], options: ConvTransposeOptions): Task {
  const { strides, dilations, padding, outputPadding, outputShape, groups = 1, activation } = options
  const { batch, layout } = x
  const [inChannels, outGroup, ...kernel] = shape
  const sizes = { input: x.spatial, kernel, strides, dilations, padding, outputPadding, outputShape }
  const geometry = resolve({ op: 'convTranspose', ...sizes })
  return { problem: { geometry, batch, inChannels, outChannels: outGroup * groups, groups, layout, activation } }
}
