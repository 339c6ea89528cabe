import { operatorOf } from '../operators/index.ts'
import { attributeOf, type Body, labelOf, type Model, type Node } from './model.ts'
import { isWindowless } from './windowless.ts'

// What a file says that no row knows, and what its reader says of a node in words of its own.

/** ONNX's own operators: those that slide a window all have rows, which a test holds. The others hide none. */
const isOnnxOwn = ({ framework }: Model, { domain }: Node): boolean =>
  framework === undefined && /^(ai\.onnx(\..*)?)?$/.test(domain)

/** Operators in which windows may hide: without a row and a definition in the file; each once, in their order. */
export function unknownOperators(model: Model): string[] {
  const defined = new Set(model.functions.map(({ domain, name }) => `${domain} ${name}`))
  const isUnknown = (node: Node): boolean =>
    !operatorOf(node) &&
    !defined.has(`${node.domain} ${node.opType}`) &&
    !isOnnxOwn(model, node) &&
    !(model.framework !== undefined && isWindowless(node.opType))
  // Where a reader names operators, their domain is its own; in ONNX, domains are part of a name.
  const name = ({ domain, opType }: Node): string => {
    const own = opType || 'one without a name'
    return domain === '' || model.framework !== undefined ? own : `${domain}:${own}`
  }
  return [...new Set(bodiesOf(model).flatMap(({ nodes }) => nodes.filter(isUnknown).map(name)))]
}

/** A graph, the graphs in the attributes of its nodes, and the functions. */
function bodiesOf({ graph, functions }: Model): Body[] {
  const bodies: Body[] = [graph, ...functions]
  for (const { nodes } of bodies) {
    for (const { attributes } of nodes) {
      for (const { graph: own, graphs = [] } of attributes) bodies.push(...(own ? [own] : []), ...graphs)
    }
  }
  return bodies
}

/**
 * How many operators the file has in its graph. Readers write some of them as several nodes, which then have one place in
 * the file.
 */
export function operatorsOf({ graph: { nodes } }: Model): number {
  const places = new Set(nodes.map(({ frame: { start, end } }) => (end > start ? start : -1)))
  places.delete(-1)
  return places.size || nodes.length
}

/** What a reader says of a node in words. */
export interface Remark {
  readonly node: Node
  readonly name: string
  readonly text: string
}

/** Everything that readers say of nodes. */
export const remarksOf = (model: Model): Remark[] =>
  bodiesOf(model).flatMap(({ nodes }) =>
    nodes.flatMap((node): Remark[] => {
      const text = attributeOf(node, 'remark')?.string
      return text === undefined ? [] : [{ node, name: labelOf(node), text }]
    }),
  )
