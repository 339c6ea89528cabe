import { checkObject } from '../../geometry/options.ts'
import { checkTensor, type TensorLike } from '../../tensor/tensor.ts'
import { type ConvOptions, convolution } from '../layers/conv.ts'
import { type ConvTransposeOptions, transposedConvolution } from '../layers/conv-transpose.ts'
import { type FilterOperation, filterLayer } from '../layers/filter-layer.ts'
import { settled } from '../memory/memory.ts'
import type { GradientName, Gradients } from './gradient-names.ts'
import { filterInputGradient } from './input-gradient.ts'
import { gradientOnce } from './prepared-gradient.ts'

/** Which gradients are computed. */
export interface GradientOptions<Of extends GradientName = GradientName> {
  /** Default: input, weights and bias. `scale`, `shift` and `slopes` are there where the layer has them. */
  readonly of?: readonly Of[] | undefined
}

/**
 * How a loss changes with the input, the weights and the bias of `conv`. That of the input is the transposed convolution with the
 * same padding. Gradients pass through every activation that has a derivative; with one of them the layer is computed anew. Where
 * the two sides of a value differ, as for relu at 0, it is what PyTorch takes.
 *
 * @param input as `conv` took it
 * @param weights as `conv` took them
 * @param outputGradient how the loss changes with each element of the output of `conv`, in its shape
 * @param options those of `conv`, and which gradients are wanted
 * @throws SamepadError as `conv` does, when the gradient does not have the output's shape, and on an activation without a derivative
 */
export function convGradient<Of extends GradientName = 'input' | 'weights' | 'bias'>(
  input: TensorLike,
  weights: TensorLike,
  outputGradient: TensorLike,
  options: ConvOptions & GradientOptions<Of> = {},
): Gradients<Of> {
  return gradients('convGradient', convolution, { input, weights, outputGradient }, options)
}

/**
 * How a loss changes with the input, the weights and the bias of `convTranspose`; that of the input is the convolution with the same
 * padding. Everything else as in `convGradient`.
 *
 * @param input as `convTranspose` took it
 * @param weights as `convTranspose` took them
 * @param outputGradient how the loss changes with each element of the output of `convTranspose`, in its shape
 * @param options those of `convTranspose`, and which gradients are wanted
 * @throws SamepadError as `convTranspose` does, when the gradient does not have the output's shape, and on an activation without a
 * derivative
 */
export function convTransposeGradient<Of extends GradientName = 'input' | 'weights' | 'bias'>(
  input: TensorLike,
  weights: TensorLike,
  outputGradient: TensorLike,
  options: ConvTransposeOptions & GradientOptions<Of> = {},
): Gradients<Of> {
  return gradients('convTransposeGradient', transposedConvolution, { input, weights, outputGradient }, options)
}

type Given = Readonly<Record<'input' | 'weights' | 'outputGradient', TensorLike>>

function gradients<Of extends GradientName>(
  stage: string,
  kind: FilterOperation,
  given: Given,
  options: (ConvOptions | ConvTransposeOptions) & GradientOptions<Of>,
): Gradients<Of> {
  checkObject(stage, options)
  const { of, ...others } = options
  // Several problems are computed one after the other, and each may move program memory.
  const weights = checkTensor(stage, 'weights', given.weights)
  const definition = filterLayer(stage, kind, { ...weights, data: settled(weights.data) }, others as ConvOptions)
  return gradientOnce(definition, filterInputGradient, given.input, given.outputGradient, of)
}
