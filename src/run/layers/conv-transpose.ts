import type { TransposedOptions } from '../../geometry/index.ts'
import { convTranspose as reference } from '../../reference/conv-transpose.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { TransposedWeightsLayout } from '../../tensor/weights.ts'
import {
  type FilterOperation,
  type FilterOptions,
  filterLayer,
  type PrepareOptions,
  prepareNames,
} from './filter-layer.ts'
import { runOnce } from './once.ts'
import { type Layer, PreparedLayer } from './prepared-layer.ts'

/** Options of `convTranspose`. */
export interface ConvTransposeOptions extends FilterOptions, TransposedOptions {
  /**
   * The order of the weights' dimensions. Default: `'iohw'`, as PyTorch and ONNX have them. Whether it is right only their
   * sizes can tell: 3x3 weights of 3 channels fit in any order.
   */
  readonly weightsLayout?: TransposedWeightsLayout | undefined
}

/** Options of `prepareConvTranspose`. */
export interface PrepareConvTransposeOptions extends ConvTransposeOptions, PrepareOptions {}

export const transposedConvolution: FilterOperation = {
  op: 'convTranspose',
  reference,
  names: ['outputPadding', 'outputShape'],
}

/**
 * Transposed convolution over one to three spatial axes: the adjoint of `conv` with the same padding, which leads from
 * this output back to the input. Padding is cropped from the full result; `'same'` gives output = input * stride,
 * whatever the kernel. With an `outputPadding` of the stride or more (allowed below the dilation) `conv` has more
 * windows than the input has cells, and this is the adjoint of the first ones.
 *
 * @param input `[batch, in, ...spatial]`, or `[batch, ...spatial, in]` with `layout: 'nhwc'`
 * @param weights `[in, out / groups, ...kernel]`, or as `weightsLayout` says
 * @returns `[batch, out, ...spatial]` in the input's layout
 * @throws SamepadError when sizes do not fit each other, and whatever `resolve` throws
 */
export function convTranspose(
  input: TensorLike,
  weights: TensorLike,
  options: ConvTransposeOptions = {},
): Tensor<ArrayBuffer> {
  return runOnce(filterLayer('convTranspose', transposedConvolution, weights, options), input)
}

/**
 * Packs the weights of a transposed convolution once, for many runs, as `prepareConv` does.
 *
 * @param weights `[in, out / groups, ...kernel]`, or as `weightsLayout` says; copied
 * @param options those of `convTranspose`, and `deterministic`
 * @throws SamepadError on weights, groups or a bias that do not fit each other; `run` throws as `convTranspose` does
 */
export function prepareConvTranspose(weights: TensorLike, options: PrepareConvTransposeOptions = {}): Layer {
  return new PreparedLayer(filterLayer('prepareConvTranspose', transposedConvolution, weights, options, prepareNames))
}
