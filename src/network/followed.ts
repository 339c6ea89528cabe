import { everyRule } from '../conventions/rows/index.ts'
import type { AxisSources } from '../operators/axes.ts'
import type { Call } from '../operators/call.ts'
import type { SizeConflict } from './conflict.ts'
import { inputsOf, type Model, type Node, type Shape } from './model.ts'
import type { Scope } from './scope.ts'
import { sourcesOf } from './sources.ts'
import { walk } from './walk.ts'
import type { Described } from './window.ts'

/** A node that depends on an input of the model, with where the cells of its outputs come from. */
export interface FollowedNode {
  readonly node: Node
  readonly call: Call<Node>
  /** Of a node that slides a window. */
  readonly described: Described | undefined
  /** The values that it reads. A node that holds graphs may read any of the model's inputs. */
  readonly read: readonly string[]
  /** The sources of each of its outputs. */
  readonly sources: readonly AxisSources[]
}

/** A model's graph, followed from its inputs to its outputs. */
export interface Followed {
  /** The scope of the graph: what is known of its values. */
  readonly scope: Scope
  /** In the order of the graph. */
  readonly nodes: readonly FollowedNode[]
  readonly conflicts: readonly SizeConflict[]
  /** Whether a value depends on an input of the model. */
  readonly isDependent: (value: string) => boolean
}

/**
 * Follows the axes of a model's values from node to node. What a subgraph or a function does is not followed.
 *
 * @param inputs shapes of the model's inputs by name, which win over those of the file
 */
export function follow(model: Model, inputs: Readonly<Record<string, Shape>>): Followed {
  const described = new Map<Node, Described>()
  const conflicts: SizeConflict[] = []
  const scope = walk(model, inputs, everyRule, {
    window: ({ node }, window) => void described.set(node, window),
    conflict: (conflict) => void conflicts.push(conflict),
  })
  const names = inputsOf(model).map(({ name }) => name)
  const functions = new Set(model.functions.map(({ domain, name }) => `${domain} ${name}`))
  const dependent = new Set(names)
  const nodes = model.graph.nodes.flatMap((node): FollowedNode[] => {
    // What a subgraph takes from around it is not named here: it may be anything.
    const read = node.attributes.some(({ graph }) => graph) ? [...node.inputs, ...names] : node.inputs
    if (!read.some((name) => dependent.has(name))) return []
    for (const output of node.outputs) dependent.add(output)
    const name = node.outputs.find((one) => one !== '')
    const call = name === undefined ? undefined : scope.producer(name)?.call
    if (!call || name === undefined) return []
    const sources = sourcesOf({
      ...{ call, described: described.get(node), output: scope.fact(name)?.shape },
      ranks: read.map((value) => scope.fact(value)?.shape?.length),
      isConstant: (index) => !dependent.has(node.inputs[index] ?? ''),
      isFollowed: !functions.has(`${node.domain} ${node.opType}`),
    })
    return [{ node, call, described: described.get(node), read, sources }]
  })
  return { scope, nodes, conflicts, isDependent: (value) => dependent.has(value) }
}
