// The entry `samepad/graph`: whole models, run.

export type { BlobLike, ByteSource, SourceLike } from './bytes/source.ts'
export type { NetworkPlan, PlannedStep } from './graph/describe.ts'
export { UnsupportedModelError, type UnsupportedNode } from './graph/lower/in-scope.ts'
export type { ExternalFiles } from './graph/model/load.ts'
export {
  type LoadedNetwork,
  type LoadOptions,
  loadNetwork,
  type NamedTensors,
  type NetworkValue,
  type StepTime,
} from './graph/network.ts'
export type { Dimension } from './operators/fact.ts'
export type { Layout, Tensor, TensorLike } from './tensor/tensor.ts'
