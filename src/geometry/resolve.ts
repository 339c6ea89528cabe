import { type Axis, effectiveKernel, outputSize, type Window } from './axis.ts'
import { SamepadError } from './error.ts'
import { Geometry, type Op, ops } from './geometry.ts'
import { checkBoolean, checkChoice, checkInteger, checkLength, checkOptions, perAxis } from './options.ts'
import {
  type AxisPadding,
  isPaddingMode,
  type Padding,
  type Pads,
  paddingModes,
  padsOf,
  transposedOutput,
} from './padding.ts'

/** What shapes a window and how it moves. A number stands for all axes. */
export interface WindowOptions {
  /** Cells between window starts, at least 1. Default: 1 for convolutions, the kernel for pools. */
  readonly strides?: number | readonly number[]
  /** Cells between taps, at least 1. Default: 1. */
  readonly dilations?: number | readonly number[]
  /** A mode, a number for both sides, one entry for each axis, or `[begin, end]` pairs. Default: `'valid'`. */
  readonly padding?: Padding
}

/** What only a transposed convolution has. At most one of the two. */
export interface TransposedOptions {
  /** Cells added at the end of the output, below the larger of stride and dilation. Default: 0. */
  readonly outputPadding?: number | readonly number[]
  /** The output's spatial size, where several lead back to the same input. */
  readonly outputShape?: number | readonly number[]
}

/** What only a pooling has. */
export interface CeilOptions {
  /** Whether a last window that runs past the end still counts, if it starts inside the input or the begin padding. */
  readonly ceilMode?: boolean
}

/** Options of `resolve`. */
export interface ResolveOptions extends WindowOptions, TransposedOptions, CeilOptions {
  /** Default: `'conv'`. */
  readonly op?: Op
  /** Spatial sizes of the input in cells; batch and channels do not belong here. */
  readonly input: number | readonly number[]
  /** Spatial sizes of the kernel in taps. */
  readonly kernel: number | readonly number[]
}

const STAGE = 'resolve'

/** The options that each operation adds to the common ones. */
const ownOptions: Readonly<Record<Op, readonly string[]>> = {
  conv: [],
  convTranspose: ['outputPadding', 'outputShape'],
  maxPool: ['ceilMode'],
  averagePool: ['ceilMode'],
}

/**
 * Works out how much to pad, on which side, and how large the output is; checks everything on the way.
 *
 * Forward (convolution, pooling): output = floor((input + begin + end - effectiveKernel) / stride) + 1.
 * Transposed: output = (input - 1) * stride + effectiveKernel - begin - end + outputPadding, cropped by the padding of
 * the convolution that leads back; `'same'` gives input * stride, also when the kernel is smaller than the stride.
 *
 * @returns a frozen Geometry with one solved axis for each spatial axis
 * @throws SamepadError on anything that is not an exact integer in range, on unknown option names, and when no window
 * fits into the padded input
 */
export function resolve(options: ResolveOptions): Geometry {
  const op = checkChoice(STAGE, 'op', (options as ResolveOptions | null | undefined)?.op ?? 'conv', ops)
  checkOptions(STAGE, options, ['op', 'input', 'kernel', 'strides', 'dilations', 'padding', ...ownOptions[op]])

  const rank = rankOf(options)
  const pooling = op === 'maxPool' || op === 'averagePool'
  const input = perAxis(STAGE, 'input', options.input, rank, 1)
  const kernel = perAxis(STAGE, 'kernel', options.kernel, rank, 1)
  const stride = perAxis(STAGE, 'strides', options.strides ?? (pooling ? kernel : 1), rank, 1)
  const dilation = perAxis(STAGE, 'dilations', options.dilations ?? 1, rank, 1)
  const padding = paddingPerAxis(options.padding ?? 'valid', rank)
  const windows = input.map((_, axis): Window => {
    return { input: input[axis], kernel: kernel[axis], stride: stride[axis], dilation: dilation[axis] }
  })

  if (op === 'convTranspose') {
    const target = transposedTarget(options, rank)
    return new Geometry(
      op,
      windows.map((window, axis) => resolveTransposed(window, padding[axis], target(axis), axis)),
    )
  }
  const ceilMode = checkBoolean(STAGE, 'ceilMode', options.ceilMode ?? false)
  return new Geometry(
    op,
    windows.map((window, axis) => resolveForward(window, padding[axis], ceilMode, axis)),
  )
}

/**
 * The options that give this geometry again, every rule replaced by the `[begin, end]` pairs it resolved to:
 * `resolve(explicit(geometry))` equals `geometry`.
 */
export function explicit({ op, axes }: Geometry): ResolveOptions {
  const forward = {
    op,
    input: axes.map((axis) => axis.input),
    kernel: axes.map((axis) => axis.kernel),
    strides: axes.map((axis) => axis.stride),
    dilations: axes.map((axis) => axis.dilation),
    padding: axes.map((axis): Pads => [axis.padBegin, axis.padEnd]),
  }
  if (op === 'convTranspose') {
    return { ...forward, outputPadding: axes.map((axis) => axis.output - transposedSize(axis, axis)) }
  }
  const ceilMode = axes.some((axis) => axis.output > outputSize(axis, axis.padBegin, axis.padEnd))
  return ceilMode ? { ...forward, ceilMode } : forward
}

