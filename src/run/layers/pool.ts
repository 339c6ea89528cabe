import { Verbatim } from '../../geometry/error.ts'
import {
  type CeilOptions,
  type Geometry,
  resolve,
  SamepadError,
  taps,
  type WindowOptions,
} from '../../geometry/index.ts'
import { checkBoolean, checkChoice, checkOptions } from '../../geometry/options.ts'
import { averagePool as averageReference, maxPool as maximumReference } from '../../reference/pool.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Operation } from '../programs/operation.ts'
import { planPool } from '../programs/strategies.ts'
import { type EpilogueOptions, epilogueNames, type ResidualOptions, readEpilogue } from './epilogue.ts'
import { type LayoutOptions, ownOptions, type SizedInput } from './layer.ts'
import { noFilter } from './no-filter.ts'
import { runOnce } from './once.ts'
import { type Layer, type LayerDefinition, PreparedLayer, type Task } from './prepared-layer.ts'

/** Options of `maxPool`. `strides` defaults to the kernel. */
export interface PoolOptions extends WindowOptions, CeilOptions, LayoutOptions, EpilogueOptions {
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

/** Options of `prepareMaxPool`. */
export interface PreparePoolOptions extends PoolOptions, ResidualOptions {}

/** Options of `prepareAveragePool`. */
export interface PrepareAveragePoolOptions extends AveragePoolOptions, ResidualOptions {}

const names = ['kernel', 'strides', 'dilations', 'padding', 'ceilMode', 'layout', 'emptyWindow', ...epilogueNames]

/** A pooling of one kind or the other, with the names of its options. */
export interface PoolOperation extends Operation {
  readonly op: 'maxPool' | 'averagePool'
  readonly names: readonly string[]
}

export const maximum: PoolOperation = {
  op: 'maxPool',
  names,
  plan: planPool,
  reference: maximumReference,
}

export const average: PoolOperation = {
  op: 'averagePool',
  names: [...names, 'countIncludePad'],
  plan: planPool,
  reference: averageReference,
}

/**
 * The largest real cell of each window; padding is never a candidate, so negative inputs stay negative.
 * NaN wins over everything.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @returns the same channels over the windows, in the input's layout
 * @throws SamepadError on a window without a real cell (unless `emptyWindow: 'identity'`), and whatever `resolve` throws
 */
export function maxPool(input: TensorLike, options: PoolOptions): Tensor<ArrayBuffer> {
  return runOnce(poolLayer('maxPool', maximum, options), input)
}

/**
 * The mean of the real cells of each window, as TensorFlow has it; with `countIncludePad` padding counts as zeros.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @returns the same channels over the windows, in the input's layout
 * @throws SamepadError on a window without a real cell (unless `emptyWindow: 'identity'`), and whatever `resolve` throws
 */
export function averagePool(input: TensorLike, options: AveragePoolOptions): Tensor<ArrayBuffer> {
  return runOnce(poolLayer('averagePool', average, options), input)
}

/**
 * Prepares `maxPool` for many runs, as `prepareConv` does.
 *
 * @throws SamepadError on unknown options; `run` throws as `maxPool` does
 */
export function prepareMaxPool(options: PreparePoolOptions): Layer {
  return new PreparedLayer(poolLayer('prepareMaxPool', maximum, options, ['residual']))
}

/**
 * Prepares `averagePool` for many runs, as `prepareConv` does.
 *
 * @throws SamepadError on unknown options; `run` throws as `averagePool` does
 */
export function prepareAveragePool(options: PrepareAveragePoolOptions): Layer {
  return new PreparedLayer(poolLayer('prepareAveragePool', average, options, ['residual']))
}

/** The layer of a pooling, checked. */
export function poolLayer(
  stage: string,
  operation: PoolOperation,
  options: PrepareAveragePoolOptions,
  added: readonly string[] = [],
): LayerDefinition {
  checkOptions(stage, options, [...operation.names, ...added])
  const { layout, emptyWindow = 'error', countIncludePad = false, ...others } = ownOptions(options)
  const { scale, shift, activation, residual, ...window } = others
  const { epilogue, operands, check: checkChannels } = readEpilogue(stage, { scale, shift, activation, residual })
  checkBoolean(stage, 'countIncludePad', countIncludePad)
  checkChoice(stage, 'emptyWindow', emptyWindow, ['error', 'identity'])
  const solve = ({ batch, channels, spatial, layout }: SizedInput): Task => {
    checkChannels(channels)
    const geometry = resolve({ op: operation.op, input: spatial, ...window })
    const sizes = { batch, inChannels: channels, outChannels: channels, groups: channels, layout, epilogue }
    const check = emptyWindow === 'error' ? () => checkWindows(stage, geometry) : undefined
    return { problem: { geometry, ...sizes, countIncludePad }, check }
  }
  return { stage, operation, layout: { layout }, filter: { ...noFilter, operands }, deterministic: false, solve }
}

/** A window is empty as soon as it is along one axis. */
function checkWindows(stage: string, { axes }: Geometry): void {
  axes.forEach((axis, index) => {
    for (let output = 0; output < axis.output; output++) {
      const { begin, end } = taps(axis, output)
      if (begin < end) continue
      throw new SamepadError(
        stage,
        "every window must have a real cell (or emptyWindow be 'identity')",
        new Verbatim(`only padding for output ${output} of axis ${index}`),
      )
    }
  })
}
