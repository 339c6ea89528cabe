import { SamepadError } from '../../geometry/index.ts'
import { checkOptions } from '../../geometry/options.ts'
import { checkTensor, type Tensor, type TensorLike } from '../../tensor/tensor.ts'
import { checkInput, type Input, type LayoutOptions } from '../layers/layer.ts'
import { type ActivationStep, type ElementwiseOptions, type ElementwiseStep, runChain } from './elementwise.ts'

/**
 * Sends every element through an activation. Exponentials are at most 2 units in the last place of float32 off, for all
 * values; NaN stays NaN.
 *
 * @param input a tensor of any shape
 * @param activation a name (`'silu'`), or a name with what it takes (`{ clip: [0, 6] }`)
 * @throws SamepadError on an unknown activation
 */
export function activate(input: TensorLike, activation: ActivationStep, options?: undefined): Tensor<ArrayBuffer>
export function activate<Output extends Tensor>(
  input: TensorLike,
  activation: ActivationStep,
  options: ElementwiseOptions<Output>,
): Output
export function activate(input: TensorLike, activation: ActivationStep, options: ElementwiseOptions = {}): Tensor {
  checkOptions('activate', options, ['output'])
  return runChain('activate', input, [activation], options)
}

/** Options of `scale`. */
export interface ScaleOptions<Output extends Tensor = Tensor> extends ElementwiseOptions<Output>, LayoutOptions {
  /** One number for each channel, added after the product. Default: nothing. */
  readonly shift?: Float32Array | TensorLike | undefined
  /** What values are sent through at the end. Default: nothing. */
  readonly activation?: ActivationStep | undefined
}

/**
 * Multiplies each channel by a number of its own, and may add another one: a normalization by known numbers.
 *
 * @param input `[batch, channels, ...spatial]`, or `[batch, ...spatial, channels]` with `layout: 'nhwc'`
 * @param factor one number for each channel
 * @throws SamepadError when factor or shift have not one number for each channel
 */
export function scale(
  input: TensorLike,
  factor: Float32Array | TensorLike,
  options?: ScaleOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function scale<Output extends Tensor>(
  input: TensorLike,
  factor: Float32Array | TensorLike,
  options: ScaleOptions<Output>,
): Output
export function scale(input: TensorLike, factor: Float32Array | TensorLike, options: ScaleOptions = {}): Tensor {
  const stage = 'scale'
  checkOptions(stage, options, ['shift', 'activation', 'layout', 'output'])
  const { shift, activation, output } = options
  const x = checkInput(stage, input, options)
  const steps: ElementwiseStep[] = [{ multiply: perChannel(stage, 'factor', factor, x) }]
  if (shift !== undefined) steps.push({ add: perChannel(stage, 'shift', shift, x) })
  if (activation !== undefined) steps.push(activation)
  return runChain(stage, input, steps, { output })
}

/** Checks that there is one number for each channel of an input, to which they are broadcast. */
export function perChannel(
  stage: string,
  what: string,
  value: Float32Array | TensorLike,
  { channels, spatial, layout }: Input,
): Tensor {
  const data = value instanceof Float32Array ? value : checkTensor(stage, what, value).data
  if (data.length !== channels) {
    throw new SamepadError(stage, `${what} must have one element for each of the ${channels} channels`, data.length)
  }
  return { data, shape: layout === 'nchw' ? [channels, ...spatial.map(() => 1)] : [channels] }
}
