import { integersOf, readBytes } from '../../bytes/bytes.ts'
import { fileError } from '../../bytes/file-error.ts'
import { Message } from '../../bytes/protobuf.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Frame, Model, Shape } from '../../network/model.ts'
import { openSize } from '../builder.ts'
import { keptValues } from '../limits.ts'
import { buildModel } from './build.ts'
import type { TfAttribute, TfFunction, TfGraph, TfNode, TfTensor } from './graph.ts'
import { respellProto } from './respell-proto.ts'
import {
  attrValue,
  dimension,
  entry,
  functionDef,
  graphDef,
  INT32,
  INT64,
  library,
  listValue,
  metaGraph,
  nameList,
  nodeDef,
  opDef,
  savedModel,
  shapeProto,
  tensorProto,
} from './schema.ts'

/** Bytes of a constant that is computed with. */
const SMALL = keptValues.tensorflow

/** Reads a GraphDef, a frozen graph (`.pb`). */
export function readGraphDef(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => modelOf(source, new Message(bytes)))
}

/** Reads a SavedModel (`saved_model.pb`): the first of its graphs. */
export function readSavedModel(source: ByteSource): Promise<Model> {
  return readBytes(source, (bytes) => {
    const graph = new Message(bytes).messages(savedModel.metaGraphs)[0]?.message(metaGraph.graph)
    if (!graph) throw fileError('tensorflow', 'a SavedModel must have a graph', new Verbatim('none'))
    return modelOf(source, graph)
  })
}

function modelOf(source: ByteSource, graph: Message): Model {
  const nodes = graph.messages(graphDef.node).map(nodeOf)
  if (nodes.length === 0) throw fileError('tensorflow', 'a graph must have nodes', new Verbatim('none'))
  const functions = graph.message(graphDef.library)?.messages(library.function).map(functionOf) ?? []
  const found: TfGraph = { nodes, functions, constants: new Map(), producer: 'TensorFlow' }
  const all = [...nodes, ...functions.flatMap((one) => one.nodes)]
  return buildModel(found, source, respellProto(all))
}

function nodeOf(message: Message): TfNode {
  const entries = message
    .messages(nodeDef.attribute)
    .map((one) => ({ key: one.text(entry.key) ?? '', value: one.message(entry.value) }))
  const frameOf = (name: string): Frame | undefined => entries.findLast(({ key }) => key === name)?.value?.frame
  return {
    name: message.text(nodeDef.name) ?? '',
    op: message.text(nodeDef.op) ?? '',
    inputs: message.texts(nodeDef.input),
    attributes: new Map(entries.map(({ key, value }) => [key, attributeOf(value)])),
    place: { begin: message.begin, end: message.end },
    places: { frame: message.frame, padding: frameOf('padding'), numbers: frameOf('explicit_paddings') },
  }
}

function attributeOf(value: Message | undefined): TfAttribute {
  if (!value) return {}
  const [shape, tensor, list, func] = [attrValue.shape, attrValue.tensor, attrValue.list, attrValue.func].map(
    (number) => value.message(number),
  )
  if (tensor) return { tensor: tensorOf(tensor) }
  if (shape) return { shape: shapeOf(shape) }
  if (func) return { call: func.text(nameList.name) }
  if (value.has(attrValue.text)) return { text: value.text(attrValue.text) }
  if (value.has(attrValue.int)) return { int: value.integer(attrValue.int) }
  if (value.has(attrValue.bool)) return { bool: value.bool(attrValue.bool) }
  return list ? { ints: list.integers(listValue.ints) } : {}
}

function shapeOf(shape: Message): Shape | undefined {
  if (shape.bool(shapeProto.unknownRank)) return undefined
  return shape.messages(shapeProto.dim).map((dim) => openSize(dim.integer(dimension.size)))
}

function tensorOf(tensor: Message): TfTensor {
  const dims =
    tensor
      .message(tensorProto.shape)
      ?.messages(shapeProto.dim)
      .map((dim) => Math.max(0, dim.integer(dimension.size))) ?? []
  const dtype = tensor.integer(tensorProto.dtype)
  const elements = dims.reduce((product, size) => product * size, 1)
  return {
    dims,
    values() {
      if ((dtype !== INT32 && dtype !== INT64) || elements > SMALL / 4) return undefined
      const content = tensor.bytes(tensorProto.content)
      if (content && content.length > 0) {
        const width = dtype === INT64 ? 8 : 4
        return content.length % width === 0 ? integersOf(content, width) : undefined
      }
      const list = tensor.integers(dtype === INT64 ? tensorProto.longs : tensorProto.ints)
      // A list that is too short goes on with its last number.
      return list.length === 0
        ? undefined
        : Array.from({ length: elements }, (_, index) => list[Math.min(index, list.length - 1)])
    },
  }
}

function functionOf(message: Message): TfFunction {
  const signature = message.message(functionDef.signature)
  const returned = new Map(
    message.messages(functionDef.ret).map((one) => [one.text(entry.key) ?? '', one.text(entry.value) ?? '']),
  )
  const names = (number: number): string[] => signature?.messages(number).map((one) => one.text(opDef.name) ?? '') ?? []
  return {
    name: signature?.text(opDef.name) ?? '',
    inputs: names(opDef.input),
    outputs: names(opDef.output).map((name) => returned.get(name) ?? name),
    nodes: message.messages(functionDef.node).map(nodeOf),
  }
}
