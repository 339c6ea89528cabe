import { type LayerPhase, phase } from '../analysis/phase.ts'
import type { Setting } from '../conventions/setting.ts'
import type { Body, Model, Node } from '../onnx/model.ts'
import { operatorOf } from '../operators/index.ts'
import { attempt } from './decide.ts'
import type { Layer } from './layer.ts'

/** A layer and what leads to it: the layers before it on the way with the most of them, each from the one before. */
interface Link {
  readonly layer: Layer
  readonly before: Link | undefined
  readonly length: number
  /** Whether its first layer reads cells of the model's input. */
  readonly fromInput: boolean
}

/** What is known of a value: the layer that made it; or that it has the cells of the model's input. */
type Way = Link | { readonly length: 0; readonly fromInput: true }

/** The ways through a network along which every layer reads the grid of the one before it. */
export interface Chains {
  /** The layers from the first one to this one, itself included. */
  readonly to: (layer: Layer) => readonly Layer[]
  /** The layers that no other one reads, each the end of a way. */
  readonly ends: readonly Layer[]
  /** Whether the way to a layer begins at the model's input, and not behind an operator that moves cells. */
  readonly fromInput: (layer: Layer) => boolean
}

/** Follows the layers of a model. What a subgraph takes from around it begins a way of its own there. */
export function chainsOf({ graph, functions }: Model, layers: readonly Layer[]): Chains {
  const byNode = new Map<Node, Layer>()
  for (const layer of layers) if (!byNode.has(layer.spatial.node)) byNode.set(layer.spatial.node, layer)
  const workedIn = new Set(
    layers
      .filter(({ axes }) => axes.every(({ setting }) => setting))
      .flatMap(({ spatial: { before, behind } }) => [...before, ...behind].map(({ node }) => node)),
  )
  const links = new Map<Layer, Link>()
  const read = new Set<Layer>()
  const pending: Body[] = [graph, ...functions]
  for (let body = pending.pop(); body; body = pending.pop()) {
    pending.push(...graphsIn(body))
    const ways = new Map<string, Way | undefined>()
    if (body === graph) for (const { name } of graph.inputs) ways.set(name, { length: 0, fromInput: true })
    for (const node of body.nodes) {
      const layer = byNode.get(node)
      const before = longest(layer ? [ways.get(node.inputs[0])] : passed(node, workedIn.has(node), ways))
      const made = before && 'layer' in before ? before : undefined
      if (layer && made) read.add(made.layer)
      const { length = 0, fromInput = false } = before ?? {}
      const link = layer && { layer, before: made, length: length + 1, fromInput }
      if (layer && link) links.set(layer, link)
      for (const output of node.outputs) ways.set(output, link ?? before)
    }
  }
  const to = (layer: Layer): Layer[] => {
    const list: Layer[] = []
    for (let link = links.get(layer); link; link = link.before) list.push(link.layer)
    return list.reverse()
  }
  const ends = [...links.keys()].filter((layer) => !read.has(layer))
  return { to, ends, fromInput: (layer) => links.get(layer)?.fromInput ?? false }
}

/**
 * What a node that slides no window passes on. Where cells do not stay a way ends: behind it they lie elsewhere, or there
 * are none. A `Pad` passes on where it was worked into the layer behind it.
 */
function passed(node: Node, isWorkedIn: boolean, ways: ReadonlyMap<string, Way | undefined>): (Way | undefined)[] {
  if (isWorkedIn) return [ways.get(node.inputs[0])]
  return operatorOf(node)?.cells === 'stay' ? node.inputs.map((name) => ways.get(name)) : []
}

const longest = (ways: readonly (Way | undefined)[]): Way | undefined =>
  ways.reduce((best, way) => ((way?.length ?? -1) > (best?.length ?? -1) ? way : best), undefined)

function graphsIn({ nodes }: Body): Body[] {
  return nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ graph, graphs = [] }) => (graph ? [graph, ...graphs] : graphs)),
  )
}

/**
 * Where each layer of a way puts its grid in what the first one reads, along one axis.
 *
 * @returns undefined where the setting or the size of a layer is not known, or one refuses its input
 */
export function phaseAlong(layers: readonly Layer[], axis: number): LayerPhase[] | undefined {
  const input = layers[0]?.axes[axis]?.input
  const settings = layers.map(({ axes }) => axes[axis]?.setting)
  if (input === undefined || !settings.every((setting): setting is Setting => setting !== undefined)) return undefined
  return attempt(() => phase(settings, input))
}
