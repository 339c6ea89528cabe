// The entry `samepad`: everything.

export * from './geometry.ts'
export { type ConvOptions, conv } from './run/conv.ts'
export { type ConvTransposeOptions, convTranspose } from './run/conv-transpose.ts'
export type { PaddingValues } from './run/fill-padding.ts'
export type { FilterOptions, LayoutOptions } from './run/layer.ts'
export { type PadOptions, pad } from './run/pad.ts'
export { type AveragePoolOptions, averagePool, maxPool, type PoolOptions } from './run/pool.ts'
export { type ConvLayer, type PrepareConvOptions, prepareConv } from './run/prepare-conv.ts'
export { readSafetensors, type Safetensors } from './tensor/safetensors.ts'
export type { Layout, Tensor, TensorLike } from './tensor/tensor.ts'
