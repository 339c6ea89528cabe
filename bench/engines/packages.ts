// biome-ignore lint/suspicious/noExplicitAny: the packages are not typed: samepad's types must not need bench/ installed
export type Untyped = any

/** Loads something the first time that it is asked for. */
export function once(load: () => Promise<Untyped>): () => Promise<Untyped> {
  let loaded: Promise<Untyped> | undefined
  return () => {
    loaded ??= load()
    return loaded
  }
}

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
  /** The bytes of a file, by its path in the repository. */
  readonly file: (path: string) => Promise<Uint8Array>
}
