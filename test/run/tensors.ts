import type { Tensor } from '../../src/index.ts'
import fc from '../fast-check.ts'

/** The number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** A tensor of a shape with small integers, on which float32 arithmetic is exact. */
export function integersOf(shape: readonly number[]): fc.Arbitrary<Tensor> {
  const size = sizeOf(shape)
  return fc
    .array(fc.integer({ min: -4, max: 4 }), { minLength: size, maxLength: size })
    .map((data) => ({ data: Float32Array.from(data), shape }))
}

/** A tensor whose values tell where they lie: 1, 2, 3, ... */
export function counting(...shape: number[]): Tensor {
  return { data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => index + 1), shape }
}

/** The same tensor with its dimensions in another order, as `numpy.transpose`. */
export function transpose({ data, shape }: Tensor, order: readonly number[]): Tensor {
  const steps = shape.map((_, dimension) => sizeOf(shape.slice(dimension + 1)))
  const outShape = order.map((dimension) => shape[dimension])
  const out = Float32Array.from(data, (_, index) => {
    let from = 0
    for (let rest = index, at = order.length - 1; at >= 0; at--) {
      from += (rest % outShape[at]) * steps[order[at]]
      rest = Math.floor(rest / outShape[at])
    }
    return data[from]
  })
  return { data: out, shape: outShape }
}

/** From `nchw` to `nhwc`, for any rank. */
export function toChannelsLast(tensor: Tensor): Tensor {
  const [batch, channels, ...spatial] = tensor.shape.keys()
  return transpose(tensor, [batch, ...spatial, channels])
}

/** A tensor of small integers, from -2 to `modulus` - 3, on which float32 arithmetic is exact in any order. */
export function repeating(shape: readonly number[], modulus: number): Tensor {
  return { data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => ((index * 7) % modulus) - 2), shape }
}
