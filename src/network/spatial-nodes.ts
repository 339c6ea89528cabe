import { clip } from '../geometry/error.ts'
import { checkObject, checkOptions } from '../geometry/options.ts'
import { checkShape } from '../tensor/tensor.ts'
import { wayTo } from './before.ts'
import { behindEach, type FoundWindow } from './behind.ts'
import { complaint } from './complain.ts'
import type { Misdeclared, SizeConflict } from './conflict.ts'
import { neutralOf } from './filling.ts'
import { type LooseWay, looseIn } from './loose.ts'
import { type Graph, inputsOf, labelOf, type Model, type Node } from './model.ts'
import type { SpatialNode, SpatialOptions } from './spatial-node.ts'
import { walk } from './walk.ts'

const STAGE = 'spatialNodes'

/**
 * Every node of a model that slides a window, in the order of its graph, with what it is padded by: Conv, ConvTranspose,
 * MaxPool, AveragePool, LpPool, QLinearConv, ConvInteger, DeformConv and the fused variants of `com.microsoft`, in
 * subgraphs and functions too.
 *
 * Sizes follow from those of the inputs, operator by operator. Where an operator is not known, or its result depends on
 * values, what the file says of the value (`value_info`) is taken instead; it is not taken when `inputs` gives an input
 * another size than the file does.
 *
 * @throws SamepadError when `inputs` names no input or has another number of dimensions than it, and when functions call
 * themselves or come to more than 100,000 nodes
 */
export function spatialNodes(model: Model, options: SpatialOptions = {}): SpatialNode[] {
  return [...traceModel(model, options).nodes]
}

/** What a walk through a model comes by. */
export interface Trace {
  /** Every node that slides a window. */
  readonly nodes: readonly SpatialNode[]
  /** Nodes that cannot work with the sizes that reach them, in the order of the graph: the model does not run. */
  readonly conflicts: readonly SizeConflict[]
  /** Finds the Pads and Slices that stand around none of them. */
  readonly loose: () => readonly LooseWay[]
  /** Values that have another shape than the file declares; none where an input has another size than the file says. */
  readonly misdeclared: readonly Misdeclared[]
}

/** Walks through a model once; `spatialNodes` says how and what it throws. */
export function traceModel(model: Model, options: SpatialOptions = {}): Trace {
  checkOptions(STAGE, options, ['inputs'])
  const inputs = checkInputs(model, options.inputs ?? {})
  const nodes: SpatialNode[] = []
  const windows: FoundWindow[] = []
  const conflicts: SizeConflict[] = []
  const misdeclared: Misdeclared[] = []
  const calls = new Map<Node, number>()
  const main = walk(model, inputs, {
    window(call, described, scope) {
      const { node, opset } = call
      calls.set(node, (calls.get(node) ?? 0) + 1)
      const { path, body, isSkipped } = scope.parts
      const graph = 'initializers' in body ? (body as Graph) : undefined
      const place = { index: nodes.length, name: labelOf(node), path, node, body, graph, opset, calls: 1, isSkipped }
      const rank = described.axes.length + 2
      const way = wayTo(
        call,
        scope,
        described.axes.map(({ setting }) => setting),
      )
      windows.push({ call, scope, rank, before: way.before })
      nodes.push({ ...place, ...described, ...way, behind: [], neutral: neutralOf(call, described.op) })
    },
    conflict: (conflict) => conflicts.push(conflict),
    misdeclared: (value) => misdeclared.push(value),
  })
  const behind = behindEach(windows)
  const taken = new Set(behind.flatMap((surrounds) => surrounds.map(({ node }) => node)))
  const claimed = new Set([...taken, ...windows.flatMap(({ before }) => before.map(({ node }) => node))])
  return {
    nodes: nodes.map((one, index) => ({
      ...one,
      calls: calls.get(one.node) ?? 1,
      behind: behind[index],
      ...withoutThose(taken, one),
    })),
    conflicts,
    misdeclared,
    loose: () => looseIn(new Set([main, ...windows.map(({ scope }) => scope)]), claimed),
  }
}

/** What stands before a node, but for what stands behind another one. */
function withoutThose(taken: ReadonlySet<Node>, { before, pad }: SpatialNode): Pick<SpatialNode, 'before' | 'pad'> {
  return {
    before: before.filter(({ node }) => !taken.has(node)),
    pad: pad && taken.has(pad.node) ? undefined : pad,
  }
}

/** Shapes of inputs that somebody gave, each of which must be one of the model's and have as many dimensions. */
export function checkInputs(
  model: Model,
  given: Readonly<Record<string, readonly number[]>>,
): Record<string, readonly number[]> {
  checkObject(STAGE, given)
  const inputs = inputsOf(model)
  const names = inputs.map(({ name }) => name)
  return Object.fromEntries(
    Object.entries(given).map(([name, shape]) => {
      const input = inputs.find((one) => one.name === name)
      if (!input) throw complaint(`an input must be one of the model's: ${clip(names.join(', '))}`, name)
      const rank = input.shape?.length
      checkShape(STAGE, name, shape, 1)
      if (rank !== undefined && shape.length !== rank) {
        throw complaint(`the shape of ${name} must have ${rank} dimensions`, shape)
      }
      return [name, shape]
    }),
  )
}
