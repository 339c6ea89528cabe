import type { Body, Graph, Node, StoredTensor } from '../network/model.ts'

// Whether two files say the same: what is not known of one is then what is not known of the other.

const texts = new WeakMap<Body, string>()

/** A body as a text: its nodes with their attributes and the small constants that they read. Weights are not part of it. */
function textOf(body: Body): string {
  const known = texts.get(body)
  if (known !== undefined) return known
  const text = JSON.stringify(partsOf(body))
  texts.set(body, text)
  return text
}

/** Graphs within nodes are parts, not texts: a text within a text is escaped at every level, and twice as long each time. */
function partsOf(body: Body): unknown {
  const { initializers = [] } = body as Partial<Graph>
  return [body.nodes.map(nodeParts), initializers.map(tensorParts)]
}

const nodeParts = ({ opType, domain, inputs, outputs, attributes }: Node): unknown => [
  ...[opType, domain, inputs, outputs],
  attributes.map(({ name, int, float, string, ints, floats, tensor, graph, graphs = [] }) => [
    ...[name, int, String(float), string, ints, floats?.map(String), tensor && tensorParts(tensor)],
    [...(graph ? [graph] : []), ...graphs].map(partsOf),
  ]),
]

const tensorParts = (tensor: StoredTensor): unknown => {
  const isSmall = tensor.dims.reduce((product, size) => product * size, 1) <= MOST_VALUES
  return [tensor.name, tensor.dims, tensor.elementType, isSmall ? tensor.values()?.map(String) : undefined]
}

/** Constants of more elements are weights. */
const MOST_VALUES = 1024

/** Whether two bodies have the same nodes and constants. */
export const isSameText = (a: Body, b: Body): boolean => a === b || textOf(a) === textOf(b)
