import type { Attribute, Body, Graph, Model, Node, StoredTensor } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { numbersOf } from '../../operators/fact.ts'
import { passedOn, renamed } from './renaming.ts'

// An `If` runs as the branch that is chosen: when the model is loaded, for the sizes that arrive, or behind the steps that compute the
// condition. Until then it is one node, whose inputs are all that its branches read.

/** As deep branches may lie in each other, and functions call each other. */
export const DEEPEST = 64

/** The condition of an `If`, if it is known. */
export const conditionOf = ({ inputs }: Node, scope: Scope): number | undefined => numbersOf(scope.fact(inputs[0]))?.[0]

/**
 * Every `If` of the graph whose condition is known becomes the nodes of its branch.
 *
 * @param depth how many branches around were written out before, for names of their own
 */
export function withoutBranches(model: Model, depth: number, follow: () => Scope): Model {
  const { graph } = model
  if (!graph.nodes.some(isChoice)) return model
  const scope = follow()
  const initializers: StoredTensor[] = [...graph.initializers]
  let isChanged = false
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const condition = isChoice(node) ? conditionOf(node, scope) : undefined
    const taken = condition === undefined ? undefined : branchOf(node, condition !== 0)
    if (!taken) return [node]
    isChanged = true
    const local = namesOf(taken)
    const prefix = `${node.outputs[0]}/${depth}/`
    const name = (one: string): string => (local.has(one) ? prefix + one : one)
    initializers.push(...taken.initializers.map((tensor) => ({ ...tensor, name: name(tensor.name) })))
    const inner = taken.nodes.map((one) => renamed(one, name))
    return [
      ...inner,
      ...passedOn(
        node,
        taken.outputs.map((output) => name(output.name)),
      ),
    ]
  })
  return isChanged ? { ...model, graph: { ...graph, nodes, initializers } } : model
}

/** Whether a node chooses one of two graphs. */
export const isChoice = ({ opType, domain }: Node): boolean => opType === 'If' && domain === ''

const branchOf = ({ attributes }: Node, isTrue: boolean): Graph | undefined =>
  attributes.find(({ name }) => name === (isTrue ? 'then_branch' : 'else_branch'))?.graph

/** The values that a graph makes. */
function namesOf({ nodes, initializers }: Pick<Body, 'nodes'> & Pick<Graph, 'initializers'>): ReadonlySet<string> {
  return new Set([...nodes.flatMap(({ outputs }) => outputs.filter(Boolean)), ...initializers.map(({ name }) => name)])
}

/** Constants of branches, which are the model's own when they are taken out. */
interface BranchConstants {
  readonly initializers: StoredTensor[]
  readonly constants: Node[]
}

/** The same model where every `If` has all that its branches read as inputs, and no constants within. */
export function openedBranches(model: Model): Model {
  const { graph } = model
  if (!graph.nodes.some(isChoice)) return model
  const taken: BranchConstants = { initializers: [...graph.initializers], constants: [] }
  const nodes = graph.nodes.map((node) => opened(node, taken))
  return {
    ...model,
    graph: { ...graph, nodes: [...taken.constants, ...nodes], initializers: taken.initializers },
  }
}

function opened(node: Node, taken: BranchConstants): Node {
  if (!isChoice(node)) return node
  const attributes = node.attributes.map((one): Attribute => {
    if (!one.graph) return one
    const { graph } = one
    const local = namesOf(graph)
    const name = (own: string): string => (local.has(own) ? `${node.outputs[0]}/${one.name}/${own}` : own)
    taken.initializers.push(...graph.initializers.map((tensor) => ({ ...tensor, name: name(tensor.name) })))
    const all = graph.nodes.map((inner) => renamed(inner, name))
    const isConstant = ({ opType, domain }: Node): boolean => opType === 'Constant' && domain === ''
    taken.constants.push(...all.filter(isConstant))
    const nodes = all.filter((inner) => !isConstant(inner)).map((inner) => opened(inner, taken))
    const outputs = graph.outputs.map((output) => ({ ...output, name: name(output.name) }))
    return { ...one, graph: { ...graph, nodes, outputs, initializers: [], values: [] } }
  })
  const reads = new Set(attributes.flatMap(({ graph }) => (graph ? readBy(graph) : [])))
  const inputs = [...node.inputs, ...reads]
  return { ...node, attributes, inputs, inputFrames: [...node.inputFrames, ...[...reads].map(() => node.frame)] }
}

/** What a graph reads of the values around it. */
function readBy(graph: Graph): readonly string[] {
  const made = namesOf(graph)
  const read = [...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs.map(({ name }) => name)]
  return read.filter((name) => name !== '' && !made.has(name))
}

/** The nodes of an `If`'s branches, also of those within. */
export function nodesOfBranches(node: Node): readonly Node[] {
  if (!isChoice(node)) return []
  const nodes = node.attributes.flatMap(({ graph }) => graph?.nodes ?? [])
  return nodes.flatMap((inner) => [inner, ...nodesOfBranches(inner)])
}
