// The entry `samepad/onnx`: model files, read and edited.

export { applyEdits, type Edit, editedChunks } from './onnx/edit.ts'
export {
  type AttributeValue,
  addInitializer,
  insertNode,
  type NewNode,
  type NewTensor,
  remove,
  removeAttribute,
  setAttribute,
  setInput,
} from './onnx/edits.ts'
export {
  type Attribute,
  attributeOf,
  type Body,
  type Dimension,
  type ExternalData,
  type Frame,
  type FunctionDefinition,
  type Graph,
  type Model,
  type Node,
  type Shape,
  type Span,
  type Tensor,
  type ValueInfo,
} from './onnx/model.ts'
export { readModel } from './onnx/read-model.ts'
export { type BlobLike, type ByteSource, openSource, type SourceLike } from './onnx/source.ts'
export type { AutoPad, FeedingPad, SpatialAxis, SpatialNode, SpatialOptions, Written } from './onnx/spatial-node.ts'
export { spatialNodes } from './onnx/spatial-nodes.ts'
