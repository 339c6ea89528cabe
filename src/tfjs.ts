export { type AccelerateOptions, type Acceleration, accelerate, stopAccelerating } from './tfjs/accelerate.ts'
export type { TensorFlow } from './tfjs/library.ts'
