import type { Pads } from '../../geometry/index.ts'
import type { Edit } from '../../models/onnx/edit.ts'
import { addInitializer, insertNode, type NewNode, setInput } from '../../models/onnx/edits.ts'
import type { Body, Graph, Model } from '../../network/model.ts'
import type { SpatialNode } from '../../network/spatial-node.ts'

/** What a written `Pad` holds: zeros, the least value of the type, or another value of the graph, by its name. */
export interface Held {
  readonly kind: 'zeros' | 'least' | 'named'
  readonly name?: string
}

/** A `Pad` that is written in front of a node. */
export interface NewPad {
  readonly pads: readonly Pads[]
  readonly holds: Held
}

/** Minus infinity, or the least value, by ONNX's number of the type: its bytes. Of uint8 the least is zero. */
export const least: Readonly<Record<number, readonly number[]>> = {
  1: [0, 0, 0x80, 0xff],
  2: [0],
  3: [0x80],
  10: [0, 0xfc],
  11: [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
  16: [0x80, 0xff],
}
/** The first operator sets whose Pad has these attributes, and takes them as inputs. */
export const [PADS_ATTRIBUTE, PADS_INPUT] = [2, 11]

/** The edits that write it: the Pad, its constants, and the input of the node. */
export function padNodeEdits(model: Model, { node, body, opset, elementType }: SpatialNode, pad: NewPad): Edit[] {
  const { pads, holds } = pad
  const graph = body as Graph
  const fresh = (word: string): string => freshName(model, `${node.outputs[0]}_${word}`)
  const [padded, amounts, value] = [fresh('padded'), fresh('pads'), fresh('pad_value')]
  const all = [0, 0, ...pads.map(([begin]) => begin), 0, 0, ...pads.map(([, end]) => end)]
  const isLeast = holds.kind === 'least'
  const common = { opType: 'Pad', name: padded, outputs: [padded] }
  if (opset < PADS_INPUT) {
    const attributes = { mode: 'constant', pads: all, ...(isLeast && { value: { float: Number.NEGATIVE_INFINITY } }) }
    const early: NewNode = { ...common, inputs: [node.inputs[0]], attributes }
    return [insertNode(body, node, early), setInput(node, 0, padded)]
  }
  const held = isLeast ? value : holds.name
  const late: NewNode = {
    ...common,
    inputs: [node.inputs[0], amounts, ...(held ? [held] : [])],
    attributes: { mode: 'constant' },
  }
  const constant = { name: value, type: { elementType, bytes: least[elementType] }, values: 0 }
  return [
    insertNode(body, node, late),
    setInput(node, 0, padded),
    addInitializer(graph, { name: amounts, type: 'int64', values: all }),
    ...(isLeast ? [addInitializer(graph, constant)] : []),
  ]
}

const known = new WeakMap<Model, Set<string>>()

/** A name that no value of a model has, anywhere; it is taken from then on. */
function freshName(model: Model, wanted: string): string {
  const names = known.get(model) ?? new Set(namesOf(model.graph, model.functions))
  known.set(model, names)
  let name = wanted
  for (let count = 2; names.has(name); count++) name = `${wanted}_${count}`
  names.add(name)
  return name
}

function* namesOf(graph: Graph, functions: readonly Body[]): Iterable<string> {
  const pending: Body[] = [graph, ...functions]
  for (let body = pending.pop(); body; body = pending.pop()) {
    if ('initializers' in body) {
      const { inputs, initializers } = body as Graph
      for (const { name } of [...inputs, ...initializers]) yield name
    }
    for (const { name, outputs, attributes } of body.nodes) {
      yield name
      yield* outputs
      for (const { graph: inner, graphs = [] } of attributes) pending.push(...(inner ? [inner, ...graphs] : graphs))
    }
  }
}
