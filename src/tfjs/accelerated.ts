import { SamepadError } from '../geometry/index.ts'
import type { Values } from '../run/memory/memory.ts'
import { type Deferred, DeferredOutputs } from './deferred.ts'
import { isWaitedFor, type JoinedLayer, join } from './joins.ts'
import { KeptLayers } from './kept-layers.ts'
import type { Kernel, KernelCall, KernelTensors, LibraryTensor, TensorFlow } from './library.ts'
import type { Storage } from './storage.ts'
import type { KernelPlanning, KernelRow, KernelTask } from './task.ts'
import { shapesOf, Tasks } from './tasks.ts'

/** A backend as far as it is changed. */
export interface Disposing {
  disposeData(dataId: object, force?: boolean): boolean
  /** A tensor's values where they lie, on WebAssembly. */
  typedArrayFromHeap?(tensor: LibraryTensor): unknown
  /** How long something takes. */
  time(body: () => void): unknown
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
  #deferred: DeferredOutputs | undefined
  /** The layer of the output that waits last. */
  #layer: JoinedLayer | undefined
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
    const { disposeData, typedArrayFromHeap, time } = this.#of
    const dispose = (dataId: object, force?: boolean): boolean => {
      const isGone = disposeData.call(this.#of, dataId, force)
      if (isGone) this.#layers.dispose(dataId)
      return isGone
    }
    const { records } = this.#storage
    const deferred = records && new DeferredOutputs(records, (dataId) => dispose(dataId, true))
    this.#deferred = deferred
    this.#of.disposeData = (dataId, force) => deferred?.dispose(dataId, force) ?? dispose(dataId, force)
    if (!deferred || !typedArrayFromHeap) return
    this.#of.typedArrayFromHeap = (tensor) => {
      // First, since memory that grows takes views away. All that waits, since who has a view may write to it, or ask for a second one.
      deferred.makeAll()
      return typedArrayFromHeap.call(this.#of, tensor)
    }
    this.#of.time = (body) => {
      deferred.makeAll() // what was asked before is not of this time
      return time.call(this.#of, () => {
        body()
        deferred.makeAll()
      })
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
    this.#deferred?.makeAll()
    for (const own of ['disposeData', 'typedArrayFromHeap', 'time']) Reflect.deleteProperty(this.#of, own) // which its class has
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
    const taskOf = (call: KernelCall): KernelTask | undefined => {
      const task = call.backend === this.#of ? tasks.find(call.inputs, call.attrs) : undefined
      return task && !(theirs && this.#isTheirs(task, call)) ? task : undefined
    }
    const compute = (task: KernelTask | undefined, call: KernelCall): unknown => {
      if (task) return this.#run(task, call.inputs)
      if (theirs) return theirs.kernelFunc(call)
      const asked = [shapesOf(call.inputs), call.attrs]
      throw new SamepadError(row.name, 'tensors of float32 and attributes must fit each other', asked)
    }
    return {
      ...{ kernelName: row.name, backendName: this.backend },
      kernelFunc: (call) => {
        const joined = this.#join(row.name, call, (later) => compute(taskOf(later), later) as LibraryTensor)
        if (joined) return joined
        const task = taskOf(call)
        const deferred = this.#deferred
        if (!deferred || !isWaitedFor(task)) return compute(task, call)
        return this.#defer(deferred, { task, tensors: settled(call.inputs) })
      },
      setupFunc: theirs?.setupFunc,
      disposeFunc: (backend) => {
        theirs?.disposeFunc?.(backend)
        if (backend === this.#of) this.stop()
      },
    }
  }

  /** The output of a layer, which waits for what follows. */
  #defer(
    deferred: DeferredOutputs,
    { task, tensors }: JoinedLayer,
    from?: { readonly output: Deferred; readonly run: () => LibraryTensor },
  ): LibraryTensor {
    const of: object[] = []
    for (const name in tensors) {
      const tensor = tensors[name]
      if (tensor) of.push(tensor.dataId)
    }
    const output = deferred.defer({ shape: task.shape, of, run: () => this.#run(task, tensors), from })
    this.#layer = { task, tensors }
    return output
  }

  /** The output of the layer that waits together with a kernel that follows; undefined where that is not computed with it. */
  #join(kernel: string, call: KernelCall, compute: (call: KernelCall) => LibraryTensor): LibraryTensor | undefined {
    const { inputs, attrs = {} } = call
    const deferred = this.#deferred
    const output = deferred?.last
    if (!output || !this.#layer) return undefined
    const joined = join(this.#layer, output, kernel, inputs, attrs, this.#planning)
    if (!joined) return undefined
    this.#layer.task.alone = 0
    const later = { ...call, inputs: settled(inputs) }
    const { task, tensors } = joined
    return this.#defer(deferred, { task, tensors: settled(tensors) }, { output, run: () => compute(later) })
  }

  /** Whether a task is left to the kernel that was there. */
  #isTheirs({ isSlow, isFault, isWorthIt }: KernelTask, { inputs }: KernelCall): boolean {
    if (isFault) return this.#keepsFaults
    return isSlow || (isWorthIt !== undefined && !isWorthIt(inputs, this.#layers))
  }

  #run(task: KernelTask, tensors: KernelTensors): LibraryTensor {
    const [storage, layers] = [this.#storage, this.#layers]
    // Inputs that wait are computed before any values are looked at: memory may grow meanwhile.
    for (const name in tensors) this.#deferred?.make(tensors[name]?.dataId)
    return storage.run(() => {
      const result = storage.output(task.shape)
      const values = (name: string): Values => storage.values(tensors[name] as LibraryTensor)
      task.run({ tensors, layers, values, output: storage.values(result) })
      return result
    })
  }
}

/** Tensors as they are now: a variable has other data when it is assigned to. */
function settled(tensors: KernelTensors): KernelTensors {
  const now: Record<string, LibraryTensor> = {}
  for (const name in tensors) {
    const tensor = tensors[name]
    if (tensor) now[name] = { dataId: tensor.dataId, shape: tensor.shape, dtype: tensor.dtype }
  }
  return now
}
