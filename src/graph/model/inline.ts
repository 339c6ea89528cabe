import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import type { Attribute, FunctionDefinition, Model, Node, ValueInfo } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { conditionOf, DEEPEST, isChoice, openedBranches, withoutBranches } from './branches.ts'
import { follow } from './follow.ts'
import { passedOn, renamed } from './renaming.ts'

// Functions that a model defines are written out where they are called, and an `If` whose condition is known is its branch.

/** As many nodes a model may become. */
const MOST_NODES = 2 ** 18

/** A model that is written out. */
export interface Inlined {
  readonly model: Model
  /** Whether a branch was chosen by the sizes that the file fixes, so that the model is right for no others. */
  readonly isOfFixedSizes: boolean
}

/**
 * The same model without functions and without branches that are known. A function that is left does not run; a branch is chosen for
 * the sizes that arrive, or by what is computed.
 *
 * @throws SamepadError where functions call themselves, or become too many nodes
 */
export function inlined(model: Model): Inlined {
  let current = withoutFunctions(model)
  let isOfFixedSizes = false
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = withoutBranches(current, depth, () => follow(current))
    if (next === current) break
    isOfFixedSizes ||= choicesOf(current, follow(withoutSizes(current))) < choicesOf(current, follow(current))
    current = withoutFunctions(next)
  }
  return { model: openedBranches(current), isOfFixedSizes }
}

/** How many branches are known. */
const choicesOf = ({ graph }: Model, scope: Scope): number =>
  graph.nodes.filter((node) => isChoice(node) && conditionOf(node, scope) !== undefined).length

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
