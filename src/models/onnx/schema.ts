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

/**
 * The numbers of fields that hold messages, with their kind. Whatever else is long in a message is data: the values of a
 * tensor, a documentation.
 */
export const partsOf: Readonly<Record<MessageKind, Readonly<Record<number, MessageKind>>>> = {
  model: { 7: 'graph', 8: 'plain', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 13: 'value', 15: 'sparseTensor' },
  function: { 7: 'node', 9: 'plain', 11: 'attribute', 12: 'value' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: { 13: 'plain' },
  sparseTensor: { 1: 'tensor' },
  value: { 2: 'type' },
  type: { 1: 'tensorType' },
  tensorType: { 2: 'shape' },
  shape: { 1: 'plain' },
  plain: {},
}

/** The deepest that messages lie within each other, as protobuf's own readers have it. */
const DEEPEST = 100

/** Checks how deep a message lies, so that a hostile file cannot exhaust the stack. */
export function checkDepth(depth: number, at: number): void {
  if (depth > DEEPEST) throw complaint(`messages must lie at most ${DEEPEST} deep`, depth, at)
}
