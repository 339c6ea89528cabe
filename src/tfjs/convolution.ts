import { checkChoice, checkOptions } from '../geometry/options.ts'
import type { TensorFlow } from './library.ts'

/** Options of `convolution`. */
export interface ConvolutionOptions {
  /** Cells between window starts; a number stands for all axes. Default: 1. */
  readonly strides?: number | readonly number[] | undefined
  /** A mode, a number for all sides, or a pair for each axis. Default: `'valid'`. */
  readonly pad?: 'same' | 'valid' | number | readonly (readonly [begin: number, end: number])[] | undefined
  /** Cells between taps; a number stands for all axes, and with strides too. Default: 1. */
  readonly dilations?: number | readonly number[] | undefined
  /** Splits the channels into so many groups that do not see each other. Default: 1. */
  readonly groups?: number | undefined
  /** Whether channels are last or first, on any number of axes. Default: `'NHWC'`. */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined
}

const STAGE = 'convolution'

/**
 * A convolution over one to three axes with what the library's own functions refuse: groups, and strides with dilations. It has
 * gradients as theirs have. The backend in use must be accelerated.
 *
 * @param tf the module that `accelerate` was given
 * @param x a tensor `[batch, ...spatial, in]`, or `[batch, in, ...spatial]` with `dataFormat: 'NCHW'`
 * @param filter a tensor `[...kernel, in / groups, out]`
 * @returns a tensor `[batch, ...spatial, out]`, or as `dataFormat` says
 * @throws SamepadError when tensors do not fit each other, or are not of float32
 */
export function convolution<Tensor extends object>(
  tf: TensorFlow,
  x: Tensor,
  filter: Tensor,
  options: ConvolutionOptions = {},
): Tensor {
  checkOptions(STAGE, options, ['strides', 'pad', 'dilations', 'groups', 'dataFormat'])
  const { strides = 1, pad = 'valid', dilations = 1, groups = 1, dataFormat = 'NHWC' } = options
  checkChoice(STAGE, 'dataFormat', dataFormat, ['NHWC', 'NCHW'])
  const none = [0, 0] as const
  const pairs = (spatial: readonly unknown[]) =>
    dataFormat === 'NHWC' ? [none, ...spatial, none] : [none, none, ...spatial]
  const attrs = { strides, dilations, groups, dataFormat, pad: Array.isArray(pad) ? pairs(pad) : pad }
  return tf.engine().runKernel('SamepadConv', { x, filter }, attrs)
}
