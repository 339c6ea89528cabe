import type { Op } from '../../geometry/index.ts'
import { SamepadError } from '../../geometry/index.ts'
import { type Layer, PreparedLayer } from '../layers/prepared-layer.ts'
import { filterInputGradient, type InputGradientOf } from './input-gradient.ts'
import { averageGradient, maximumGradient } from './pool-gradient.ts'
import { type LayerGradient, PreparedGradient } from './prepared-gradient.ts'

const inputGradients: Readonly<Record<Op, InputGradientOf>> = {
  conv: filterInputGradient,
  convTranspose: filterInputGradient,
  maxPool: maximumGradient,
  averagePool: averageGradient,
}

/**
 * The gradients of a prepared layer, for many runs: of `prepareConv` and `prepareConvTranspose` with respect to input, weights,
 * bias, and where the layer has them scale, shift and the activation's slopes; of `prepareMaxPool` and `prepareAveragePool` with
 * respect to the input. Written `into` tensors that exist, nothing is allocated from the second run on an input's size on. What
 * `updateLayer` changes in the layer is changed here too.
 *
 * @param layer what `prepareConv`, `prepareConvTranspose`, `prepareMaxPool` or `prepareAveragePool` gave, without a residual
 * @throws SamepadError on anything else
 */
export function prepareGradient(layer: Layer): LayerGradient {
  const stage = 'prepareGradient'
  if (!(layer instanceof PreparedLayer)) {
    throw new SamepadError(stage, 'layer must be what prepareConv, prepareConvTranspose or a prepared pool gave', layer)
  }
  const { definition } = layer
  const way: InputGradientOf = (setting) => inputGradients[setting.problem.geometry.op](setting)
  return new PreparedGradient(stage, definition, way)
}
