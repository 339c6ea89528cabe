import { Geometry, type Pads, padded } from '../../geometry/index.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Input } from './layer.ts'
import { checkFill, spatialPads, written } from './pad.ts'

/**
 * What stands in the padding: zeros, or values taken from the input as `pad` takes them. Frameworks call it the padding
 * mode; how much padding there is, the type `PaddingMode`, is the option `padding`.
 */
export type PaddingValues = 'zeros' | 'reflect' | 'replicate' | 'circular'

/** All of them; the first is the default. */
export const paddingValues: readonly PaddingValues[] = ['zeros', 'reflect', 'replicate', 'circular']

/** A copy of the input with the padding written into it. */
export function fillPadding(
  stage: string,
  x: Input,
  { axes }: Geometry,
  mode: Exclude<PaddingValues, 'zeros'>,
): Tensor {
  const pads = axes.map(({ padBegin, padEnd, input }, axis): Pads => {
    const widest = Math.max(padBegin, padEnd)
    checkFill(stage, `padding of axis ${axis}`, widest, input, 'paddingMode', mode)
    return [padBegin, padEnd]
  })
  return written(stage, 'the padded input', x, spatialPads(pads, x.layout), mode, 0)
}

/** The same windows over that copy. */
export function filledGeometry({ op, axes }: Geometry): Geometry {
  return new Geometry(op, axes.map(padded))
}
