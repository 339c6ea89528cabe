import { deepest } from '../limits.ts'
import { complaint } from './complain.ts'

/** The messages of `onnx.proto` that have messages in them which are looked into; `plain` ones have names and numbers. */
export type MessageKind =
  | 'model'
  | 'graph'
  | 'function'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparseTensor'
  | 'value'
  | 'type'
  | 'tensorType'
  | 'shape'
  | 'plain'

/** The fields of each message that are read or written, by their numbers (onnx/onnx.proto). */
export const fields = {
  model: { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opset: 8, function: 25 },
  graph: { node: 1, name: 2, initializer: 5, input: 11, output: 12, value: 13, sparseInitializer: 15 },
  function: {
    ...{ name: 1, input: 4, output: 5, node: 7, opset: 9, domain: 10, default: 11, value: 12, overload: 13 },
  },
  opset: { domain: 1, version: 2 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7, overload: 8 },
  attribute: {
    ...{ name: 1, float: 2, int: 3, string: 4, tensor: 5, graph: 6, floats: 7, ints: 8, strings: 9, tensors: 10 },
    ...{ graphs: 11, type: 20, reference: 21 },
  },
  tensor: {
    ...{ dims: 1, elementType: 2, floats: 4, int32s: 5, int64s: 7, name: 8, raw: 9, doubles: 10, uint64s: 11 },
    ...{ external: 13, location: 14 },
  },
  sparseTensor: { values: 1, dims: 3 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensorType: { elementType: 1, shape: 2 },
  shape: { dimension: 1 },
  dimension: { size: 1, name: 2 },
  entry: { key: 1, value: 2 },
} as const

/** AttributeProto.type: which value an attribute has. */
export const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const

/**
 * The fields that hold messages, with their kind. Whatever else is long in a message is data: the values of a tensor, a
 * documentation.
 */
export const partsOf: Readonly<Record<MessageKind, Readonly<Record<number, MessageKind>>>> = {
  model: { [fields.model.graph]: 'graph', [fields.model.opset]: 'plain', [fields.model.function]: 'function' },
  graph: {
    [fields.graph.node]: 'node',
    [fields.graph.initializer]: 'tensor',
    [fields.graph.input]: 'value',
    [fields.graph.output]: 'value',
    [fields.graph.value]: 'value',
    [fields.graph.sparseInitializer]: 'sparseTensor',
  },
  function: {
    [fields.function.node]: 'node',
    [fields.function.opset]: 'plain',
    [fields.function.default]: 'attribute',
    [fields.function.value]: 'value',
  },
  node: { [fields.node.attribute]: 'attribute' },
  attribute: {
    [fields.attribute.tensor]: 'tensor',
    [fields.attribute.graph]: 'graph',
    [fields.attribute.tensors]: 'tensor',
    [fields.attribute.graphs]: 'graph',
  },
  tensor: { [fields.tensor.external]: 'plain' },
  sparseTensor: { [fields.sparseTensor.values]: 'tensor' },
  value: { [fields.value.type]: 'type' },
  type: { [fields.type.tensor]: 'tensorType' },
  tensorType: { [fields.tensorType.shape]: 'shape' },
  shape: { [fields.shape.dimension]: 'plain' },
  plain: {},
}

/** The deepest that messages lie within each other, as protobuf's own readers have it. */
const DEEPEST = deepest.onnx

/** Checks how deep a message lies, so that a hostile file cannot exhaust the stack. */
export function checkDepth(depth: number, at: number): void {
  if (depth > DEEPEST) throw complaint(`messages must lie at most ${DEEPEST} deep`, depth, at)
}
