import { type Axis, effectiveKernel, fullSize, outputSize, type Window } from './axis.ts'
import { SamepadError, Verbatim } from './error.ts'
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkObject,
  checkOptions,
  checkRank,
  eachAxis,
  perAxis,
} from './options.ts'
import {
  type AxisPadding,
  isPaddingMode,
  type Padding,
  type Pads,
  paddingModes,
  padsOf,
  transposedOutput,
} from './padding.ts'
import { checkGeometry, Geometry, isPool, type Op, ops } from './resolved.ts'

/** What shapes a window and how it moves. A number stands for all axes. */
export interface WindowOptions {
  /** Cells between window starts, at least 1. Default: 1 for convolutions, the kernel for pools. */
  readonly strides?: number | readonly number[] | undefined
  /** Cells between taps, at least 1. Default: 1. */
  readonly dilations?: number | readonly number[] | undefined
  /**
   * A mode, a number for both sides, or a list with one of these or a `[begin, end]` pair for each axis: a single pair
   * on one axis is `[[0, 1]]`, and `[0, 1]` two axes. Default: `'valid'`.
   */
  readonly padding?: Padding | undefined
}

/**
 * What only a transposed convolution has, at most one of the two: several outputs are the input of a convolution with
 * the same output, and this says which one is meant.
 */
export interface TransposedOptions {
  /**
   * Cells added at the end of the output, below the larger of stride and dilation. Default: 0. From the stride on, which
   * PyTorch allows as well, the convolution with the same padding no longer leads back to the input: it has more windows.
   */
  readonly outputPadding?: number | readonly number[] | undefined
  /** The output's spatial size; the convolution with the same padding must lead back to the input. */
  readonly outputShape?: number | readonly number[] | undefined
}

/** What only a pooling has. */
export interface CeilOptions {
  /** Whether a last window that runs past the end still counts, if it starts inside the input or the begin padding. */
  readonly ceilMode?: boolean | undefined
}

/**
 * Options of `resolve`. A list in any of them sets the number of axes, 1 to 16, and every other list must have as many
 * entries; numbers and modes stand for all axes. Without a list there is one axis; two numbers of padding beside no other list
 * are refused, since they could be begin and end of one.
 */
