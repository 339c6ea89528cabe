import { type LayerPhase, phaseAfter, startOf } from '../analysis/phase.ts'
import type { Body, Model, Node } from '../network/model.ts'
import { operatorOf } from '../operators/index.ts'
import { attempt } from './decide.ts'
import type { NetworkLayer } from './layer.ts'

/** A layer and what leads to it: the layers before it on the way with the most of them, each from the one before. */
interface Link {
  readonly layer: NetworkLayer
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
  readonly to: (layer: NetworkLayer) => readonly NetworkLayer[]
  /** How many they are. */
  readonly length: (layer: NetworkLayer) => number
  /** A number that ways have in common whose layers have the same windows on the same sizes, one by one. */
  readonly kind: (layer: NetworkLayer) => number
  /** The layers that no other one reads, each the end of a way. */
  readonly ends: readonly NetworkLayer[]
  /** Whether the way to a layer begins at the model's input, and not behind an operator that moves cells. */
  readonly fromInput: (layer: NetworkLayer) => boolean
  /**
   * Where a layer puts its grid in what the first one of its way reads, by axis. Undefined where the setting or the size
   * of a layer is not known, or one refuses its input.
   */
  readonly phases: (layer: NetworkLayer) => readonly (LayerPhase | undefined)[]
}

/** Follows the layers of a model. What a subgraph takes from around it begins a way of its own there. */
export function chainsOf({ graph, functions }: Model, layers: readonly NetworkLayer[]): Chains {
  const byNode = new Map<Node, NetworkLayer>()
  for (const layer of layers) if (!byNode.has(layer.spatial.node)) byNode.set(layer.spatial.node, layer)
  const workedIn = new Set(
    layers
      .filter(({ axes }) => axes.every(({ setting }) => setting))
      .flatMap(({ spatial: { before, behind } }) => [...before, ...behind].map(({ node }) => node)),
  )
  const links = new Map<NetworkLayer, Link>()
  const read = new Set<NetworkLayer>()
  const pending: Body[] = [graph, ...functions]
  for (let body = pending.pop(); body; body = pending.pop()) {
    for (const inner of graphsIn(body)) pending.push(inner)
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
  const to = (layer: NetworkLayer): NetworkLayer[] => {
    const list: NetworkLayer[] = []
    for (let link = links.get(layer); link; link = link.before) list.push(link.layer)
    return list.reverse()
  }
  const ends = [...links.keys()].filter((layer) => !read.has(layer))
  const [kinds, phases] = [kindsOf(links.values()), phasesOf(links.values())]
  return {
    ...{ to, ends },
    length: (layer) => links.get(layer)?.length ?? 0,
    kind: (layer) => kinds.get(layer) ?? -1,
    fromInput: (layer) => links.get(layer)?.fromInput ?? false,
    phases: (layer) => phases.get(layer) ?? [],
  }
}

/** Numbers each way by the number of the way before it and by its last layer, so that a way is never gone through. */
function kindsOf(links: Iterable<Link>): Map<NetworkLayer, number> {
  const [kinds, numbers] = [new Map<NetworkLayer, number>(), new Map<string, number>()]
  for (const { layer, before } of links) {
    const last = layer.axes.map(({ setting, input }) => [setting, input])
    const key = JSON.stringify([before && kinds.get(before.layer), last])
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    kinds.set(layer, number)
  }
  return kinds
}

/** Phases of each layer from those of the one before it. */
function phasesOf(links: Iterable<Link>): Map<NetworkLayer, (LayerPhase | undefined)[]> {
  const phases = new Map<NetworkLayer, (LayerPhase | undefined)[]>()
  for (const { layer, before } of links) {
    const known = before && phases.get(before.layer)
    phases.set(
      layer,
      layer.axes.map(({ setting, input }, axis) => {
        const from = before ? known?.[axis] : input === undefined ? undefined : startOf(input)
        return setting && from && attempt(() => phaseAfter(from, setting))
      }),
    )
  }
  return phases
}

/**
 * What a node that slides no window passes on. Where cells do not stay a way ends: behind it they lie elsewhere, or there
 * are none. A `Pad` passes on where it was worked into the layer behind it.
 */
function passed(node: Node, isWorkedIn: boolean, ways: ReadonlyMap<string, Way | undefined>): (Way | undefined)[] {
  if (isWorkedIn) return [ways.get(node.inputs[0])]
  return operatorOf(node)?.cells === 'stay' ? node.inputs.map((name) => ways.get(name)) : []
}

/** Of ways that meet the longest one; one that begins at the model's input before all that do not, as those of gates. */
const longest = (ways: readonly (Way | undefined)[]): Way | undefined =>
  ways.reduce((best, way) => (rankOf(way) > rankOf(best) ? way : best), undefined)

const rankOf = (way: Way | undefined): number => (way ? way.length + (way.fromInput ? FROM_INPUT : 0) : -1)

/** More than any way is long. */
const FROM_INPUT = 2 ** 40

function graphsIn({ nodes }: Body): Body[] {
  return nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ graph, graphs = [] }) => (graph ? [graph, ...graphs] : graphs)),
  )
}
