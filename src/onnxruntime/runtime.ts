// As much of onnxruntime-common's interface as is needed. The runtime is the caller's; there is no dependency on it.

/** A tensor of onnxruntime. */
export interface RuntimeTensor {
  /** The type of its elements, such as `float32` or `int64`. */
  readonly type: string
  readonly dims: readonly number[]
  /** Throws where the elements are not in memory that JavaScript reads. */
  readonly data: unknown
}

/** Tensors by the names of inputs or outputs. */
export type RuntimeTensors = Readonly<Record<string, RuntimeTensor>>

/** Outputs that are asked for: null, or a tensor to write into. */
export type RuntimeFetches = Readonly<Record<string, RuntimeTensor | null>>

/** What a session says of an input or output. */
export interface RuntimeValue {
  readonly name: string
  readonly isTensor: boolean
  readonly type?: string
  /** Sizes, and names of those that are open. */
  readonly shape?: readonly (number | string)[]
}

/** What inputs and outputs a session has. */
export interface SessionValues {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: readonly RuntimeValue[]
  readonly outputMetadata: readonly RuntimeValue[]
}

/** A session of onnxruntime. */
export interface RuntimeSession extends SessionValues {
  run(feeds: RuntimeTensors, fetches: RuntimeFetches, options?: object): Promise<RuntimeTensors>
  release(): Promise<void>
  startProfiling(): void
  endProfiling(): void
}

/** What runs a session: onnxruntime makes one of `InferenceSession` around it. */
export interface SessionHandler extends SessionValues {
  run(feeds: RuntimeTensors, fetches: RuntimeFetches, options: object): Promise<RuntimeTensors>
  dispose(): Promise<void>
  startProfiling(): void
  endProfiling(): void
}

/** A Blob by what is needed of it, bytes, or a path or URL. */
export type RuntimeFile =
  | string
  | Uint8Array
  | ArrayBufferLike
  | { readonly size: number; slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> } }

/** As many of a session's options as are looked at. All others go to onnxruntime where it runs the model. */
export interface SessionOptions {
  readonly executionProviders?: readonly (string | { readonly name: string })[]
  readonly externalData?: readonly (string | { readonly path: string; readonly data: RuntimeFile })[]
  readonly preferredOutputLocation?: string | Readonly<Record<string, string>>
  readonly optimizedModelFilePath?: string
  readonly enableGraphCapture?: boolean
}

/** An execution provider, as onnxruntime's `registerBackend` takes it. */
export interface RuntimeBackend {
  init(name: string): Promise<void>
  createInferenceSessionHandler(model: string | Uint8Array, options?: SessionOptions): Promise<SessionHandler>
}

/** The module `onnxruntime-web` or `onnxruntime-node`, or another one made of onnxruntime-common, from 1.17 on. */
export interface Onnxruntime {
  registerBackend(name: string, backend: RuntimeBackend, priority: number): void
  readonly InferenceSession: {
    create(model: string | Uint8Array, options?: object): Promise<RuntimeSession>
  }
  readonly Tensor: RuntimeTensorClass
}

/** onnxruntime's class of tensors. */
export interface RuntimeTensorClass {
  new (type: RuntimeType, data: RuntimeElements, dims: readonly number[]): RuntimeTensor
}

/** Types of elements that samepad takes and gives; within it everything is float32. */
export type RuntimeType = 'float32' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'bool'

/** How onnxruntime holds elements of these types. */
export type RuntimeElements =
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
