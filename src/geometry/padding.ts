import { effectiveKernel, type Window } from './axis.ts'
import { ceilDivide } from './integers.ts'

/** Padding cells before and after the input, along one axis. */
export type Pads = readonly [begin: number, end: number]

/**
 * The names of the rules that work out how much to pad from the sizes. What stands in the padding is another matter:
 * `conv` has `paddingMode` for it (type `PaddingValues`), `pad` has `mode` (type `Fill`).
 */
export type PaddingMode = 'same' | 'same-upper' | 'same-lower' | 'keep' | 'valid' | 'full' | 'causal'

/** The padding of one axis: a rule, the same number on both sides, or `[begin, end]`. */
export type AxisPadding = PaddingMode | number | Pads

/** The padding of a layer: one for all axes, or a list with one for each axis. */
export type Padding = PaddingMode | number | readonly AxisPadding[]

interface PaddingRule {
  /** Padding cells in all; never negative. */
  readonly total: (window: Window) => number
  /** How many of them come first. */
  readonly begin: (total: number) => number
  /** The output of a transposed convolution under this rule, where the rule alone settles it. */
  readonly transposedOutput?: (window: Window) => number
}

/** Half of a total, the odd cell left over. */
export const smallerHalf = (total: number): number => Math.floor(total / 2) + 0 // + 0 turns -0 into 0
/** Half of a total, the odd cell taken. */
export const largerHalf = (total: number): number => total - smallerHalf(total)

/**
 * The cells that the last of ceil(input / stride) windows lacks to reach its last tap. Negative where the kernel is
 * smaller than the stride and the windows end before the input does.
 */
export function shortfall(window: Window): number {
  const { input, stride } = window
  const lastStart = (ceilDivide(input, stride) - 1) * stride
  return effectiveKernel(window) - (input - lastStart)
}

/** The fewest cells with which output = ceil(input / stride). */
export const minimal = (window: Window): number => Math.max(0, shortfall(window))

/** The cells with which output = input; never negative, since input and kernel are at least 1. */
export function keeping(window: Window): number {
  const { input, stride } = window
  return (input - 1) * stride + effectiveKernel(window) - input
}

const times = ({ input, stride }: Window): number => input * stride

const sameUpper: PaddingRule = { total: minimal, begin: smallerHalf, transposedOutput: times }

/**
 * Every padding mode, as a total and its share at the begin. Sources: TensorFlow
 * `core/framework/kernel_shape_util.cc` (same-upper), ONNX operator Conv `auto_pad` (same-lower), Keras `Conv1D` (causal).
 */
const rules: Readonly<Record<PaddingMode, PaddingRule>> = {
  same: sameUpper,
  'same-upper': sameUpper,
  'same-lower': { total: minimal, begin: largerHalf, transposedOutput: times },
  keep: { total: keeping, begin: largerHalf, transposedOutput: ({ input }) => input },
  valid: { total: () => 0, begin: smallerHalf },
  full: { total: (window) => 2 * (effectiveKernel(window) - 1), begin: smallerHalf },
  causal: { total: (window) => effectiveKernel(window) - 1, begin: (total) => total },
}

/** The names that `padding` takes. */
export const paddingModes: readonly PaddingMode[] = Object.keys(rules) as PaddingMode[]

/** Whether a value names a padding mode. */
export function isPaddingMode(value: unknown): value is PaddingMode {
  return typeof value === 'string' && Object.hasOwn(rules, value)
}

/** The padding that a rule gives to a window; numbers and pairs stand for themselves. */
export function padsOf(padding: AxisPadding, window: Window): Pads {
  if (typeof padding === 'number') return [padding, padding]
  if (typeof padding !== 'string') return padding
  const rule = rules[padding]
  const total = rule.total(window)
  const begin = rule.begin(total)
  return [begin, total - begin]
}

/**
 * The output of a transposed convolution that a rule settles by itself (`same`: input * stride), or undefined where
 * padding does not depend on it and the output follows from the padding.
 */
export function transposedOutput(padding: AxisPadding, window: Window): number | undefined {
  return typeof padding === 'string' ? rules[padding].transposedOutput?.(window) : undefined
}
