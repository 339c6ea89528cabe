import { checkChoice } from '../geometry/options.ts'
import type { Model } from '../network/model.ts'
import type { SpatialOptions } from '../network/spatial-node.ts'
import { type Trace, traceModel } from '../network/spatial-nodes.ts'
import { type Chains, chainsOf } from './chains.ts'
import { beginDecisions } from './decide.ts'
import { type Expectation, expectations } from './expect.ts'
import { isDownsample } from './follows.ts'
import { layerOf, type NetworkLayer } from './layer.ts'

/** The padding of a network as a whole. */
export type Style = 'tf-same' | 'symmetric' | 'mixed' | 'either'

/** A model as the rules see it. */
export interface Network {
  readonly model: Model
  /** Shapes of inputs that were given. */
  readonly inputs: NonNullable<SpatialOptions['inputs']>
  /** Without those in a branch of an `If` that is known not to be taken. */
  readonly layers: readonly NetworkLayer[]
  readonly chains: Chains
  /** Nodes that cannot work with their sizes, and values whose declared shape is wrong. */
  readonly conflicts: Trace['conflicts']
  readonly misdeclared: Trace['misdeclared']
  /** Finds the Pads and Slices that stand around no layer. */
  readonly loose: Trace['loose']
  /** The family that its layers speak for; `either` where none tells them apart. */
  readonly style: Style
  /** How many layers speak for each. */
  readonly votes: { readonly 'tf-same': number; readonly symmetric: number }
  /** Whether it was trained in TensorFlow, as far as its exporter or its padding tell. */
  readonly isFromTensorFlow: boolean
  /** Whether sizes were given that the file leaves open, so that what holds at them need not hold at others. */
  readonly isOpen: boolean
  /** The rule by which somebody who knows the network expects it to pad. */
  readonly expected: Expectation | undefined
}

/** Options of `audit`. */
export interface AuditOptions extends SpatialOptions {
  /** The rule by which the network is to pad: a layer that can tell and contradicts is an error. */
  readonly expect?: Expectation | undefined
}

/** Exporters that read TensorFlow's models. */
const tensorflowExporters = /^(tf2onnx|keras2onnx|keras-onnx|tflite2onnx|tensorflow-onnx|onnxmltools-keras)/i

/** Looks at a model once, for all rules. */
export function networkOf(model: Model, { expect, ...options }: AuditOptions = {}): Network {
  beginDecisions()
  const { nodes, conflicts, misdeclared, loose } = traceModel(model, options)
  const layers = nodes.filter(({ isSkipped }) => !isSkipped).map(layerOf)
  const count = (lean: NetworkLayer['lean']): number => layers.filter((layer) => layer.lean === lean).length
  const votes = { 'tf-same': count('tf-same'), symmetric: count('symmetric') }
  const style = styleOf(votes)
  const isFromTensorFlow =
    style === 'tf-same' || tensorflowExporters.test(model.producerName) || (style === 'either' && layers.some(isBaked))
  return {
    model,
    inputs: options.inputs ?? {},
    layers,
    chains: chainsOf(model, layers),
    ...{ conflicts, misdeclared, loose },
    style,
    votes,
    isFromTensorFlow,
    isOpen: isOpen(model, options),
    expected: expect === undefined ? undefined : checkChoice('audit', 'expect', expect, expectations),
  }
}

/** Whether a layer has SAME of one size for all sizes, and not what people write by hand. */
function isBaked({ isSameAtSome, axes }: NetworkLayer): boolean {
  return isSameAtSome && !axes.every(({ setting }) => setting && isDownsample(setting))
}

function isOpen({ graph }: Model, { inputs = {} }: SpatialOptions): boolean {
  return graph.inputs.some(({ name, shape }) => {
    return Object.hasOwn(inputs, name) && !shape?.every((size, axis) => size === inputs[name][axis])
  })
}

function styleOf({ 'tf-same': same, symmetric }: Network['votes']): Style {
  if (same > 0 && symmetric > 0) return 'mixed'
  if (same > 0) return 'tf-same'
  return symmetric > 0 ? 'symmetric' : 'either'
}
