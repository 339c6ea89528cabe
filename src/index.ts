// The entry `samepad`: everything.

export type { Arithmetic } from './functions/arithmetic.ts'
export { elu, gelu, geluTanh, mish, sigmoid, silu, tanh } from './functions/exponentials.ts'
export type { Derivative, FunctionRow } from './functions/row.ts'
export type { FunctionName } from './functions/rows.ts'
export * from './geometry.ts'
export { activate, type ScaleOptions, scale } from './run/between/activate.ts'
export { add, type BinaryOperation, divide, maximum, minimum, multiply, subtract } from './run/between/arithmetic.ts'
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
} from './run/between/elementwise.ts'
export { type MatmulOptions, matmul, type PrepareMatmulOptions, prepareMatmul } from './run/between/matmul.ts'
export {
  concat,
  type DepthToSpaceOptions,
  depthToSpace,
  type SliceRange,
  slice,
  spaceToDepth,
  transpose,
} from './run/between/move.ts'
export {
  type ChannelNormOptions,
  groupNorm,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
  type NormOptions,
} from './run/between/normalize.ts'
export { type Combination, type ReduceOptions, reduce } from './run/between/reduce.ts'
export { type Interpolation, type ResizeOptions, resize } from './run/between/resize.ts'
export { type SoftmaxOptions, softmax } from './run/between/softmax.ts'
export { convGradient, convTransposeGradient, type GradientOptions } from './run/gradients/conv-gradient.ts'
export type { GradientName, Gradients } from './run/gradients/gradient-names.ts'
export { averagePoolGradient, maxPoolGradient } from './run/gradients/pool-gradient.ts'
export { prepareGradient } from './run/gradients/prepare-gradient.ts'
export type { GradientRun, LayerGradient } from './run/gradients/prepared-gradient.ts'
export { type ConvOptions, conv, type PrepareConvOptions, prepareConv } from './run/layers/conv.ts'
export {
  type ConvTransposeOptions,
  convTranspose,
  type PrepareConvTransposeOptions,
  prepareConvTranspose,
} from './run/layers/conv-transpose.ts'
export type {
  Activation,
  ActivationOperands,
  ChannelNumbers,
  EpilogueOptions,
  PlainActivation,
  Residual,
  ResidualOptions,
} from './run/layers/epilogue.ts'
export type { PaddingValues } from './run/layers/fill-padding.ts'
export type { FilterOptions, PrepareOptions } from './run/layers/filter-layer.ts'
export type { LayoutOptions } from './run/layers/layer.ts'
export { type PadOptions, pad } from './run/layers/pad.ts'
export {
  type AveragePoolOptions,
  averagePool,
  maxPool,
  type PoolOptions,
  type PrepareAveragePoolOptions,
  type PreparePoolOptions,
  prepareAveragePool,
  prepareMaxPool,
} from './run/layers/pool.ts'
export type { Layer } from './run/layers/prepared-layer.ts'
export { type LayerUpdate, updateLayer } from './run/layers/update-layer.ts'
export { type ProgramTensor, programTensor } from './run/memory/program-tensor.ts'
export type { OutputOptions } from './run/memory/result.ts'
export { type Engine, lastEngine, threadsUsed } from './run/programs/engine.ts'
export { memoryUse, releaseMemory } from './run/programs/programs.ts'
export { setThreads } from './run/threads/threads.ts'
export { readSafetensors, type Safetensors, type UrlLike } from './tensor/safetensors.ts'
export type { Layout, Tensor, TensorLike } from './tensor/tensor.ts'
export type { ConvWeightsLayout, TransposedWeightsLayout } from './tensor/weights.ts'
