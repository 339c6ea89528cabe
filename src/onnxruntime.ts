// The entry `samepad/onnxruntime`: samepad as an execution provider of the caller's onnxruntime.

export { type RegisterOptions, register } from './onnxruntime/register.ts'
export type {
  Onnxruntime,
  RuntimeBackend,
  RuntimeElements,
  RuntimeFetches,
  RuntimeFile,
  RuntimeSession,
  RuntimeTensor,
  RuntimeTensorClass,
  RuntimeTensors,
  RuntimeType,
  RuntimeValue,
  SessionHandler,
  SessionOptions,
  SessionValues,
} from './onnxruntime/runtime.ts'
