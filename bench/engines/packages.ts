// biome-ignore lint/suspicious/noExplicitAny: the packages are not typed: samepad's types must not need bench/ installed
export type Untyped = any

/** The packages of other engines, as Node or a page loads them. */
export interface Packages {
  /** TensorFlow.js with its WebAssembly backend registered, which finds its files, in one thread. */
  readonly tfjs: () => Promise<Untyped>
  readonly onnxruntimeWeb: () => Promise<Untyped>
  readonly jax: () => Promise<Untyped>
  /** LiteRT.js, loaded with its WebAssembly. */
  readonly liteRt: () => Promise<Untyped>
  /** The module of WebAssembly behind tfjs-tflite, the one with SIMD and one thread. */
  readonly tfliteModule: () => Promise<Untyped>
  readonly onnxruntimeNode: () => Promise<Untyped>
  readonly version: (name: string) => string
}
