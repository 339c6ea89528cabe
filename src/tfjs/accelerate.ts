import { SamepadError } from '../geometry/index.ts'
import { checkBoolean, checkChoice, checkInteger, checkOptions } from '../geometry/options.ts'
import { Accelerated, type Disposing } from './accelerated.ts'
import { registerGradients } from './back-propagation.ts'
import { chainRows } from './chains.ts'
import { convRows } from './filters.ts'
import { gradientRows } from './gradients.ts'
import type { TensorFlow } from './library.ts'
import { moveRows } from './moves.ts'
import { normalizationRows } from './normalization.ts'
import { poolRows } from './pools.ts'
import { productRows } from './products.ts'
import { reductionRows } from './reductions.ts'
import { resizeRows } from './resizes.ts'
import { storageOf } from './storage.ts'
import type { KernelRow } from './task.ts'

/** Options of `accelerate`. */
export interface AccelerateOptions {
  /** The name of the backend: `'wasm'` or `'cpu'`, or that under which one of them was registered. Default: the one in use. */
  readonly backend?: string | undefined
  /** The most bytes of packed weights that are kept for tensors. Default: 256 MiB. */
  readonly packedBytes?: number | undefined
  /** As in `prepareConv`: the same bits on every machine, and no Winograd. Default: false. */
  readonly deterministic?: boolean | undefined
  /** Where the library gives another answer than TensorFlow: TensorFlow's (the default), or still its own, `'kept'`. */
  readonly faults?: 'mended' | 'kept' | undefined
}

/** What `accelerate` did. */
export interface Acceleration {
  readonly backend: string
  /** The kernels that samepad computes. */
  readonly kernels: readonly string[]
  /** Bytes of the backend's memory that packed weights and tables take, and with threads code; 0 where they lie in samepad's own (`memoryUse`). */
  readonly used: number
  /** Gives the backend its own kernels back. */
  stop(): void
}

const STAGE = 'accelerate'

const rows: readonly KernelRow[] = [
  ...[...convRows, ...poolRows, ...gradientRows, ...productRows],
  ...[...chainRows, ...moveRows, ...normalizationRows, ...reductionRows, ...resizeRows],
]

/** The backends that samepad computes for, by their names. */
const accelerations = new Map<string, Acceleration>()
let restoreGradients = (): void => undefined

/**
 * Lets samepad compute convolutions and pools of TensorFlow.js: its kernels are registered in place of those of a backend. What
 * samepad cannot do is left to the kernel that was there, and everything else stays as it is.
 *
 * @param tf the module `@tensorflow/tfjs-core`, or `@tensorflow/tfjs`
 * @throws SamepadError when the backend is not ready, or neither that of WebAssembly nor that in plain JavaScript
 */
export function accelerate(tf: TensorFlow, options: AccelerateOptions = {}): Acceleration {
  checkOptions(STAGE, options, ['backend', 'packedBytes', 'deterministic', 'faults'])
  const { backend: name = tf.getBackend(), packedBytes = 2 ** 28, deterministic = false, faults = 'mended' } = options
  checkInteger(STAGE, 'packedBytes', packedBytes, 0)
  checkBoolean(STAGE, 'deterministic', deterministic)
  checkChoice(STAGE, 'faults', faults, ['mended', 'kept'])
  const backend: Disposing | null = tf.findBackend(name)
  if (!backend) throw new SamepadError(STAGE, 'the backend must be ready (await tf.ready())', name)
  const storage = storageOf(backend)
  if (!storage) throw new SamepadError(STAGE, "the backend must be that of 'wasm' or 'cpu'", name)
  accelerations.get(name)?.stop()
  const made = new Accelerated(tf, name, backend, storage, {
    packedBytes,
    deterministic,
    keepsFaults: faults === 'kept',
  })
  if (accelerations.size === 0) restoreGradients = registerGradients(tf, () => accelerations.has(tf.getBackend()))
  accelerations.set(name, made)
  made.begin(rows, () => {
    accelerations.delete(name)
    if (accelerations.size === 0) restoreGradients()
  })
  return made
}

/** Gives all backends their own kernels back, and frees what was kept for them. */
export function stopAccelerating(): void {
  for (const acceleration of accelerations.values()) acceleration.stop()
}
