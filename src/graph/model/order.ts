import type { Node } from '../../network/model.ts'

/**
 * Nodes, each behind those that make what it reads. Files have them so as a rule, and then nothing changes; some tools add nodes at
 * the end, which onnxruntime takes, too. Nodes that wait for each other in a circle stay in an order that does not hold.
 */
export function ordered(nodes: readonly Node[]): readonly Node[] {
  const makers = new Map<string, Node>()
  for (const node of nodes.toReversed()) for (const name of node.outputs) makers.set(name, node)
  makers.delete('')
  const [begun, placed] = [new Set<Node>(), new Set<Node>()]
  for (const last of nodes) {
    const path = [last]
    for (let node = path.at(-1); node; node = path.at(-1)) {
      if (begun.has(node)) {
        placed.add(node)
        path.pop()
        continue
      }
      begun.add(node)
      for (const name of node.inputs.toReversed()) {
        const maker = makers.get(name)
        if (maker && !begun.has(maker)) path.push(maker)
      }
    }
  }
  return [...placed]
}
