import { checkOptions } from '../geometry/options.ts'
import { checkTensor, type Tensor, type TensorLike } from '../tensor/tensor.ts'
import { divide } from './arithmetic.ts'
import { elementwise } from './elementwise.ts'
import { checkDimension } from './move.ts'
import { reduce } from './reduce.ts'
import { checkApart, type OutputOptions, resultOf } from './result.ts'

/** Options of `softmax`. */
export interface SoftmaxOptions<Output extends Tensor = Tensor> extends OutputOptions<Output> {
  /** The dimension along which the shares add up to 1; from the end on if negative. Default: -1. */
  readonly axis?: number | undefined
}

/**
 * e^x as shares of their sum along a dimension. The largest element is subtracted first, so that nothing overflows.
 *
 * @param input a tensor of any shape
 * @throws SamepadError on a dimension that is not there
 */
export function softmax(
  input: TensorLike,
  options?: SoftmaxOptions & { readonly output?: undefined },
): Tensor<ArrayBuffer>
export function softmax<Output extends Tensor>(input: TensorLike, options: SoftmaxOptions<Output>): Output
export function softmax(input: TensorLike, options: SoftmaxOptions = {}): Tensor {
  const stage = 'softmax'
  checkOptions(stage, options, ['axis', 'output'])
  const x = checkTensor(stage, 'input', input)
  const along = { axes: [checkDimension(stage, 'axis', options.axis ?? -1, x.shape.length)], keepDims: true }
  const result = options.output === undefined ? resultOf(stage, undefined, x.shape) : options.output
  checkApart(stage, 'input', x, resultOf(stage, result, x.shape))
  // The input is asked for its values again, since program memory may have moved.
  elementwise(input, [{ subtract: reduce(input, 'maximum', along) }, 'exp'], { output: result })
  return divide(result, reduce(result, 'sum', along), { output: result })
}
