import { createRequire } from 'node:module'
import { join } from 'node:path'
import { accelerate } from '../../dist/tfjs.js'

// biome-ignore lint/suspicious/noExplicitAny: the packages of bench/ have no types here
export type Untyped = any

export const folder = join(import.meta.dirname, '..', 'node_modules')
const require = createRequire(join(folder, 'of-bench.js'))

export const backends = ['wasm', 'cpu'] as const
export type Backend = (typeof backends)[number]

/** Whose kernels compute. */
export const kernelSets = ['stock', 'samepad'] as const
export type KernelSet = (typeof kernelSets)[number]

/** TensorFlow.js on a backend with one thread, with its own kernels and those of samepad. */
export interface Library {
  readonly tf: Untyped
  readonly converter: Untyped
  readonly layers: Untyped
  /** Lets a set of kernels compute from now on; packed weights stay where they are. */
  use(set: KernelSet): void
  /** Bytes of its memory that samepad's packed weights take. */
  used(): number
  stop(): void
}

/** Opens the library. */
export async function openLibrary(backend: Backend): Promise<Library> {
  const tf = require('@tensorflow/tfjs-core')
  require('@tensorflow/tfjs-backend-cpu')
  require('@tensorflow/tfjs-backend-wasm').setThreadsCount(1)
  const [converter, layers] = ['@tensorflow/tfjs-converter', '@tensorflow/tfjs-layers'].map(require)
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
  return { tf, converter, layers, use, used: () => acceleration.used, stop }
}
