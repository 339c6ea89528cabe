import { accelerate } from '../../dist/tfjs.js'

// biome-ignore lint/suspicious/noExplicitAny: the packages of bench/ have no types here
export type Untyped = any

export const backends = ['wasm', 'cpu'] as const
export type Backend = (typeof backends)[number]

/** Whose kernels compute. */
export const kernelSets = ['stock', 'samepad'] as const
export type KernelSet = (typeof kernelSets)[number]

/** The modules of TensorFlow.js, with its backends, as Node or a page has them. */
export interface Modules {
  readonly tf: Untyped
  readonly converter: Untyped
  readonly layers: Untyped
  /** The bytes of a file of bench/node_modules. */
  readonly file: (path: string) => Promise<Uint8Array<ArrayBuffer>>
}

/** TensorFlow.js on a backend, with its own kernels and those of samepad. */
export interface Library extends Modules {
  /** Lets a set of kernels compute from now on; packed weights stay where they are. */
  use(set: KernelSet): void
  /** Bytes of its memory that samepad's packed weights take. */
  used(): number
  stop(): void
}

/** Opens a backend of the library. */
export async function openBackend(modules: Modules, backend: Backend): Promise<Library> {
  const { tf } = modules
  await tf.setBackend(backend)
  const kernels = () => [...tf.getKernelsForBackend(backend)]
  const stock = kernels()
  const acceleration = accelerate(tf)
  const sets = { stock, samepad: kernels() }
  let used: KernelSet = 'samepad'
  const use = (set: KernelSet): void => {
    if (set === used) return
    for (const { kernelName } of sets[used]) tf.unregisterKernel(kernelName, backend)
    for (const kernel of sets[set]) tf.registerKernel(kernel)
    used = set
  }
  const stop = (): void => {
    use('samepad')
    acceleration.stop()
  }
  return { ...modules, use, used: () => acceleration.used, stop }
}
