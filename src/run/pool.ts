import { Finding } from '../geometry/error.ts'
import { type CeilOptions, type Geometry, resolve, SamepadError, taps, type WindowOptions } from '../geometry/index.ts'
import { checkBoolean, checkChoice, checkOptions } from '../geometry/options.ts'
import { averagePool as referenceAveragePool, maxPool as referenceMaxPool } from '../reference/pool.ts'
import { outputOf, type Problem } from '../reference/problem.ts'
import { allocate, inLayout, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { checkInput, type Input, type LayoutOptions } from './layer.ts'

/** Options of `maxPool`. `strides` defaults to the kernel. */
export interface PoolOptions extends WindowOptions, CeilOptions, LayoutOptions {
  /** Spatial sizes of the kernel in taps; a number stands for all axes. */
  readonly kernel: number | readonly number[]
  /**
   * What a window without a single real cell gives: an error that names it (the default), or what frameworks give
   * instead, -Infinity for a maximum and 0 for an average.
   */
  readonly emptyWindow?: 'error' | 'identity' | undefined
}

/** Options of `averagePool`. */
export interface AveragePoolOptions extends PoolOptions {
  /** Whether padding cells count in the divisor, as PyTorch's default has it. Default: false. */
  readonly countIncludePad?: boolean | undefined
}

const names = ['kernel', 'strides', 'dilations', 'padding', 'ceilMode', 'layout', 'emptyWindow']

/**
 * The largest real cell of each window; padding is never a candidate, so negative inputs stay negative.
 * NaN wins over everything.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @returns the same channels over the windows, in the input's layout
 * @throws SamepadError on a window without a real cell (unless `emptyWindow: 'identity'`), and whatever `resolve` throws
 */
export function maxPool(input: TensorLike, options: PoolOptions): Tensor {
  const STAGE = 'maxPool'
  checkOptions(STAGE, options, names)
  const { x, problem, output } = prepare(STAGE, input, options)
  referenceMaxPool(problem, x.data, output.data)
  return output
}

/**
 * The mean of the real cells of each window, as TensorFlow has it; with `countIncludePad` padding counts as zeros.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @returns the same channels over the windows, in the input's layout
 * @throws SamepadError on a window without a real cell (unless `emptyWindow: 'identity'`), and whatever `resolve` throws
 */
export function averagePool(input: TensorLike, options: AveragePoolOptions): Tensor {
  const STAGE = 'averagePool'
  checkOptions(STAGE, options, [...names, 'countIncludePad'])
  const { countIncludePad = false } = options
  checkBoolean(STAGE, 'countIncludePad', countIncludePad)
  const { x, problem, output } = prepare(STAGE, input, options)
  referenceAveragePool(problem, x.data, countIncludePad, output.data)
  return output
}

function prepare(
  op: 'maxPool' | 'averagePool',
  input: TensorLike,
  options: PoolOptions,
): { x: Input; problem: Problem; output: Tensor } {
  const { kernel, strides, dilations, padding, ceilMode, emptyWindow = 'error' } = options
  checkChoice(op, 'emptyWindow', emptyWindow, ['error', 'identity'])
  const x = checkInput(op, input, options)
  const geometry = resolve({ op, input: x.spatial, kernel, strides, dilations, padding, ceilMode })
  const { batch, channels, layout } = x
  const problem = { geometry, batch, inChannels: channels, outChannels: channels, groups: channels, layout }
  const output = allocate(op, 'output', inLayout(outputOf(problem), layout))
  if (emptyWindow === 'error') checkWindows(geometry) // after the allocation, which bounds how many there can be
  return { x, problem, output }
}

/** A window is empty as soon as it is along one axis. */
function checkWindows({ op, axes }: Geometry): void {
  axes.forEach((axis, index) => {
    for (let output = 0; output < axis.output; output++) {
      const { begin, end } = taps(axis, output)
      if (begin < end) continue
      throw new SamepadError(
        op,
        "every window must have a real cell (or emptyWindow be 'identity')",
        new Finding(`only padding for output ${output} of axis ${index}`),
      )
    }
  })
}
