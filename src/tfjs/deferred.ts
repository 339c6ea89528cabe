import type { LibraryTensor } from './library.ts'

/** What the WebAssembly backend knows of a tensor's values. */
export interface DataRecord {
  readonly id: number
  readonly memoryOffset: number
  refCount: number
}

/** All of that, by the tensors' data. */
export interface DataRecords {
  has(dataId: object): boolean
  get(dataId: object): DataRecord
  set(dataId: object, record: DataRecord): void
  delete(dataId: object): void
}

/** How an output is computed that nobody has read yet. */
export interface Deferral {
  readonly shape: readonly number[]
  /** The data that it is computed from; it stays until then. */
  readonly of: readonly object[]
  /** Computes it. */
  run(): LibraryTensor
  /** An output that was deferred, which this one makes superfluous unless it is still there; how this one is computed of it then. */
  readonly from?: { readonly output: Deferred; run(): LibraryTensor } | undefined
}

/** An output that is computed when somebody asks where it lies; in the backend's records until then. */
export class Deferred implements DataRecord {
  readonly dataId = {}
  readonly deferral: Deferral
  readonly shape: readonly number[]
  readonly dtype = 'float32'
  refCount = 1
  /** Whether nobody can ask for it any more. */
  isGone = false
  readonly #make: (output: Deferred) => DataRecord
  #made: DataRecord | undefined

  constructor(deferral: Deferral, make: (output: Deferred) => DataRecord) {
    this.deferral = deferral
    this.shape = deferral.shape
    this.#make = make
  }

  get id(): number {
    return this.make().id
  }

  get memoryOffset(): number {
    return this.make().memoryOffset
  }

  /** Computes it, once. */
  make(): DataRecord {
    this.#made ??= this.#make(this)
    return this.#made
  }
}

/**
 * Outputs that wait for who reads them, so that what follows a layer is computed with it, and what nobody reads is never computed.
 * One waits at a time, with those that it follows.
 */
export class DeferredOutputs {
  readonly #records: DataRecords
  readonly #dispose: (dataId: object) => void
  /** A few, which are looked through: a map would take longer. */
  #waiting: readonly Deferred[] = []
  /** Data that they are computed from, and that was disposed of meanwhile. */
  #disposed: readonly object[] = []
  #last: Deferred | undefined

  /** @param dispose disposes of data, whoever refers to it */
  constructor(records: DataRecords, dispose: (dataId: object) => void) {
    this.#records = records
    this.#dispose = dispose
  }

  /** The output that waits last. */
  get last(): Deferred | undefined {
    return this.#last
  }

  /** An output that waits from now on; another one that waits, and that it does not follow, is computed. */
  defer(deferral: Deferral): Deferred {
    if (this.#last && this.#last !== deferral.from?.output) this.#last.make()
    const output = new Deferred(deferral, (one) => this.#make(one))
    this.#records.set(output.dataId, output)
    this.#waiting = [...this.#waiting, output]
    this.#last = output
    return output
  }

  /**
   * Disposes of data that waits, or of which something that waits is computed.
   *
   * @returns whether nobody refers to it any more, as the backend has it; undefined for other data
   */
  dispose(dataId: object, force = false): boolean | undefined {
    if (this.#waiting.length === 0) return undefined
    if (force) {
      this.makeAll() // it goes to another backend, from where it may come back
      return undefined
    }
    const output = this.#waiting.find((one) => one.dataId === dataId)
    const isNeeded = this.#isNeeded(dataId)
    if (!output && !isNeeded) return undefined
    const record = this.#records.get(dataId)
    record.refCount--
    if (record.refCount > 0) return false
    if (output) output.isGone = true
    if (isNeeded) this.#disposed = [...this.#disposed, dataId]
    else if (output) this.#drop(output)
    return true
  }

  /** Computes what waits of some data. */
  make(dataId: object): void {
    this.#waiting.find((one) => one.dataId === dataId)?.make()
  }

  /** Computes all that waits. */
  makeAll(): void {
    for (const output of this.#waiting) output.make()
  }

  #isNeeded(dataId: object): boolean {
    return this.#waiting.some(({ deferral }) => deferral.of.includes(dataId))
  }

  /** Computes an output, and puts what the backend knows of it in its place. */
  #make(output: Deferred): DataRecord {
    const { from, run } = output.deferral
    const isThere = from && !from.output.isGone && this.#records.has(from.output.dataId)
    const { dataId } = isThere ? from.run() : run()
    const record = this.#records.get(dataId)
    this.#records.delete(dataId)
    record.refCount = output.refCount
    this.#drop(output)
    this.#records.set(output.dataId, record)
    return record
  }

  /** It waits no more. */
  #drop(output: Deferred): void {
    this.#records.delete(output.dataId)
    this.#waiting = this.#waiting.filter((one) => one !== output)
    if (this.#last === output) this.#last = undefined
    for (const dataId of this.#disposed) {
      if (this.#isNeeded(dataId) || !this.#disposed.includes(dataId)) continue
      this.#disposed = this.#disposed.filter((one) => one !== dataId)
      const waiting = this.#waiting.find((one) => one.dataId === dataId)
      if (waiting) this.#drop(waiting)
      else this.#dispose(dataId)
    }
  }
}
