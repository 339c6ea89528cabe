import { clip, Verbatim } from '../geometry/error.ts'
import { SamepadError } from '../geometry/index.ts'
import { inputsOf, labelOf, type Model, type Node } from '../network/model.ts'
import type { Scope } from '../network/scope.ts'
import { walk } from '../network/walk.ts'
import { FLOATING } from '../operators/fact.ts'
import { operatorOf } from '../operators/index.ts'
import { runRowOf } from './operators/index.ts'

const STAGE = 'loadNetwork'
/** As many nodes are named in an error. */
const MOST_NAMED = 6

/** Operators without a row here whose results a walk computes, where they do not depend on values of the inputs. */
const computedByWalk: readonly string[] = ['Constant', 'Shape', 'Size', 'Range', 'NonZero']

/**
 * Checks that every node runs, before anything is computed.
 *
 * @throws SamepadError that names the operators and nodes that do not
 */
export function checkScope(model: Model): void {
  const scope = walk(model, {}, {})
  const inputs = inputsOf(model)
  const dependent = new Set(inputs.map(({ name }) => name))
  const problems: string[] = []
  for (const node of model.graph.nodes) {
    const reads = node.inputs.some((name) => dependent.has(name))
    const isDependent = reads && !operatorOf(node)?.takesSizes
    if (isDependent) for (const output of node.outputs) dependent.add(output)
    const problem = problemOf(node, scope, isDependent ? (name) => dependent.has(name) : undefined)
    if (problem) problems.push(`${labelOf(node)} ${problem}`)
  }
  for (const { name, elementType } of inputs) {
    if (elementType !== 0 && !FLOATING.includes(elementType))
      problems.push(`input ${name} is of ONNX's type ${elementType}`)
  }
  if (problems.length === 0) return
  const more = problems.length - MOST_NAMED
  const named = problems.slice(0, MOST_NAMED).map((one) => clip(one))
  const text = [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')
  throw new SamepadError(STAGE, 'every node must be one that samepad runs', new Verbatim(text))
}

/** Why a node is out of scope, as a clause. `depends` tells of values that hang on what the inputs hold. */
function problemOf(node: Node, scope: Scope, depends: ((name: string) => boolean) | undefined): string | undefined {
  if (node.attributes.some(({ graph, graphs }) => graph || graphs)) return `(${node.opType}) holds graphs`
  const row = runRowOf(node)
  if (!row) {
    if (!depends && node.domain === '' && computedByWalk.includes(node.opType)) return undefined
    return node.domain === '' ? `is ${node.opType}` : `is ${node.domain}.${node.opType}`
  }
  const call = scope.call(node)
  const refused = row.refuses?.(call)
  if (refused) return `(${node.opType}) ${refused}`
  if (!depends) return undefined
  const computed = row.constants?.find((index) => depends(node.inputs[index] ?? ''))
  if (computed !== undefined) return `(${node.opType}) computes its input ${computed}`
  const type = call.inputs[0]?.elementType ?? 0
  const isReal = type === 0 || FLOATING.includes(type)
  return isReal || row.takesAnything ? undefined : `(${node.opType}) computes with ONNX's type ${type}`
}
