// Integers only; imports nothing.

export {
  type Axis,
  adjoint,
  cellOf,
  effectiveKernel,
  fullSize,
  interior,
  outputSize,
  padded,
  type Range,
  reach,
  taps,
  type Window,
} from './axis.ts'
export { SamepadError, Verbatim } from './error.ts'
export type { Fill } from './fill.ts'
export { type AxisPadding, type Padding, type PaddingMode, type Pads, paddingModes } from './padding.ts'
export { type AxisPart, part, transposedPart } from './part.ts'
export {
  type CeilOptions,
  explicit,
  type ResolveOptions,
  resolve,
  type TransposedOptions,
  type WindowOptions,
} from './resolve.ts'
export { Geometry, isPool, type Op } from './resolved.ts'
