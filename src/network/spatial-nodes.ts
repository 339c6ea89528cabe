import { everyRule } from '../conventions/rows/index.ts'
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
import type { Described } from './window.ts'

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
  const windows: Found[] = []
  const conflicts: SizeConflict[] = []
  const misdeclared: Misdeclared[] = []
  const calls = new Map<Node, number>()
  const main = walk(model, inputs, everyRule, {
    window(call, described, scope) {
      calls.set(call.node, (calls.get(call.node) ?? 0) + 1)
      const settings = described.axes.map(({ setting }) => setting)
      windows.push({ call, scope, rank: settings.length + 2, described, ...wayTo(call, scope, settings) })
    },
    conflict: (conflict) => conflicts.push(conflict),
    misdeclared: (value) => misdeclared.push(value),
  })
  const behind = behindEach(windows)
  const taken = new Set(behind.flatMap((surrounds) => surrounds.map(({ node }) => node)))
  const claimed = new Set([...taken, ...windows.flatMap(({ before }) => before.map(({ node }) => node))])
  return {
    nodes: windows.map((found, index) => nodeOf(found, index, calls.get(found.call.node) ?? 1, behind[index], taken)),
    conflicts,
    misdeclared,
    loose: () => looseIn(new Set([main, ...windows.map(({ scope }) => scope)]), claimed),
  }
}

/** A window with all that was found of it. */
interface Found extends FoundWindow {
  readonly described: Described
  readonly pad: SpatialNode['pad']
}

/**
 * One entry of the list.
 *
 * @param taken what stands behind a window, which is before no other one
 */
function nodeOf(
  { call, scope, described, before, pad }: Found,
  index: number,
  calls: number,
  behind: SpatialNode['behind'],
  taken: ReadonlySet<Node>,
): SpatialNode {
  const { node, opset } = call
  const { path, body, isSkipped } = scope.parts
  return {
    index,
    name: labelOf(node),
    path,
    node,
    body,
    graph: 'initializers' in body ? (body as Graph) : undefined,
    opset,
    calls,
    isSkipped,
    ...described,
    pad: pad && taken.has(pad.node) ? undefined : pad,
    before: before.some(({ node }) => taken.has(node)) ? before.filter(({ node }) => !taken.has(node)) : before,
    behind,
    neutral: neutralOf(call, described.op),
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
