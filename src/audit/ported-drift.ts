import type { SourceLike } from '../bytes/source.ts'
import { checkOptions } from '../geometry/options.ts'
import type { Model } from '../network/model.ts'
import type { SpatialOptions } from '../network/spatial-node.ts'
import { modelOf } from './audit.ts'
import { chainsOf } from './chains.ts'
import { apart } from './diff.ts'
import { isExchanged, type PortRule } from './fixes/targets.ts'
import { ruleSetting } from './follows.ts'
import type { NetworkLayer } from './layer.ts'
import { networkOf } from './network.ts'

/** The answer of `portedDrift`. */
export interface PortedDrift {
  /** What the port pads by: symmetric padding in the place of TensorFlow SAME, or the other way round. */
  readonly rule: PortRule
  /**
   * For each node of the audit, in its order, by axis: how many cells of what the network reads lie from output 0 of the
   * model to that of the port. Undefined where a size is not known.
   */
  readonly nodes: readonly (readonly (number | undefined)[])[]
}

/**
 * How far the grid of each layer would move if the model were ported with the padding of the other family: the same
 * weights, every shape the same, and each strided layer that pads otherwise adds its part. A network padded on both sides
 * alike is ported to TensorFlow SAME, any other to symmetric padding. Padding that makes outputs fewer or more, transposed
 * convolutions and pools that round up stay as they are.
 *
 * @param source a model that was read, or what `readModel` takes
 * @param options shapes of inputs that the file leaves open
 * @throws SamepadError when it is no model of a known format, or `inputs` do not fit
 */
export async function portedDrift(source: Model | SourceLike, options: SpatialOptions = {}): Promise<PortedDrift> {
  checkOptions('portedDrift', options, ['inputs'])
  const { model, layers, chains, style } = networkOf(await modelOf(source), options)
  const rule = style === 'symmetric' ? 'tf-same' : 'symmetric'
  const ports = layers.map((layer) => portOf(layer, rule))
  const ported = chainsOf(model, ports)
  return {
    rule,
    nodes: layers.map((layer, index) => {
      const [own, other] = [chains.phases(layer), ported.phases(ports[index])]
      return layer.axes.map((_, axis) => apart(own[axis]?.centre, other[axis]?.centre))
    }),
  }
}

/** A layer with the padding of a rule, where a port may have it. */
function portOf(layer: NetworkLayer, rule: PortRule): NetworkLayer {
  const { op, written } = layer.spatial
  if (op === 'convTranspose' || written.ceilMode || !isExchanged(layer, rule)) return layer
  const axes = layer.axes.map((axis) => ({ ...axis, setting: axis.setting && ruleSetting(rule, axis.setting) }))
  return { ...layer, axes }
}
