import { clip, Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { inputsOf, labelOf, type Model, type Node } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { FLOATING } from '../../operators/fact.ts'
import { operatorOf } from '../../operators/index.ts'
import { isChoice, nodesOfBranches } from '../model/branches.ts'
import { follow } from '../model/follow.ts'
import { runRowOf } from './operators/index.ts'

const STAGE = 'loadNetwork'
/** As many nodes are named in an error's message. */
const MOST_NAMED = 6

/** ONNX's numbers for integers and truth values: as an input float32 numbers stand for them. */
const INTEGERS: readonly number[] = [2, 3, 4, 5, 6, 7, 9, 12, 13]

/** A node of a model, or an input, that samepad does not run. */
export interface UnsupportedNode {
  /** As messages name it: `LSTM 'y'`, `input tokens`. */
  readonly name: string
  /** Its operator, with its domain where that is not ONNX's own; undefined for an input of the model. */
  readonly operator: string | undefined
  /** Why not, as a clause that follows the name: `is LSTM`, `(MatMul) computes with ONNX's type 6`. */
  readonly reason: string
}

/** A model holds what samepad does not run; thrown when it is loaded, before anything is computed. */
export class UnsupportedModelError extends SamepadError {
  override readonly name = 'UnsupportedModelError'
  /** All of it, in the order of the model. */
  readonly nodes: readonly UnsupportedNode[]

  constructor(nodes: readonly UnsupportedNode[]) {
    const more = nodes.length - MOST_NAMED
    const named = nodes.slice(0, MOST_NAMED).map(({ name, reason }) => clip(`${name} ${reason}`))
    const text = [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')
    super(STAGE, 'every node must be one that samepad runs', new Verbatim(text))
    this.nodes = nodes
  }
}

/** Operators without a row here whose results a walk computes, where they do not depend on values of the inputs. */
const computedByWalk: readonly string[] = ['Constant', 'Shape', 'Size']

/**
 * Checks that every node runs, before anything is computed.
 *
 * @throws UnsupportedModelError that names the operators and nodes that do not
 */
export function checkScope(model: Model): void {
  const scope = follow(model)
  const inputs = inputsOf(model)
  const dependent = new Set(inputs.map(({ name }) => name))
  const problems: UnsupportedNode[] = []
  const { graph } = model
  const made = new Set(graph.inputs.map(({ name }) => name))
  const stored = new Set(graph.initializers.map(({ name }) => name))
  const isThere = (name: string): boolean => name === '' || made.has(name) || stored.has(name)
  for (const node of graph.nodes) {
    const twice = node.outputs.find((name) => name !== '' && made.has(name))
    const missing = node.inputs.find((name) => !isThere(name))
    for (const name of node.outputs) made.add(name)
    const reads = node.inputs.some((name) => dependent.has(name))
    const isDependent = reads && !operatorOf(node)?.takesSizes
    if (isDependent) for (const output of node.outputs) dependent.add(output)
    const order = misplaced(twice, missing)
    for (const one of [node, ...nodesOfBranches(node)]) {
      const reason = (one === node ? order : undefined) ?? problemOf(one, scope, isDependent)
      if (reason) problems.push({ name: labelOf(one), operator: operatorName(one), reason })
    }
  }
  for (const { name, elementType } of inputs) {
    if (FLOATING.includes(elementType) || INTEGERS.includes(elementType)) continue
    const reason = elementType === 0 ? 'is no tensor' : `is of ONNX's type ${elementType}`
    problems.push({ name: `input ${name}`, operator: undefined, reason })
  }
  for (const { name } of graph.outputs) {
    if (!isThere(name)) problems.push({ name: `output ${name}`, operator: undefined, reason: 'is made by no node' })
  }
  if (problems.length > 0) throw new UnsupportedModelError(problems)
}

/** What is wrong with the order of nodes, as a clause. */
function misplaced(twice: string | undefined, missing: string | undefined): string | undefined {
  if (twice !== undefined) return `makes ${twice}, which is there before`
  return missing === undefined ? undefined : `reads ${missing}, which nothing before it makes`
}

const operatorName = ({ domain, opType }: Node): string => (domain === '' ? opType : `${domain}.${opType}`)

/** Why a node is out of scope, as a clause. `depends` is whether it depends on what the inputs hold. */
function problemOf(node: Node, scope: Scope, depends: boolean): string | undefined {
  if (!isChoice(node) && node.attributes.some(({ graph, graphs }) => graph || graphs))
    return `(${node.opType}) holds graphs`
  const row = runRowOf(node)
  if (!row) {
    if (!depends && node.domain === '' && computedByWalk.includes(node.opType)) return undefined
    return `is ${operatorName(node)}`
  }
  const call = scope.call(node)
  const refused = row.refuses?.(call)
  if (refused) return `(${node.opType}) ${refused}`
  if (!depends || !row.isReal) return undefined
  const type = call.inputs[0]?.elementType ?? 0
  return type === 0 || FLOATING.includes(type) ? undefined : `(${node.opType}) computes with ONNX's type ${type}`
}
