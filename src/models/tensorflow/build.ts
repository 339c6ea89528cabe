import type { FunctionDefinition, Model } from '../../network/model.ts'
import { type File, ModelBuilder } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { joinSpaceToBatch } from '../space-to-batch.ts'
import { referenced, type TfFunction, type TfGraph, type TfNode } from './graph.ts'
import { operators } from './nodes.ts'
import type { TfCall } from './windows.ts'

/** Nodes that call a function, whose name is their attribute `f`. */
const calls = ['PartitionedCall', 'StatefulPartitionedCall']
/** Domain of the functions of a file. */
const FUNCTIONS = 'tensorflow.function'

/**
 * Makes a model of a graph.
 *
 * @param text the file, where that is a text
 */
export function buildModel(graph: TfGraph, file: File, respell?: Model['respell'], text?: Uint8Array): Model {
  const builder = new ModelBuilder(text)
  new GraphBuilder(builder, graph).add(graph.nodes)
  joinSpaceToBatch(builder)
  const used = new Set(graph.nodes.flatMap(({ inputs }) => inputs.map(referenced)))
  const silent = ['Const', 'NoOp', 'Placeholder', 'SaveV2', 'RestoreV2', 'VarHandleOp', 'Assert']
  for (const { name, op } of graph.nodes) if (!used.has(name) && !silent.includes(op)) builder.output(name)
  for (const one of graph.functions) builder.function(functionOf(one, graph, text))
  return builder.model(file, { producerName: graph.producer, framework: 'tensorflow', ...(respell && { respell }) })
}

/** A function: its body is built like a graph, its constants are nodes. */
function functionOf(one: TfFunction, graph: TfGraph, text: Uint8Array | undefined): FunctionDefinition {
  const inner = new ModelBuilder(text)
  new GraphBuilder(inner, graph).add(one.nodes)
  joinSpaceToBatch(inner)
  return inner.functionOf(
    FUNCTIONS,
    one.name,
    one.inputs,
    one.outputs.map((output) => referenced(output) ?? output),
  )
}

class GraphBuilder {
  readonly #builder: ModelBuilder
  readonly #graph: TfGraph
  /** Nodes that only pass their first input on, by their name. */
  readonly #passing = new Map<string, string>()

  constructor(builder: ModelBuilder, graph: TfGraph) {
    this.#builder = builder
    this.#graph = graph
  }

  add(nodes: readonly TfNode[]): void {
    for (const node of nodes) this.#add(node)
  }

  #add(node: TfNode): void {
    const { name, op, attributes } = node
    const inputs = node.inputs.flatMap((reference) => referenced(reference) ?? [])
    if (op === 'Placeholder')
      this.#builder.input(name, attributes.get('shape')?.shape ?? attributes.get('_output_shapes')?.shape)
    else if (op === 'Const') {
      const tensor = this.#graph.constants.get(name) ?? attributes.get('value')?.tensor
      if (tensor) this.#builder.constant(name, tensor.dims, tensor.values, 6)
    } else if (calls.includes(op)) this.#call(node, inputs)
    else {
      if ((op === 'Identity' || op === 'ReadVariableOp') && inputs.length > 0) this.#passing.set(name, inputs[0])
      addBy(operators, this.#callOf(node, inputs))
    }
  }

  #call(node: TfNode, inputs: readonly string[]): void {
    const target = node.attributes.get('f')?.call ?? ''
    const called = this.#graph.functions.find((one) => one.name === target)
    const outputs = called?.outputs.map((_, index) => (index === 0 ? node.name : `${node.name}:${index}`)) ?? [
      node.name,
    ]
    this.#builder.node(target, inputs, outputs, {}, { name: node.name, span: node.place, domain: FUNCTIONS })
  }

  #callOf(node: TfNode, inputs: readonly string[]): TfCall {
    const constant = (input: number): string => {
      let name = inputs[input] ?? ''
      for (let next = this.#passing.get(name); next !== undefined && next !== name; next = this.#passing.get(name))
        name = next
      return name
    }
    return {
      ...{ ...node, type: node.op, domain: 'tensorflow', inputs, outputs: outputsOf(node), builder: this.#builder },
      dims: (input) => this.#builder.dimsOf(constant(input)),
      values: (input) => this.#builder.valuesOf(constant(input)),
    }
  }
}

/** Names of a node's outputs: of most there is one. */
function outputsOf({ name, op, attributes }: TfNode): string[] {
  const count = ['Split', 'SplitV', 'Unpack'].includes(op)
    ? (attributes.get('num_split')?.int ?? attributes.get('num')?.int ?? 1)
    : 1
  return Array.from({ length: Math.min(count, 1024) }, (_, index) => (index === 0 ? name : `${name}:${index}`))
}
