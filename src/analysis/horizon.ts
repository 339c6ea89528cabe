import { type Setting, strideOf } from '../conventions/setting.ts'
import { effectiveKernel } from '../geometry/index.ts'
import { lcm } from '../geometry/integers.ts'

/**
 * Beyond this input size a setting behaves regularly: along every residue class of the input modulo `modulusOf`, the
 * begin padding, the output and the pads that pooling counts are affine functions of the input, windows without padding
 * exist, and a refusal stays a refusal.
 *
 * Every total in `forward-rules.ts` is a function of the input modulo the stride (or 2), or the input times (stride - 1)
 * plus such a function. What is not regular from the start are clamps, roundings towards zero, a last window that is
 * dropped, widths compared with the input, and a fixed output shape; each of them compares the input with a sum of the
 * numbers below, and none counts more than four times.
 */
export function horizonOf(setting: Setting): number {
  const { stride, pads = [0, 0], padded = [0, 0], outputPadding = 0, outputShape = 0 } = setting
  const { drop = 0, cut = 0 } = setting
  const given = [...pads, ...padded].reduce((sum, width) => sum + Math.abs(width), 0)
  return (
    4 * (effectiveKernel(setting) + strideOf(setting) + given + (drop + cut) * stride + outputPadding) + outputShape
  )
}

/** The modulus on which a setting's padding depends: its stride, and 2 for the rules that ask whether a size is even. */
export function modulusOf(...settings: readonly Setting[]): number {
  return settings.map(strideOf).reduce(lcm, 2)
}
