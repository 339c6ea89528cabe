export { type AccelerateOptions, type Acceleration, accelerate, stopAccelerating } from './tfjs/accelerate.ts'
export { type ConvolutionOptions, convolution } from './tfjs/convolution.ts'
export type { TensorFlow } from './tfjs/library.ts'
