import { ceilDivide } from './integers.ts'

/** What slides along one axis, before padding is known. All sizes in cells, integers of at least 1. */
export interface Window {
  /** Cells of the input along this axis. */
  readonly input: number
  /** Taps of the kernel along this axis. */
  readonly kernel: number
  /** Cells from one window's start to the next one's. */
  readonly stride: number
  /** Cells from one tap to the next; 1 is an ordinary kernel. */
  readonly dilation: number
}

/**
 * One axis of a convolution or a pooling, solved. Window `o` starts at cell `o * stride - padBegin` of the input and
 * has a tap every `dilation` cells; cells below 0 and from `input` on are padding.
 *
 * On an axis of a transposed convolution `output` is the larger side, and `padBegin` and `padEnd` are cropped from the
 * full result rather than added to the input: it is the `adjoint` of a convolution with the same padding, which reads
 * this output. That convolution leads back to `input`, except where `outputPadding` is the stride or more (allowed when
 * the dilation is larger still): then it has more windows than `input`, and the last ones are left out.
 */
export interface Axis extends Window {
  /** Padding cells before the first input cell. */
  readonly padBegin: number
  /** Padding cells after the last input cell. */
  readonly padEnd: number
  /** Cells of the output along this axis. */
  readonly output: number
}

/** A half-open range of integers: `begin` belongs to it, `end` does not. Empty when they are equal. */
export interface Range {
  readonly begin: number
  readonly end: number
}

/** Cells from a window's first tap to its last, both counted: `dilation * (kernel - 1) + 1`. */
export function effectiveKernel({ kernel, dilation }: Pick<Window, 'kernel' | 'dilation'>): number {
  return dilation * (kernel - 1) + 1
}

/** How many windows begin in so much room, which is the padded input less the effective kernel. */
export const windowsIn = (room: number, stride: number): number => Math.floor(room / stride) + 1

/**
 * The same with a last one that runs past the end.
 *
 * @param end where a last window may no longer begin
 */
export function windowsOver(room: number, stride: number, end = Number.POSITIVE_INFINITY): number {
  const count = ceilDivide(room, stride) + 1
  return (count - 1) * stride >= end ? count - 1 : count
}

/**
 * How many windows fit. With `ceilMode`, a last window that runs past the end padding counts as well, as long as it
 * starts inside the input or the begin padding (PyTorch `aten/src/ATen/native/Pool.h`, `pooling_output_shape_pad_lr`).
 */
export function outputSize(window: Window, padBegin: number, padEnd: number, ceilMode = false): number {
  const { input, stride } = window
  const room = input + padBegin + padEnd - effectiveKernel(window)
  return ceilMode ? windowsOver(room, stride, input + padBegin) : windowsIn(room, stride)
}

/** Cells of a transposed convolution's result before anything is cropped: every sample's kernel, a stride apart. */
export function fullSize(window: Window): number {
  return (window.input - 1) * window.stride + effectiveKernel(window)
}

/** End padding up to the last tap of the last window, none where that lies on real input. */
export function reach(axis: Axis): number {
  const { input, stride, padBegin, output } = axis
  return Math.max(0, (output - 1) * stride + effectiveKernel(axis) - input - padBegin)
}

/** The input cell under a tap of a window, perhaps one of padding. Of a transposed convolution ask about `adjoint(axis)`. */
export function cellOf(
  { stride, dilation, padBegin }: Pick<Axis, 'stride' | 'dilation' | 'padBegin'>,
  output: number,
  tap: number,
): number {
  return output * stride - padBegin + tap * dilation
}

/**
 * The taps of window `output` that fall on real input; the others see padding. Everything else follows from this
 * range: a convolution clips its loops to it, an average divides by its length, a maximum over an empty one is none.
 * An axis of a transposed convolution has its windows on the other side: ask about `adjoint(axis)`.
 *
 * @param output index of the output cell, 0 to `axis.output - 1`; not checked
 */
export function taps(axis: Axis, output: number): Range {
  const { input, kernel, dilation } = axis
  const start = cellOf(axis, output, 0)
  const begin = Math.min(kernel, Math.max(0, ceilDivide(-start, dilation)))
  const end = Math.min(kernel, ceilDivide(input - start, dilation))
  return { begin, end: Math.max(begin, end) }
}

/** The outputs whose windows touch no padding at all. For a transposed convolution ask about `adjoint(axis)`. */
export function interior(axis: Axis): Range {
  const { input, stride, padBegin, output } = axis
  const begin = Math.min(output, Math.max(0, ceilDivide(padBegin, stride)))
  const end = Math.min(output, Math.floor((input + padBegin - effectiveKernel(axis)) / stride) + 1)
  return { begin, end: Math.max(begin, end) }
}

/**
 * The same windows seen from the other side: input and output change places. `taps(adjoint(axis), i)` are the taps
 * with which sample `i` of a transposed convolution's input lands inside its output.
 */
export function adjoint(axis: Axis): Axis {
  return { ...axis, input: axis.output, output: axis.input }
}

/** The same windows over an input into which the padding was written: no tap within it counts as padding any more. */
export function padded(axis: Axis): Axis {
  return { ...axis, input: axis.input + axis.padBegin + axis.padEnd, padBegin: 0, padEnd: 0 }
}
