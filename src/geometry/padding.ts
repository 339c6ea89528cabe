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
  readonly total: keyof typeof windowTotals
  readonly share: keyof typeof windowShares
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

/** How many cells of padding there are in all, never fewer than none. The rows of frameworks are made of them too. */
export const windowTotals = {
  none: () => 0,
  minimal,
  keeping,
  kernel: (window: Window) => effectiveKernel(window) - 1,
  full: (window: Window) => 2 * (effectiveKernel(window) - 1),
} as const satisfies Record<string, (window: Window) => number>

/** How many of them come first. */
export const windowShares = {
  'smaller half': smallerHalf,
  'larger half': largerHalf,
  all: (total: number) => total,
} as const satisfies Record<string, (total: number) => number>

/** Cells of padding, shared between both sides. */
export function shared(total: number, share: keyof typeof windowShares): Pads {
  const begin = windowShares[share](total)
  return [begin, total - begin]
}

const times = ({ input, stride }: Window): number => input * stride

const sameUpper: PaddingRule = { total: 'minimal', share: 'smaller half', transposedOutput: times }

/**
 * Every padding mode, as a total and its share at the start. Sources: TensorFlow
 * `core/framework/kernel_shape_util.cc` (same-upper), ONNX operator Conv `auto_pad` (same-lower), Keras `Conv1D` (causal).
 */
const rules: Readonly<Record<PaddingMode, PaddingRule>> = {
  same: sameUpper,
  'same-upper': sameUpper,
  'same-lower': { total: 'minimal', share: 'larger half', transposedOutput: times },
  keep: { total: 'keeping', share: 'larger half', transposedOutput: ({ input }) => input },
  valid: { total: 'none', share: 'smaller half' },
  full: { total: 'full', share: 'smaller half' },
  causal: { total: 'kernel', share: 'all' },
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
  const { total, share } = rules[padding]
  return shared(windowTotals[total](window), share)
}

/**
 * The output of a transposed convolution that a rule settles by itself (`same`: input * stride), or undefined where
 * padding does not depend on it and the output follows from the padding.
 */
export function transposedOutput(padding: AxisPadding, window: Window): number | undefined {
  return typeof padding === 'string' ? rules[padding].transposedOutput?.(window) : undefined
}
