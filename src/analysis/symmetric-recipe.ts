import type { Setting } from '../conventions/setting.ts'
import { solveTaken } from '../conventions/solve.ts'
import { reach, SamepadError } from '../geometry/index.ts'

/** How to compute a layer with a backend that only pads both sides alike. */
export interface SymmetricRecipe {
  /** The padding on both sides. */
  readonly pad: number
  /** Outputs to cut off at the start. */
  readonly drop: number
  /** Outputs to keep after those. */
  readonly keep: number
}

/**
 * Over-padding and slicing, for backends with one padding number per axis (cuDNN, candle, PyTorch's `padding`): at the
 * end more padding only adds outputs, which are cut off; at the start it may be more by whole strides, which shift the
 * outputs by whole numbers. So pad with the smallest m >= max(begin, end) that equals begin modulo the stride, drop the
 * first (m - begin) / stride outputs and keep as many as there should be. No padded copy is needed.
 *
 * Exact for convolutions with zeros, and for maxima; an average must not count padding.
 *
 * @throws SamepadError where the setting refuses the input, pads a negative number, or is transposed
 */
export function symmetricRecipe(setting: Setting, input: number): SymmetricRecipe {
  const outcome = solveTaken('symmetricRecipe', 'the setting must take its input', setting, input)
  const { stride, padBegin, padEnd, output } = outcome.axis
  if (setting.op === 'convTranspose' || padBegin < 0 || outcome.zeros.some((width) => width !== 0) || setting.fill) {
    throw new SamepadError(
      'symmetricRecipe',
      'the layer must be a forward one that pads with nothing or zeros',
      setting.convention,
    )
  }
  // With ceilMode the last window reaches past the end padding; a backend that rounds down needs padding there.
  const missing = Math.max(padBegin, padEnd, reach(outcome.axis)) - padBegin
  const drop = Math.ceil(missing / stride)
  return { pad: padBegin + drop * stride, drop, keep: output }
}
