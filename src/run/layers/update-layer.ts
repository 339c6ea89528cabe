import { SamepadError, Verbatim } from '../../geometry/error.ts'
import { checkOptions } from '../../geometry/options.ts'
import { checkTensor, type TensorLike, valuesOf } from '../../tensor/tensor.ts'
import { type ChannelNumbers, channelNumbers, checkCount } from './epilogue.ts'
import { folded } from './fold-scale.ts'
import { type Layer, PreparedLayer } from './prepared-layer.ts'

/** What of a layer is learned, and may change from run to run. */
export interface LayerUpdate {
  /** In the shape and order of those that the layer was made with. */
  readonly weights?: TensorLike | undefined
  /** These only of layers that were made with them: one number for each output channel. */
  readonly bias?: ChannelNumbers | undefined
  readonly scale?: ChannelNumbers | undefined
  readonly shift?: ChannelNumbers | undefined
  readonly slopes?: ChannelNumbers | undefined
}

/**
 * Gives a layer of `prepareConv` or `prepareConvTranspose` other numbers of the same shapes: they are copied, and packed anew into
 * the same memory by the next run. Plans and programs stay, and so do the gradients of the layer, which follow.
 *
 * @param layer what `prepareConv` or `prepareConvTranspose` gave
 * @param update what changes; all else stays
 * @throws SamepadError on other shapes, on what the layer was made without, and before the promises of its `runAsync` are fulfilled;
 * nothing is changed then
 */
export function updateLayer(layer: Layer, update: LayerUpdate): void {
  const stage = 'updateLayer'
  const definition = layer instanceof PreparedLayer ? layer.definition : undefined
  if (!definition?.learned) {
    throw new SamepadError(stage, 'layer must be what prepareConv or prepareConvTranspose gave', layer)
  }
  // What workers read would be written over, and outputs made of old and new weights.
  if (layer instanceof PreparedLayer && layer.isRunning) {
    throw new SamepadError(stage, "promises of the layer's runAsync must be fulfilled", new Verbatim('one that is not'))
  }
  checkOptions(stage, update, ['weights', 'bias', 'scale', 'shift', 'slopes'])
  const { learned, filter } = definition
  const { plain, shape, sizes, scale, shift } = learned
  const copies: { readonly from: Float32Array; readonly to: Float32Array }[] = []
  if (update.weights !== undefined) {
    const from = valuesOf(update.weights, shape)
    if (!from) {
      const { shape: given } = checkTensor(stage, 'weights', update.weights)
      throw new SamepadError(stage, `weights must have shape [${shape}]`, given)
    }
    copies.push({ from, to: plain.weights })
  }
  const has = { bias: plain.bias, scale, shift, slopes: filter.operands?.[0] }
  for (const [name, to] of Object.entries(has)) {
    const value = update[name as keyof typeof has]
    if (value === undefined) continue
    if (!to) throw new SamepadError(stage, `the layer must be made with ${name}`, new Verbatim('one without'))
    const from = channelNumbers(stage, name, value)
    checkCount(stage, name, from, sizes.outChannels)
    copies.push({ from, to })
  }
  for (const { from, to } of copies) to.set(from)
  if (plain !== filter) {
    const { weights, bias } = folded(plain, sizes, scale, shift)
    filter.weights.set(weights)
    filter.bias?.set(bias as Float32Array)
  }
  if (filter.revision) filter.revision.number++
}
