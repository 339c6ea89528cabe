import { Verbatim } from '../geometry/error.ts'
import { SamepadError } from '../geometry/index.ts'
import type {
  Attribute,
  Body,
  FunctionDefinition,
  Graph,
  Model,
  Node,
  StoredTensor,
  ValueInfo,
} from '../network/model.ts'
import type { Scope } from '../network/scope.ts'
import { numbersOf } from '../operators/fact.ts'
import { follow } from './follow.ts'

// Functions that a model defines are written out where they are called, and an `If` whose condition is known is its branch.

/** As many nodes a model may become. */
const MOST_NODES = 2 ** 18
/** As deep functions may call each other, and branches lie in each other. */
const DEEPEST = 64

/** A model that is written out. */
export interface Inlined {
  readonly model: Model
  /** Whether a branch was chosen by the sizes that the file fixes, so that the model is right for no others. */
  readonly isOfFixedSizes: boolean
}

/**
 * The same model without functions and without branches that are known: what is left of either does not run.
 *
 * @throws SamepadError where functions call themselves, or become too many nodes
 */
export function inlined(model: Model): Inlined {
  let current = withoutFunctions(model)
  let isOfFixedSizes = false
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = withoutBranches(current, depth)
    if (next === current) break
    isOfFixedSizes ||= choicesOf(current, follow(withoutSizes(current))) < choicesOf(current, follow(current))
    current = withoutFunctions(next)
  }
  return { model: current, isOfFixedSizes }
}

/** How many branches are known. */
const choicesOf = ({ graph }: Model, scope: Scope): number =>
  graph.nodes.filter((node) => isChoice(node) && conditionOf(node, scope) !== undefined).length

const conditionOf = ({ inputs }: Node, scope: Scope): number | undefined => numbersOf(scope.fact(inputs[0]))?.[0]

/** The same model as if the file said nothing of sizes. */
function withoutSizes(model: Model): Model {
  const open = (values: readonly ValueInfo[]): ValueInfo[] =>
    values.map((value) => ({
      ...value,
      shape: value.shape?.map((size) => (typeof size === 'number' ? undefined : size)),
    }))
  const { graph } = model
  return { ...model, graph: { ...graph, inputs: open(graph.inputs), outputs: open(graph.outputs), values: [] } }
}

const refusal = (must: string, got: string): SamepadError => new SamepadError('loadNetwork', must, new Verbatim(got))

function withoutFunctions(model: Model): Model {
  const functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]))
  let count = 0
  const expand = (nodes: readonly Node[], depth: number): readonly Node[] =>
    nodes.flatMap((node) => {
      const called = functions.get(keyOf(node.domain, node.opType, node.overload))
      if (++count > MOST_NODES) throw refusal(`functions must become at most ${MOST_NODES} nodes`, 'more')
      if (!called || !isOfOneSet(called, model)) return node
      if (depth > DEEPEST) throw refusal('functions must not call themselves', node.opType)
      return expand(bodyOf(called, node, `${node.outputs[0]}/${count}/`), depth + 1)
    })
  const nodes = functions.size > 0 ? expand(model.graph.nodes, 0) : model.graph.nodes
  return { ...model, graph: { ...model.graph, nodes } }
}

const keyOf = (...parts: readonly string[]): string => parts.join('\0')

/** Whether a function means the same operators as the model. */
const isOfOneSet = ({ opsets }: FunctionDefinition, model: Model): boolean =>
  [...opsets].every(([domain, version]) => (model.opsets.get(domain) ?? version) === version)

/** The nodes of a function for a call: its values get names of their own, and attributes that stand for the call's are those. */
function bodyOf(called: FunctionDefinition, call: Node, prefix: string): readonly Node[] {
  const named = new Map(called.inputs.map((name, index) => [name, call.inputs[index] ?? '']))
  const given = new Map([...called.defaults, ...call.attributes].map((one) => [one.name, one]))
  const attribute = (one: Attribute): readonly Attribute[] => {
    if (one.reference === undefined) return [one]
    const found = given.get(one.reference)
    return found ? [{ ...found, name: one.name }] : []
  }
  const name = (local: string): string => named.get(local) ?? (local === '' ? '' : prefix + local)
  const nodes = called.nodes.map((node) => renamed(node, name, attribute))
  return [...nodes, ...passedOn(call, called.outputs.map(name))]
}

/** The outputs of a node, which are values of other names. */
function passedOn(node: Node, values: readonly string[]): readonly Node[] {
  return node.outputs.flatMap((output, index): readonly Node[] => {
    if (output === '' || !values[index]) return []
    const plain = { opType: 'Identity', domain: '', overload: '', attributes: [] }
    return [{ ...node, ...plain, inputs: [values[index]], inputFrames: [node.frame], outputs: [output] }]
  })
}

/** A node with other names of values, also in the graphs of its attributes. */
function renamed(
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

/** Every `If` of the graph whose condition follows from constants, or from sizes that are fixed, becomes the nodes of its branch. */
function withoutBranches(model: Model, depth: number): Model {
  const { graph } = model
  if (!graph.nodes.some(isChoice)) return model
  const scope = follow(model)
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

const isChoice = ({ opType, domain }: Node): boolean => opType === 'If' && domain === ''

const branchOf = ({ attributes }: Node, isTrue: boolean): Graph | undefined =>
  attributes.find(({ name }) => name === (isTrue ? 'then_branch' : 'else_branch'))?.graph

/** The values that a graph makes. */
function namesOf({ nodes, initializers }: Pick<Body, 'nodes'> & Pick<Graph, 'initializers'>): ReadonlySet<string> {
  return new Set([...nodes.flatMap(({ outputs }) => outputs.filter(Boolean)), ...initializers.map(({ name }) => name)])
}
