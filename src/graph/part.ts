import { Remembered } from '../analysis/remembered.ts'
import { isSameShape } from '../run/memory/result.ts'
import { allocate, type Tensor, type TensorLike, valuesOf } from '../tensor/tensor.ts'
import { type LaidOut, laidOut } from './arrange/choose-layout.ts'
import { mergeSteps } from './arrange/merge.ts'
import { bindStep } from './bind/bind.ts'
import type { RunningOptions } from './bind/binding.ts'
import { LayerStore } from './bind/layer-store.ts'
import { type GraphSchedule, scheduleOf } from './bind/schedule.ts'
import { operationDetail, operationName } from './describe.ts'
import { type ConstantSource, type LoweringTools, lowerGraph } from './lower/lower.ts'
import type { GraphStep, GraphValue } from './lower/operation.ts'
import { NetworkRest } from './lower/rest.ts'
import type { WeightedModel } from './model/load.ts'

/** A model as far as its sizes follow from those of its inputs: what runs without a stop. */
export class NetworkPart {
  readonly #how: RunningOptions
  readonly #layers = new LayerStore()
  readonly #constants = new Map<string, GraphValue>()
  /** What was computed of constants alone, by the node and its place among them. */
  readonly #computed = new Map<string, Computed>()
  /** The steps for sizes that came before, which often come again. */
  readonly #laid = new Remembered<LaidOut>({ weigh: (laid) => this.#weigh(laid), most: MOST_LAID })
  #weighted: WeightedModel
  #schedule: GraphSchedule | undefined
  #rest: NetworkRest | undefined
  #next: NetworkPart | undefined

  constructor(weighted: WeightedModel, how: RunningOptions) {
    this.#weighted = weighted
    this.#how = how
  }

  /** The steps for inputs of such shapes. */
  lower(shapes: Readonly<Record<string, readonly number[]>>): LaidOut {
    return this.#laid.get(JSON.stringify(shapes), () => {
      const tools = { compute: this.#computing(), constant: (name: string) => this.#constant(name) }
      return laidOut(mergeSteps(lowerGraph(this.#weighted, shapes, tools)), this.#how.layout)
    })
  }

  /** The schedule of before, where inputs have the sizes of before. */
  scheduleOf(inputs: Readonly<Record<string, unknown>>): GraphSchedule | undefined {
    const schedule = this.#schedule
    const isAsBefore = schedule?.graph.inputs.every(({ name }, index) => {
      return Object.hasOwn(inputs, name) && valuesOf(inputs[name], schedule.inputs[index].shape)
    })
    return isAsBefore ? schedule : undefined
  }

  /** A schedule for inputs of such shapes. */
  plan(shapes: Readonly<Record<string, readonly number[]>>): GraphSchedule {
    const laid = this.lower(shapes)
    const { graph } = laid
    this.#forget()
    this.#layers.forget()
    this.#schedule = scheduleOf(laid, this.#layers, this.#how)
    this.#layers.tidy()
    if (graph.rest) this.#rest = new NetworkRest(this.#weighted, graph.rest)
    return this.#schedule
  }

  /** Copies inputs to their places. The memory is taken first, which may move a tensor of the caller's. */
  feed({ graph, inputs, memory }: GraphSchedule, given: Readonly<Record<string, TensorLike>>): void {
    memory.floats
    for (const [index, { name }] of graph.inputs.entries()) inputs[index].data.set(given[name].data)
  }

  /**
   * The part behind this one, which must not be the last, with its inputs.
   *
   * @param computed what it reads, by names
   */
  next(computed: ReadonlyMap<string, Tensor>): NextPart {
    const { inputs, weighted } = (this.#rest as NetworkRest).take(computed)
    if (weighted && this.#next) this.#next.#renew(weighted)
    else if (weighted) this.#next = new NetworkPart(weighted, this.#how)
    return { part: this.#next as NetworkPart, inputs }
  }

  /** Frees all program memory. A later run takes it again. */
  release(): void {
    this.#layers.release()
    this.#schedule?.release()
    this.#next?.release()
  }

  /** Takes another model of the same nodes, of which some constants are others. */
  #renew(weighted: WeightedModel): void {
    for (const [name, elements] of weighted.constants) {
      if (this.#weighted.constants.get(name) !== elements) this.#constants.delete(name)
    }
    this.#weighted = weighted
    this.#laid.clear()
    this.#forget()
  }

  #forget(): void {
    this.#schedule?.release()
    this.#next?.release()
    this.#schedule = undefined
    this.#rest = undefined
    this.#next = undefined
  }

  #constant(name: string): GraphValue | undefined {
    const known = this.#constants.get(name)
    const elements = this.#weighted.constants.get(name)
    if (known || !elements) return known
    const { data, shape } = elements
    const value = { name, shape, constant: data instanceof Float32Array ? data : Float32Array.from(data) }
    this.#constants.set(name, value)
    return value
  }

  /** About how many bytes the steps of a size take: constants may have been computed for it. */
  #weigh({ graph: { steps } }: LaidOut): number {
    const constants = new Set(steps.flatMap(({ inputs }) => inputs.map(({ constant }) => constant)))
    return [...constants].reduce(
      (sum, constant) => sum + (constant?.byteLength ?? 0),
      NODE * this.#weighted.model.graph.nodes.length,
    )
  }

  /** Computes steps on constants; what was computed for another size of the same constants is there. */
  #computing(): LoweringTools['compute'] {
    let count = 0
    return (step, sources) => {
      const key = `${step.node} ${count++}`
      const known = this.#computed.get(key)
      if (known && isSame(known.step, step) && isFixed(known.sources, sources)) return known.results
      const inputs = step.inputs.map(({ constant, shape }) => ({ data: constant as Float32Array, shape }))
      const outputs = step.outputs.map(({ shape }): Tensor => allocate('run', step.node, shape))
      const layers = new LayerStore()
      bindStep(step, inputs, outputs, { ...this.#how, layers, isJoined: () => false })()
      layers.release()
      const results = outputs.map(({ data }) => data)
      this.#computed.set(key, { step, sources, results })
      return results
    }
  }
}

/** The most bytes of what is remembered of sizes, and about how many of them a node takes. */
const [MOST_LAID, NODE] = [2 ** 21, 2048]

/** A part and what it is run on. */
export interface NextPart {
  readonly part: NetworkPart
  readonly inputs: Readonly<Record<string, Tensor>>
}

interface Computed {
  readonly step: GraphStep
  readonly sources: readonly ConstantSource[]
  readonly results: readonly Float32Array[]
}

/** Whether a node reads the same constants, and nothing that follows from the sizes. */
function isFixed(a: readonly ConstantSource[], b: readonly ConstantSource[]): boolean {
  return a.every((source, index) => source !== undefined && source === b[index])
}

/** Whether two steps compute the same of the same constants, as far as that can be seen. */
function isSame(a: GraphStep, b: GraphStep): boolean {
  const alike = (x: readonly GraphValue[], y: readonly GraphValue[]): boolean =>
    x.length === y.length &&
    x.every(({ shape, constant }, at) => constant === y[at].constant && isSameShape(shape, y[at].shape))
  if (operationName(a) !== operationName(b) || !alike(a.inputs, b.inputs)) return false
  const shapes = (step: GraphStep): string => step.outputs.map(({ shape }) => `[${shape}]`).join()
  return shapes(a) === shapes(b) && operationDetail(a) === operationDetail(b)
}
