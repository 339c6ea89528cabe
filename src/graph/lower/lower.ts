import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { inputsOf, labelOf, type Model, type Node, type Shape } from '../../network/model.ts'
import type { Scope } from '../../network/scope.ts'
import { allNumbers, numbersOf } from '../../operators/fact.ts'
import { DEEPEST, withoutBranches } from '../model/branches.ts'
import { follow } from '../model/follow.ts'
import type { WeightedModel } from '../model/load.ts'
import { type GraphStep, type GraphValue, NO_ELEMENTS, sizeOf } from './operation.ts'
import { runRowOf } from './operators/index.ts'
import { Site, type SiteSurroundings, type SiteWindow } from './site.ts'
import { takenPad } from './taken-pad.ts'
import { type LoweredRest, Waiting } from './waiting.ts'

/** A model for inputs of certain sizes, as steps in their order. */
export interface LoweredGraph {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  /** The model's names of the outputs: outputs of the model, and behind them what the rest reads. */
  readonly names: readonly string[]
  readonly steps: readonly GraphStep[]
  /** What can be lowered only when these steps have run; undefined where that is nothing. */
  readonly rest: LoweredRest | undefined
}

/** What lowering asks of whoever keeps things from size to size. */
export interface LoweringTools {
  /**
   * Computes a step whose inputs are constants.
   *
   * @param sources the constants that its node reads, among them what only says how it computes; undefined for numbers that
   * follow from the sizes
   */
  readonly compute: (step: GraphStep, sources: readonly ConstantSource[]) => readonly Float32Array[]
  /** The elements of a constant of the model as float32, the same array each time. */
  readonly constant: (name: string) => GraphValue | undefined
}

/** The elements of a constant, null for an input that is left out, or computed by a step: a step on constants does not read it. */
export type ConstantSource = Float32Array | null | undefined

const STAGE = 'run'

/**
 * Makes the steps of a model for inputs of certain sizes.
 *
 * @throws SamepadError where sizes do not meet, or do not follow from those of the inputs
 */
export function lowerGraph(
  weighted: WeightedModel,
  shapes: Readonly<Record<string, readonly number[]>>,
  { compute, constant }: LoweringTools,
): LoweredGraph {
  const { model, scope, windows } = chosen(weighted.model, shapes)
  const steps: GraphStep[] = []
  const values = new Map<string, GraphValue>()
  const inputs = inputsOf(model).map(({ name }): GraphValue => {
    const shape = shapes[name]
    return { name, shape, constant: sizeOf(shape) === 0 ? NO_ELEMENTS : undefined }
  })
  for (const input of inputs) values.set(input.name, input)
  const find = (name: string): GraphValue | undefined => values.get(name) ?? constant(name) ?? known(scope, name)
  const value = (name: string): GraphValue => {
    const found = find(name)
    if (!found)
      throw new SamepadError(STAGE, `${name} must follow from the sizes of the inputs`, new Verbatim('an open value'))
    values.set(name, found)
    return found
  }
  const sourceOf = (name: string): ConstantSource => {
    const made = values.get(name)
    if (name === '' || (made && !made.constant)) return null
    return made?.constant ?? constant(name)?.constant
  }
  const around: SiteSurroundings = {
    value,
    fact: (name) => scope.fact(name),
    add: (step) => void steps.push(step),
    compute: (step, { inputs }) => compute(step, inputs.map(sourceOf)),
  }
  const waiting = new Waiting(scope, find, (name) => constant(name) !== undefined)
  for (const node of neededNodes(model)) {
    if (node.outputs.every((name) => values.has(name) || constant(name) || numbersOf(scope.fact(name)))) continue
    const call = scope.call(node)
    if (waiting.takes(call)) continue
    const row = runRowOf(node)
    if (!row?.lower) throw new SamepadError(STAGE, `${labelOf(node)} must be computable from sizes`, node.opType)
    const made = row.lower(new Site(call, around, windows.get(node)))
    const list = Array.isArray(made) ? (made as readonly GraphValue[]) : [made as GraphValue]
    node.outputs.forEach((name, index) => {
      if (name !== '' && list[index]) values.set(name, list[index])
    })
  }
  const rest = waiting.rest()
  const done = model.graph.outputs.map(({ name }) => name).filter((name) => !waiting.makes(name))
  const names = [...done, ...(rest?.reads.keys() ?? [])]
  return { inputs, outputs: names.map(value), names, steps, rest }
}

/** A model as it is at certain sizes. */
interface ChosenModel {
  readonly model: Model
  /** What is known of its values. */
  readonly scope: Scope
  readonly windows: ReadonlyMap<Node, SiteWindow>
}

/** The model with the branches that its sizes and constants choose. */
function chosen(model: Model, shapes: Readonly<Record<string, Shape>>): ChosenModel {
  let found = followed(model, shapes)
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = withoutBranches(found.model, depth, () => found.scope)
    if (next === found.model) break
    found = followed(next, shapes)
  }
  return found
}

function followed(model: Model, shapes: Readonly<Record<string, Shape>>): ChosenModel {
  const windows = new Map<Node, SiteWindow>()
  const scope = follow(model, shapes, {
    window: (call, described, inner) =>
      void windows.set(call.node, { described, pad: takenPad(call, described, inner) }),
    conflict: ({ name, must, got }) => {
      throw new SamepadError(STAGE, `in ${name} ${must}`, new Verbatim(got))
    },
  })
  return { model, scope, windows }
}

/** A small value that the walk computed. */
function known(scope: Scope, name: string): GraphValue | undefined {
  const fact = scope.fact(name)
  const [numbers, shape] = [numbersOf(fact), allNumbers(fact?.shape)]
  return numbers && shape && { name, shape, constant: Float32Array.from(numbers) }
}

const needed = new WeakMap<Model, readonly Node[]>()

/** The nodes that the outputs depend on, in their order. */
function neededNodes(model: Model): readonly Node[] {
  const found = needed.get(model) ?? nodesBehind(model)
  needed.set(model, found)
  return found
}

function nodesBehind({ graph }: Model): Node[] {
  const wanted = new Set(graph.outputs.map(({ name }) => name))
  const nodes = graph.nodes.toReversed().filter((node) => {
    const isWanted = node.outputs.some((name) => wanted.has(name))
    if (isWanted) for (const name of node.inputs) wanted.add(name)
    return isWanted
  })
  return nodes.toReversed()
}