/** The length of the first option that is a list; sizes that are all numbers describe one axis. */
function rankOf({ input, kernel, strides, dilations, padding }: ResolveOptions): number {
  const list = [input, kernel, strides, dilations, padding].find((value) => Array.isArray(value)) as
    | unknown[]
    | undefined
  if (list?.length === 0) throw new SamepadError(STAGE, 'there must be at least one axis', list)
  return list?.length ?? 1
}

function paddingPerAxis(padding: unknown, rank: number): AxisPadding[] {
  const list: unknown[] = Array.isArray(padding) ? padding : new Array(rank).fill(padding)
  checkLength(STAGE, 'padding', list, rank)
  return list.map((entry, axis) => {
    if (isPaddingMode(entry)) return entry
    if (typeof entry === 'number') return checkInteger(STAGE, `padding of axis ${axis}`, entry, 0)
    if (Array.isArray(entry) && entry.length === 2) {
      const [begin, end] = entry.map((side) => checkInteger(STAGE, `padding of axis ${axis}`, side, 0))
      return [begin, end]
    }
    throw new SamepadError(
      STAGE,
      `padding of axis ${axis} must be one of ${paddingModes.join(', ')}, a number, or [begin, end]`,
      entry,
    )
  })
}

function resolveForward(window: Window, padding: AxisPadding, ceilMode: boolean, axis: number): Axis {
  const [padBegin, padEnd] = padsOf(padding, window)
  const extent = window.input + padBegin + padEnd
  checkExact(extent, 'the padded input', axis)
  checkExact(effectiveKernel(window), 'the effective kernel', axis)
  const output = outputSize(window, padBegin, padEnd, ceilMode)
  if (output < 1) {
    throw new SamepadError(
      STAGE,
      `the effective kernel of axis ${axis}, ${effectiveKernel(window)}, must fit into the padded input`,
      `${window.input} + ${padBegin} + ${padEnd} = ${extent}`,
    )
  }
  return { ...window, padBegin, padEnd, output }
}

/** What the caller asks of a transposed convolution's output along one axis. */
interface Target {
  readonly outputPadding?: number
  readonly outputShape?: number
}

function transposedTarget(options: TransposedOptions, rank: number): (axis: number) => Target {
  const { outputPadding, outputShape } = options
  if (outputPadding !== undefined && outputShape !== undefined) {
    throw new SamepadError(STAGE, 'only one of outputPadding and outputShape must be given', 'both')
  }
  const padding = outputPadding !== undefined ? perAxis(STAGE, 'outputPadding', outputPadding, rank, 0) : undefined
  const shape = outputShape !== undefined ? perAxis(STAGE, 'outputShape', outputShape, rank, 1) : undefined
  return (axis) => ({ outputPadding: padding?.[axis], outputShape: shape?.[axis] })
}

/**
 * A transposed convolution is the adjoint of a convolution with the same padding whose input is this output: the
 * padding is worked out there, and the convolution must lead back to as many cells as came in.
 */
function resolveTransposed(window: Window, padding: AxisPadding, target: Target, axis: number): Axis {
  const settled = transposedOutput(padding, window)
  if (settled !== undefined && target.outputPadding) {
    throw new SamepadError(
      STAGE,
      `outputPadding of axis ${axis} must be 0 with padding ${padding}, which settles the output at ${settled} (outputShape can ask for another)`,
      target.outputPadding,
    )
  }
  const largest = Math.max(window.stride, window.dilation) - 1
  const outputPadding = target.outputPadding ?? 0
  if (outputPadding > largest) {
    throw new SamepadError(
      STAGE,
      `outputPadding of axis ${axis} must be below the larger of stride and dilation, so at most ${largest}`,
      outputPadding,
    )
  }

  checkExact((window.input - 1) * window.stride + effectiveKernel(window), 'the full output', axis)
  const fixed = (): number => {
    const [padBegin, padEnd] = padsOf(padding, window)
    return transposedSize(window, { padBegin, padEnd }) + outputPadding
  }
  const output = target.outputShape ?? settled ?? fixed()
  checkExact(output, 'the output', axis)
  if (output < 1) {
    throw new SamepadError(STAGE, `the padding of axis ${axis} must leave at least one cell of the output`, output)
  }

  const forward: Window = { ...window, input: output }
  const [padBegin, padEnd] = padsOf(padding, forward)
  const back = outputSize(forward, padBegin, padEnd)
  if (target.outputShape !== undefined && back !== window.input) {
    throw new SamepadError(
      STAGE,
      `outputShape of axis ${axis} must lead back to the input of ${window.input} (it leads to ${back})`,
      output,
    )
  }
  return { ...window, padBegin, padEnd, output }
}

/** The output of a transposed convolution without outputPadding: the full result, cropped. */
function transposedSize(window: Window, { padBegin, padEnd }: Pick<Axis, 'padBegin' | 'padEnd'>): number {
  return (window.input - 1) * window.stride + effectiveKernel(window) - padBegin - padEnd
}

function checkExact(size: number, what: string, axis: number): void {
  if (Number.isSafeInteger(size)) return
  throw new SamepadError(STAGE, `${what} of axis ${axis} must be at most ${Number.MAX_SAFE_INTEGER} (2^53 - 1)`, size)
}
