import type { Tensor } from '../../tensor/tensor.ts'

/** What a gradient is taken with respect to: what the layer took. `slopes` are those of its activation, one for each channel. */
export type GradientName = 'input' | 'weights' | 'bias' | 'scale' | 'shift' | 'slopes'

/** Gradients by what they are taken with respect to, each in its shape. */
export type Gradients<Of extends GradientName = GradientName> = { readonly [Name in Of]: Tensor<ArrayBuffer> }
