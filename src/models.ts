// The entry `samepad/models`: model files of every format, read, audited and edited.

export { type BlobLike, type ByteSource, openSource, type SourceLike } from './bytes/source.ts'
export type { Added, Filling, Mode, Step, Taken, Unknown } from './conventions/step.ts'
export { caffe } from './models/caffe/format.ts'
export { coreml, milText } from './models/coreml/format.ts'
export { darknet } from './models/darknet/format.ts'
export { applyEdits, editedChunks } from './models/edit.ts'
export { executorch } from './models/executorch/format.ts'
export type { Companion, FileHead, Format } from './models/format.ts'
export { formats } from './models/formats.ts'
export { keras, kerasH5 } from './models/keras/format.ts'
export { layersModel } from './models/keras/format-json.ts'
export { mnn } from './models/mnn/format.ts'
export { ncnn, pnnx } from './models/ncnn/format.ts'
export { nnef } from './models/nnef/format.ts'
export {
  type AttributeValue,
  addInitializer,
  insertNode,
  type NewElement,
  type NewNode,
  type NewTensor,
  remove,
  removeAttribute,
  setAttribute,
  setInput,
} from './models/onnx/edits.ts'
export { onnx } from './models/onnx/format.ts'
export { openvino } from './models/openvino/format.ts'
export { paddle, paddlePir } from './models/paddle/format.ts'
export { isModelFile, isModelName, isSurelyModel, readModel } from './models/read-model.ts'
export { graphDef, graphModel, savedModel } from './models/tensorflow/format.ts'
export { tflite } from './models/tflite/format.ts'
export { print, pt2, torchScript } from './models/torch/format.ts'
export type { Misdeclared, SizeConflict } from './network/conflict.ts'
export {
  type Attribute,
  attributeOf,
  type Body,
  type Dimension,
  type Edit,
  type ExternalData,
  type FoldedPad,
  type Frame,
  type FunctionDefinition,
  type Graph,
  inputsOf,
  type Model,
  type NewPad,
  type Node,
  type Opening,
  type Refused,
  type Respell,
  type Rewrite,
  type RewriteSite,
  type SameWord,
  type Shape,
  type Span,
  type StoredTensor,
  type ValueInfo,
} from './network/model.ts'
export {
  type AutoPad,
  autoPads,
  type FeedingPad,
  type SpatialAxis,
  type SpatialNode,
  type SpatialOptions,
  type Surround,
  type Written,
} from './network/spatial-node.ts'
export { spatialNodes, type Trace, traceModel } from './network/spatial-nodes.ts'

// What is said of a model, and done about it.

export { type Acceptance, type Accepted, type Sorted, sortOut } from './audit/acceptance.ts'
export { type Audit, type AxisReport, audit, auditModel, type NodeReport } from './audit/audit.ts'
export {
  type AuditConfig,
  type Baseline,
  type ModelsConfig,
  readAuditConfig,
  readBaseline,
} from './audit/audit-config.ts'
export type { Around, AxisSizes, NearSizes } from './audit/axis-sizes.ts'
export { type Diff, diff, type NodePair } from './audit/diff.ts'
export { type Expectation, expectations } from './audit/expect.ts'
export type { Lean } from './audit/family.ts'
export type { Fault, FaultName } from './audit/faults.ts'
export {
  type AuditRule,
  type Finding,
  type NodePlace,
  type Proposal,
  type Severity,
  severities,
} from './audit/finding.ts'
export { type Change, checkFix, type Fixed, type FixOptions, type FixPlan, fix, planFix } from './audit/fixes/fix.ts'
export type { PortRule, Target } from './audit/fixes/targets.ts'
export { paddingRules, type RuleName } from './audit/follows.ts'
export type { InputAxis, InputDimension } from './audit/input-axes.ts'
export type { WorkedOut } from './audit/layer.ts'
export {
  type AxisPhase,
  type ModelPhase,
  type NamedNode,
  type OutputPhase,
  outputPhases,
  type PhaseMeeting,
} from './audit/model-phase.ts'
export { type DependentSizes, type InputSizes, type InputSizesOptions, inputSizes } from './audit/model-sizes.ts'
export type { AuditOptions, Style } from './audit/network.ts'
export { type PortedDrift, portedDrift } from './audit/ported-drift.ts'
export { findRule, rules } from './audit/rules/index.ts'
export { fillingText } from './audit/sentences.ts'
export type { Refusal } from './audit/size-trials.ts'
export type { LooseWay } from './network/loose.ts'
