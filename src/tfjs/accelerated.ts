import { SamepadError } from '../geometry/index.ts'
import type { Values } from '../run/memory.ts'
import { KeptLayers } from './kept-layers.ts'
import type { Kernel, KernelCall, LibraryTensor, TensorFlow } from './library.ts'
import type { Storage } from './storage.ts'
import type { KernelPlanning, KernelRow, KernelTask } from './task.ts'
import { shapesOf, Tasks } from './tasks.ts'

/** A backend as far as it is changed. */
export interface Disposing {
  disposeData(dataId: object, force?: boolean): boolean
}

/** How samepad computes for a backend. */
export interface AccelerationSettings {
  /** The most bytes of packed weights that are kept. */
  readonly packedBytes: number
  readonly deterministic: boolean
  /** Whether the library's kernels stay where they give another answer than TensorFlow. */
  readonly keepsFaults: boolean
}

/** A backend for which samepad computes, until it is stopped. */
export class Accelerated {
  readonly backend: string
  readonly #tf: TensorFlow
  readonly #of: Disposing
  readonly #storage: Storage
  readonly #layers: KeptLayers
  readonly #planning: KernelPlanning
  readonly #keepsFaults: boolean
  #stopped: (() => void) | undefined
  readonly #tasks: Tasks[] = []
  /** What was registered here, and what was there before. */
  readonly #registered = new Map<Kernel, Kernel | undefined>()

  constructor(tf: TensorFlow, name: string, backend: Disposing, storage: Storage, settings: AccelerationSettings) {
    this.backend = name
    this.#tf = tf
    this.#of = backend
    this.#storage = storage
    this.#layers = new KeptLayers(settings.packedBytes)
    this.#keepsFaults = settings.keepsFaults
    const { threads, isCompiled } = storage
    this.#planning = { deterministic: settings.deterministic, threads, isCompiled }
  }

  get kernels(): readonly string[] {
    return [...this.#registered.keys()].map(({ kernelName }) => kernelName)
  }

  get used(): number {
    return this.#storage.used
  }

  /**
   * Registers kernels in place of those that are there.
   *
   * @param stopped is called once, when that ends
   */
  begin(rows: readonly KernelRow[], stopped: () => void): void {
    this.#stopped = stopped
    for (const row of rows) {
      const theirs: Kernel | undefined = this.#tf.getKernel(row.name, this.backend)
      const own = this.#kernel(row, theirs)
      this.#replace(theirs, own)
      this.#registered.set(own, theirs)
    }
    const { disposeData } = this.#of
    this.#of.disposeData = (dataId, force) => {
      const isGone = disposeData.call(this.#of, dataId, force)
      if (isGone) this.#layers.dispose(dataId)
      return isGone
    }
  }

  stop(): void {
    if (!this.#stopped) return
    this.#stopped()
    this.#stopped = undefined
    for (const [own, theirs] of this.#registered) {
      if (this.#tf.getKernel(own.kernelName, this.backend) === own) this.#replace(own, theirs)
    }
    this.#registered.clear()
    Reflect.deleteProperty(this.#of, 'disposeData') // which its class has
    this.#layers.release()
    for (const tasks of this.#tasks) tasks.release()
    this.#storage.release()
  }

  #replace(before: Kernel | undefined, after: Kernel | undefined): void {
    if (before) this.#tf.unregisterKernel(before.kernelName, this.backend)
    if (after) this.#tf.registerKernel(after)
  }

  #kernel(row: KernelRow, theirs: Kernel | undefined): Kernel {
    const tasks = new Tasks(row, this.#planning)
    this.#tasks.push(tasks)
    return {
      ...{ kernelName: row.name, backendName: this.backend },
      kernelFunc: (call) => {
        const task = call.backend === this.#of ? tasks.find(call.inputs, call.attrs) : undefined
        if (task && !(theirs && this.#isTheirs(task, call))) return this.#run(task, call)
        if (theirs) return theirs.kernelFunc(call)
        const asked = [shapesOf(call.inputs), call.attrs]
        throw new SamepadError(row.name, 'tensors of float32 and attributes must fit each other', asked)
      },
      setupFunc: theirs?.setupFunc,
      disposeFunc: (backend) => {
        theirs?.disposeFunc?.(backend)
        if (backend === this.#of) this.stop()
      },
    }
  }

  /** Whether a task is left to the kernel that was there. */
  #isTheirs({ isSlow, isFault, isWorthIt }: KernelTask, { inputs }: KernelCall): boolean {
    if (isFault) return this.#keepsFaults
    return isSlow || (isWorthIt !== undefined && !isWorthIt(inputs, this.#layers))
  }

  #run(task: KernelTask, { inputs: tensors }: KernelCall): LibraryTensor {
    const [storage, layers] = [this.#storage, this.#layers]
    return storage.run(() => {
      const result = storage.output(task.shape)
      const values = (name: string): Values => storage.values(tensors[name] as LibraryTensor)
      task.run({ tensors, layers, values, output: storage.values(result) })
      return result
    })
  }
}
