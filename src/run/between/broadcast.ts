import { SamepadError, show } from '../../geometry/error.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** The shape to which tensors are broadcast: their dimensions are paired from the last on, and those of size 1 repeated. */
export function broadcastShape(
  stage: string,
  tensors: readonly { readonly what: string; readonly tensor: Tensor }[],
): readonly number[] {
  return tensors.reduce<readonly number[]>((shape, { what, tensor }, index) => {
    if (index === 0) return tensor.shape
    const rank = Math.max(shape.length, tensor.shape.length)
    const [ours, theirs] = [shape, tensor.shape].map((list) => [...new Array(rank - list.length).fill(1), ...list])
    return ours.map((size, dimension) => {
      const other = theirs[dimension]
      if (size === other || other === 1) return size
      if (size === 1) return other
      const must = `dimensions of ${what} must, from the last on, be 1 or those of ${show(shape)}`
      throw new SamepadError(stage, must, tensor.shape)
    })
  }, [])
}

/** Elements from neighbour to neighbour of a tensor along each dimension of the shape to which it is broadcast. */
export function broadcastSteps(own: readonly number[], shape: readonly number[]): number[] {
  const missing = shape.length - own.length
  let step = 1
  return shape
    .map((_, dimension) => own[dimension - missing] ?? 1)
    .toReversed()
    .map((size) => {
      const along = size === 1 ? 0 : step
      step *= size
      return along
    })
    .toReversed()
}
