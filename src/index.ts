// The entry `samepad`: everything.

export type { Arithmetic } from './functions/arithmetic.ts'
export { elu, gelu, geluTanh, mish, sigmoid, silu, tanh } from './functions/exponentials.ts'
export type { Derivative, FunctionRow } from './functions/row.ts'
export type { FunctionName } from './functions/rows.ts'
export * from './geometry.ts'
export { activate, type ScaleOptions, scale } from './run/activate.ts'
export { add, type BinaryOperation, divide, maximum, minimum, multiply, subtract } from './run/arithmetic.ts'
export { type ConvOptions, conv, type PrepareConvOptions, prepareConv } from './run/conv.ts'
export { convGradient, convTransposeGradient, type GradientOptions } from './run/conv-gradient.ts'
export {
  type ConvTransposeOptions,
  convTranspose,
  type PrepareConvTransposeOptions,
  prepareConvTranspose,
} from './run/conv-transpose.ts'
export {
  type ActivationStep,
  type ArithmeticName,
  type ElementwiseOptions,
  type ElementwiseStep,
  elementwise,
  type OperandCount,
  type OperandsOf,
  type PlainName,
  type StepOperand,
  type WithOperands,
} from './run/elementwise.ts'
export { type Engine, lastEngine, threadsUsed } from './run/engine.ts'
export type {
  Activation,
  ActivationOperands,
  ChannelNumbers,
  EpilogueOptions,
  PlainActivation,
  Residual,
  ResidualOptions,
} from './run/epilogue.ts'
export type { PaddingValues } from './run/fill-padding.ts'
export type { FilterOptions, PrepareOptions } from './run/filter-layer.ts'
export type { GradientName, Gradients } from './run/gradient-names.ts'
export type { LayoutOptions } from './run/layer.ts'
export { type MatmulOptions, matmul, type PrepareMatmulOptions, prepareMatmul } from './run/matmul.ts'
export {
  concat,
  type DepthToSpaceOptions,
  depthToSpace,
  type SliceRange,
  slice,
  spaceToDepth,
  transpose,
} from './run/move.ts'
export {
  type ChannelNormOptions,
  groupNorm,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
  type NormOptions,
} from './run/normalize.ts'
export { type PadOptions, pad } from './run/pad.ts'
export {
  type AveragePoolOptions,
  averagePool,
  maxPool,
  type PoolOptions,
  type PrepareAveragePoolOptions,
  type PreparePoolOptions,
  prepareAveragePool,
  prepareMaxPool,
} from './run/pool.ts'
export { averagePoolGradient, maxPoolGradient } from './run/pool-gradient.ts'
export { prepareGradient } from './run/prepare-gradient.ts'
export type { GradientRun, LayerGradient } from './run/prepared-gradient.ts'
export type { Layer } from './run/prepared-layer.ts'
export { type ProgramTensor, programTensor } from './run/program-tensor.ts'
export { memoryUse, releaseMemory } from './run/programs.ts'
export { type Combination, type ReduceOptions, reduce } from './run/reduce.ts'
export { type Interpolation, type ResizeOptions, resize } from './run/resize.ts'
export type { OutputOptions } from './run/result.ts'
export { type SoftmaxOptions, softmax } from './run/softmax.ts'
export { setThreads } from './run/threads.ts'
export { type LayerUpdate, updateLayer } from './run/update-layer.ts'
export { readSafetensors, type Safetensors, type UrlLike } from './tensor/safetensors.ts'
export type { Layout, Tensor, TensorLike } from './tensor/tensor.ts'
export type { ConvWeightsLayout, TransposedWeightsLayout } from './tensor/weights.ts'
