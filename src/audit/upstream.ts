import type { Body, Node } from '../network/model.ts'
import type { NetworkLayer } from './layer.ts'

// Which windows a layer reads, over whatever stands between: the wiring of a network without its names.

/** Nodes that are walked over for one layer; behind that its wiring is not known. */
const MOST_WALKED = 4096

/** The layers whose outputs a layer reads, over nodes that slide no window; undefined where there are too many between. */
export function upstreamOf(
  layers: readonly NetworkLayer[],
): (layer: NetworkLayer) => ReadonlySet<NetworkLayer> | undefined {
  const byNode = new Map(layers.map((layer) => [layer.spatial.node, layer]))
  const makers = new Map<Body, Map<string, Node>>()
  return ({ spatial: { node, body } }) => {
    const maker = makers.get(body) ?? makersOf(body)
    makers.set(body, maker)
    const found = new Set<NetworkLayer>()
    const seen = new Set<Node>([node])
    const open = [node]
    for (let next = open.pop(); next; next = open.pop()) {
      for (const input of next.inputs) {
        const from = maker.get(input)
        if (!from || seen.has(from)) continue
        if (seen.size >= MOST_WALKED) return undefined
        seen.add(from)
        const layer = byNode.get(from)
        if (layer) found.add(layer)
        else open.push(from)
      }
    }
    return found
  }
}

const makersOf = ({ nodes }: Body): Map<string, Node> =>
  new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)))
