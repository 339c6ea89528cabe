import { SamepadError } from '../../geometry/index.ts'
import type { Elements } from '../../models/onnx/read-elements.ts'
import { labelOf, type Node, type ValueInfo } from '../../network/model.ts'
import { isSameShape } from '../../run/memory/result.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { storedAs, type WeightedModel } from '../model/load.ts'
import { runRowOf } from './operators/index.ts'
import type { LoweredRest } from './waiting.ts'

/** What the rest of a model runs on. */
export interface RestInputs {
  readonly inputs: Readonly<Record<string, Tensor>>
  /** The rest as a model, where it is not that of the last time. */
  readonly weighted: WeightedModel | undefined
}

/**
 * What of a model could not be lowered with the steps before it: boxes that are left, or as many cells as were counted. It is a model
 * of its own, whose inputs are what was computed; what must be known of them are its constants, others at each run.
 */
export class NetworkRest {
  readonly #weighted: WeightedModel
  readonly #rest: LoweredRest
  /** Nodes that are computed as they stand. */
  readonly #between: readonly Node[]
  readonly #known = new Map<string, Elements>()
  #isNew = true

  constructor({ model, constants }: WeightedModel, rest: LoweredRest) {
    const isThere = (name: string): boolean => name === '' || rest.reads.has(name) || constants.has(name)
    const between = rest.nodes.filter((node) => runRowOf(node)?.between && node.inputs.every(isThere))
    const nodes = rest.nodes.filter((node) => !between.includes(node))
    const names = [...rest.reads, ...between.flatMap(({ outputs }) => outputs)]
    const inputs = names.map((name): ValueInfo => {
      return { frame: model.frame, name, elementType: rest.typeOf(name), shape: undefined }
    })
    // The others are outputs of the part before.
    const made = new Set(rest.nodes.flatMap((node) => node.outputs))
    const outputs = model.graph.outputs
      .filter(({ name }) => made.has(name))
      .map((output) => ({ ...output, shape: undefined }))
    this.#rest = rest
    this.#between = between
    this.#weighted = { model: { ...model, graph: { ...model.graph, nodes, inputs, outputs, values: [] } }, constants }
  }

  /** @param computed all that the rest reads, by names */
  take(computed: ReadonlyMap<string, Tensor>): RestInputs {
    const all = new Map(computed)
    for (const node of this.#between) {
      const made = runRowOf(node)?.between?.(
        node.inputs.map((name) => all.get(name) ?? this.#constant(name)),
        node,
      )
      for (const [index, name] of node.outputs.entries()) {
        if (name === '') continue
        if (!made?.[index])
          throw new SamepadError('run', `${labelOf(node)} must have fewer outputs`, node.outputs.length)
        all.set(name, made[index])
      }
    }
    const weighted = this.#learn(all) ? this.#renewed() : undefined
    return { inputs: Object.fromEntries([...all].filter(([name]) => !this.#known.has(name))), weighted }
  }

  #constant(name: string): Tensor | undefined {
    const elements = this.#weighted.constants.get(name)
    return elements && { shape: elements.shape, data: Float32Array.from(elements.data) }
  }

  /** Keeps what must be known; whether something is new. */
  #learn(all: ReadonlyMap<string, Tensor>): boolean {
    let isNew = this.#isNew
    for (const name of this.#rest.known) {
      const { data, shape } = all.get(name) as Tensor
      const old = this.#known.get(name)
      if (old && isSameShape(old.shape, shape) && old.data.every((one, at) => Object.is(one, data[at]))) continue
      this.#known.set(name, { data: data.slice(), shape, elementType: this.#rest.typeOf(name) })
      isNew = true
    }
    this.#isNew = false
    return isNew
  }

  #renewed(): WeightedModel {
    const { model, constants } = this.#weighted
    const stored = [...this.#known].map(([name, elements]) => storedAs(name, elements))
    const initializers = [...model.graph.initializers, ...stored]
    return {
      model: { ...model, graph: { ...model.graph, initializers } },
      constants: new Map([...constants, ...this.#known]),
    }
  }
}