export interface ResolveOptions extends WindowOptions, TransposedOptions, CeilOptions {
  /** Default: `'conv'`. */
  readonly op?: Op | undefined
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
 * the convolution that reads it; `'same'` gives input * stride, also when the kernel is smaller than the stride.
 *
 * @returns a frozen Geometry with one solved axis for each spatial axis
 * @throws SamepadError on anything that is not an exact integer in range, on unknown option names, and when no window
 * fits into the padded input
 */
export function resolve(options: ResolveOptions): Geometry {
  checkObject(STAGE, options)
  const { op = 'conv', dilations = 1, padding: paddings = 'valid', ceilMode = false } = options
  checkChoice(STAGE, 'op', op, ops)
  checkOptions(STAGE, options, ['op', 'input', 'kernel', 'strides', 'dilations', 'padding', ...ownOptions[op]])

  checkReading(options)
  const rank = rankOf(options)
  const input = perAxis(STAGE, 'input', options.input, rank, 1)
  const kernel = perAxis(STAGE, 'kernel', options.kernel, rank, 1)
  const { strides = isPool(op) ? kernel : 1 } = options
  const stride = perAxis(STAGE, 'strides', strides, rank, 1)
  const dilation = perAxis(STAGE, 'dilations', dilations, rank, 1)
  const padding = eachAxis(STAGE, 'padding', paddings, rank, checkPadding)
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
  checkBoolean(STAGE, 'ceilMode', ceilMode)
  return new Geometry(
    op,
    windows.map((window, axis) => resolveForward(window, padding[axis], ceilMode, axis)),
  )
}

/**
 * The options that give this geometry again, every rule replaced by the `[begin, end]` pairs it resolved to:
 * `resolve(explicit(geometry))` equals `geometry`.
 *
 * @throws SamepadError when it is not a Geometry
 */
export function explicit(geometry: Geometry): ResolveOptions {
  const { op, axes } = checkGeometry('explicit', geometry)
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
  const ceilMode = axes.some((axis) => axis.output !== outputSize(axis, axis.padBegin, axis.padEnd))
  return ceilMode ? { ...forward, ceilMode } : forward
}

/**
 * Refuses a pair of numbers for padding where nothing else says how many axes there are: PyTorch's users mean one number
 * for each of two axes, others begin and end of one.
 */
function checkReading({ padding, ...others }: ResolveOptions): void {
  if (!Array.isArray(padding) || padding.length !== 2 || Object.values(others).some(Array.isArray)) return
  const [first, second] = padding
  if (typeof first !== 'number' || typeof second !== 'number') return
  const must = `padding must be [[${first}, ${second}]] for begin and end of one axis, or input a list for two axes`
  throw new SamepadError(STAGE, must, padding)
}

/** The length of the first option that is a list; sizes that are all numbers describe one axis. */
function rankOf(options: ResolveOptions): number {
  const { input, kernel, strides, dilations, padding, outputPadding, outputShape } = options
  const given: unknown[] = [input, kernel, strides, dilations, padding, outputPadding, outputShape]
  const list = given.find((value) => Array.isArray(value))
  return list ? checkRank(STAGE, list.length) : 1
}

function checkPadding(entry: unknown, axis: number): AxisPadding {
  const what = `padding of axis ${axis}`
  const side = (cells: unknown): number => checkInteger(STAGE, what, cells, 0)
  const word = typeof entry === 'string' ? entry.toLowerCase().replaceAll('_', '-') : undefined
  if (isPaddingMode(word)) return word // SAME_UPPER, as ONNX writes it, is same-upper
  if (typeof entry === 'number') return side(entry)
  if (Array.isArray(entry) && entry.length === 2) return [side(entry[0]), side(entry[1])]
  throw new SamepadError(STAGE, `${what} must be one of ${paddingModes.join(', ')}, a number, or [begin, end]`, entry)
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
      new Verbatim(`${window.input} + ${padBegin} + ${padEnd} = ${extent}`),
    )
  }
  return { ...window, padBegin, padEnd, output }
}

/** What the caller asks of a transposed convolution's output along one axis. */
interface AskedOutput {
  readonly outputPadding: number | undefined
  readonly outputShape: number | undefined
}

function transposedTarget(options: TransposedOptions, rank: number): (axis: number) => AskedOutput {
  const { outputPadding, outputShape } = options
  if (outputPadding !== undefined && outputShape !== undefined) {
    throw new SamepadError(STAGE, 'only one of outputPadding and outputShape must be given', new Verbatim('both'))
  }
  const padding = outputPadding !== undefined ? perAxis(STAGE, 'outputPadding', outputPadding, rank, 0) : undefined
  const shape = outputShape !== undefined ? perAxis(STAGE, 'outputShape', outputShape, rank, 1) : undefined
  return (axis) => ({ outputPadding: padding?.[axis], outputShape: shape?.[axis] })
}

/**
 * A transposed convolution is the adjoint of a convolution with the same padding whose input is this output: the
 * padding is worked out there. An `outputShape` must lead back to as many cells as came in; an `outputPadding` of the
 * stride or more does not, and is allowed below the dilation as PyTorch allows it.
 */
function resolveTransposed(window: Window, padding: AxisPadding, target: AskedOutput, axis: number): Axis {
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

  checkExact(fullSize(window), 'the full output', axis)
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
  return fullSize(window) - padBegin - padEnd
}

function checkExact(size: number, what: string, axis: number): void {
  if (Number.isSafeInteger(size)) return
  throw new SamepadError(STAGE, `${what} of axis ${axis} must be at most ${Number.MAX_SAFE_INTEGER} (2^53 - 1)`, size)
}
