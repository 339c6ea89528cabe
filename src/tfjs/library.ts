// TensorFlow.js as far as it is used; written down here, so that nothing of it need be installed.

/** A tensor as kernels have it. */
export interface LibraryTensor {
  readonly dataId: object
  readonly shape: readonly number[]
  readonly dtype: string
}

/** Tensors by their names. */
export type KernelTensors = Readonly<Record<string, LibraryTensor | undefined>>

/** What a kernel is told beside its tensors. */
export type KernelAttributes = Readonly<Record<string, unknown>>

/** What a kernel is given. */
export interface KernelCall {
  readonly inputs: KernelTensors
  readonly attrs?: KernelAttributes | undefined
  readonly backend: object
}

/** A kernel: what computes an operation on a backend. */
export interface Kernel {
  readonly kernelName: string
  readonly backendName: string
  readonly kernelFunc: (call: KernelCall) => unknown
  readonly setupFunc?: ((backend: object) => void) | undefined
  readonly disposeFunc?: ((backend: object) => void) | undefined
}

/** How gradients flow back through a kernel. */
export interface Gradient {
  readonly kernelName: string
  readonly inputsToSave?: readonly string[] | undefined
  readonly outputsToSave?: readonly boolean[] | undefined
  readonly saveAllInputs?: boolean | undefined
  readonly gradFunc: (
    change: LibraryTensor,
    saved: readonly LibraryTensor[],
    attrs: KernelAttributes,
  ) => Record<string, () => unknown>
}

/** The module `@tensorflow/tfjs-core`, or `@tensorflow/tfjs`, which has all of it. */
export interface TensorFlow {
  // biome-ignore-start lint/suspicious/noExplicitAny: the types of its many versions, which are not installed here
  getBackend(): string
  findBackend(name: string): any
  getKernel(kernelName: string, backendName: string): any
  registerKernel(kernel: any): void
  unregisterKernel(kernelName: string, backendName: string): void
  getGradient(kernelName: string): any
  registerGradient(gradient: any): void
  unregisterGradient(kernelName: string): void
  engine(): any
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
}
