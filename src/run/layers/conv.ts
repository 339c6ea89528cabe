import { conv as reference } from '../../reference/conv.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { ConvWeightsLayout } from '../../tensor/weights.ts'
import type { PaddingValues } from './fill-padding.ts'
import {
  type FilterOperation,
  type FilterOptions,
  filterLayer,
  type PrepareOptions,
  prepareNames,
} from './filter-layer.ts'
import { runOnce } from './once.ts'
import { type Layer, PreparedLayer } from './prepared-layer.ts'

/** Options of `conv`. */
export interface ConvOptions extends FilterOptions {
  /** What stands in the padding, not how much there is. Default: `'zeros'`. */
  readonly paddingMode?: PaddingValues | undefined
  /**
   * The order of the weights' dimensions. Default: `'oihw'`, as PyTorch and ONNX have them. Whether it is right only their
   * sizes can tell: 3x3 weights of 3 channels fit in any order.
   */
  readonly weightsLayout?: ConvWeightsLayout | undefined
}

/** Options of `prepareConv`. */
export interface PrepareConvOptions extends ConvOptions, PrepareOptions {}

export const convolution: FilterOperation = { op: 'conv', reference, names: ['paddingMode'] }

/**
 * Convolution over one to three spatial axes, as networks have it (the kernel is not flipped), with any stride,
 * dilation, groups and padding together. `'same'` is worked out from the input that arrives.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[out, in / groups, ...kernel]`, or as `weightsLayout` says; groups = in makes it depthwise
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function conv(input: TensorLike, weights: TensorLike, options: ConvOptions = {}): Tensor<ArrayBuffer> {
  return runOnce(filterLayer('conv', convolution, weights, options), input)
}

/**
 * Packs the weights of a convolution once, for many runs. Programs are generated for the sizes that arrive, with the
 * padding worked into the code, and kept.
 *
 * @param weights `[out, in / groups, ...kernel]`, or as `weightsLayout` says; copied
 * @param options those of `conv`, and `deterministic`
 * @throws SamepadError on weights, groups or a bias that do not fit each other; `run` throws as `conv` does
 */
export function prepareConv(weights: TensorLike, options: PrepareConvOptions = {}): Layer {
  return new PreparedLayer(filterLayer('prepareConv', convolution, weights, options, prepareNames))
}
