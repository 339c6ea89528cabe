import { resolve, SamepadError } from '../geometry/index.ts'
import { checkChoice, checkOptions } from '../geometry/options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { filledGeometry, type PaddingValues, paddingValues } from './fill-padding.ts'
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

/** Options of `conv`. */
export interface ConvOptions extends FilterOptions {
  /** What stands in the padding, not how much there is. Default: `'zeros'`. */
  readonly paddingMode?: PaddingValues | undefined
}

/** Options of `prepareConv`. */
export interface PrepareConvOptions extends ConvOptions, PrepareOptions {}

const names = [...filterNames, 'paddingMode']

/**
 * Convolution over one to three spatial axes, as networks have it (the kernel is not flipped), with any stride,
 * dilation, groups and padding together. `'same'` is worked out from the input that arrives.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[out, in / groups, ...kernel]` in either layout; groups = in makes it depthwise
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function conv(input: TensorLike, weights: TensorLike, options: ConvOptions = {}): Tensor {
  const STAGE = 'conv'
  checkOptions(STAGE, options, names)
  checkValues(STAGE, options)
  const x = checkInput(STAGE, input, options)
  const w = checkWeights(STAGE, weights, x)
  const [outChannels, inGroup] = w.shape
  const groups = checkGroups(STAGE, options.groups, { 'input channels': x.channels, 'output channels': outChannels })
  if (inGroup * groups !== x.channels) {
    throw new SamepadError(STAGE, `weights.shape[1] must be input channels / groups = ${x.channels / groups}`, inGroup)
  }
  const bias = checkBias(STAGE, options.bias, outChannels)
  return runOnce(STAGE, convTask(x, w.shape, options), x, { weights: w.data, bias })
}

/**
 * Packs the weights of a convolution once, for many runs. Programs are generated for the sizes that arrive, with the
 * padding worked into the code, and kept.
 *
 * @param weights `[out, in / groups, ...kernel]`; copied
 * @param options those of `conv`, and `deterministic`
 * @throws SamepadError on weights, groups or a bias that do not fit each other; `run` throws as `conv` does
 */
export function prepareConv(weights: TensorLike, options: PrepareConvOptions = {}): Layer {
  const STAGE = 'prepareConv'
  checkOptions(STAGE, options, [...names, 'deterministic'])
  checkValues(STAGE, options)
  const deterministic = checkDeterministic(STAGE, options)
  const w = checkFilter(STAGE, weights)
  const groups = checkGroups(STAGE, options.groups, { 'output channels': w.shape[0] })
  const bias = checkBias(STAGE, options.bias, w.shape[0])?.slice()
  const own = ownOptions(options)
  const solve = (x: Input): Task => {
    checkFits(STAGE, x, w, w.shape[1] * groups, 'weights.shape[1] * groups')
    return convTask(x, w.shape, own)
  }
  return new PreparedLayer({ stage: STAGE, layout: own, filter: { weights: w.data, bias }, deterministic, solve })
}

function checkValues(stage: string, { paddingMode = 'zeros', activation }: ConvOptions): void {
  checkChoice(stage, 'paddingMode', paddingMode, paddingValues)
  checkActivation(stage, activation)
}

/** What is to be computed, once everything fits. */
function convTask(x: Input, shape: readonly number[], options: ConvOptions): Task {
  const { strides, dilations, padding, paddingMode = 'zeros', groups = 1, activation } = options
  const { batch, channels: inChannels, layout } = x
  const [outChannels, , ...kernel] = shape
  const geometry = resolve({ op: 'conv', input: x.spatial, kernel, strides, dilations, padding })
  const channels = { batch, inChannels, outChannels, groups, layout, activation }
  return paddingMode === 'zeros'
    ? { problem: { geometry, ...channels } }
    : { problem: { geometry: filledGeometry(geometry), ...channels }, fill: { geometry, values: paddingMode } }
}
