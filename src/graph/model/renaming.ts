import type { Attribute, Node } from '../../network/model.ts'

// Nodes of functions and branches, written out among others.

/** The outputs of a node, which are values of other names. */
export function passedOn(node: Node, values: readonly string[]): readonly Node[] {
  return node.outputs.flatMap((output, index): readonly Node[] => {
    if (output === '' || !values[index]) return []
    const plain = { opType: 'Identity', domain: '', overload: '', attributes: [] }
    return [{ ...node, ...plain, inputs: [values[index]], inputFrames: [node.frame], outputs: [output] }]
  })
}

/** A node with other names of values, also in the graphs of its attributes. */
export function renamed(
  node: Node,
  name: (local: string) => string,
  attribute: (one: Attribute) => readonly Attribute[] = (one) => [one],
): Node {
  const attributes = node.attributes.flatMap(attribute).map((one): Attribute => {
    if (!one.graph) return one
    const { graph } = one
    const outputs = graph.outputs.map((output) => ({ ...output, name: name(output.name) }))
    const inputs = graph.inputs.map((input) => ({ ...input, name: name(input.name) }))
    const initializers = graph.initializers.map((tensor) => ({ ...tensor, name: name(tensor.name) }))
    const nodes = graph.nodes.map((inner) => renamed(inner, name, attribute))
    return { ...one, graph: { ...graph, inputs, outputs, initializers, nodes, values: [] } }
  })
  return { ...node, inputs: node.inputs.map(name), outputs: node.outputs.map(name), attributes }
}
