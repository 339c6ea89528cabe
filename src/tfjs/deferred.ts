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
  /** Data that another backend has is moved here first. */
  get(dataId: object): DataRecord
  set(dataId: object, record: DataRecord): void
  delete(dataId: object): void
}

/** How to compute an output that nobody has read yet. */
export interface Deferral {
  readonly shape: readonly number[]
  /** The data that `run` reads; it stays until then. */
  readonly of: readonly object[]
  /** Computes the output with all that comes before it since the layer, in one pass. */
  run(): LibraryTensor
  /**
   * The output before it, where one waits, and how to compute this one of that. That is done where somebody can still ask for
   * the output before: it has to be computed by itself then, and to compute it within `run` as well would do the work twice.
   */
  readonly from?: { readonly output: Deferred; run(): LibraryTensor } | undefined
}

/**
 * An output that is computed when somebody asks where it lies. Every kernel of the backend, and every reading, looks up `id` or
 * `memoryOffset` in the backend's records, so an output that waits stands there itself, in place of a record.
 */
export class Deferred implements DataRecord {
  readonly dataId = {}
  readonly deferral: Deferral
  readonly shape: readonly number[]
  readonly dtype = 'float32'
  refCount = 1
  /** Whether all tensors that refer to it were disposed of. */
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
 * Outputs that wait until somebody reads them, so that what follows a layer is computed with it, and what nobody reads is never
 * computed. One chain waits at a time: the output of a layer, of what follows it, and so on. In `relu(add(conv(x), bias))` all
 * three outputs wait; the first two are disposed of, and when the third one is read, one pass computes all.
 */
export class DeferredOutputs {
  readonly #records: DataRecords
  readonly #dispose: (dataId: object) => void
  /** In the order in which they were asked. They are few and looked through: a map would take longer. */
  #waiting: readonly Deferred[] = []
  /** Data that they are computed from, and to which no tensor refers any more. */
  #disposed: readonly object[] = []
  #last: Deferred | undefined

  /** @param dispose disposes of data, whoever refers to it */
  constructor(records: DataRecords, dispose: (dataId: object) => void) {
    this.#records = records
    this.#dispose = dispose
  }

  /** The end of the chain that waits. */
  get last(): Deferred | undefined {
    return this.#last
  }

  /** An output that waits from now on. If it does not follow the chain that waits, that chain is computed. */
  defer(deferral: Deferral): Deferred {
    // What lies in another backend comes here now: it may be changed or disposed of there.
    for (const dataId of deferral.of) this.#records.get(dataId)
    if (this.#last !== deferral.from?.output) this.#tryToMake(this.#last)
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

  /** Computes the output with this data, if it waits. */
  make(dataId: object | undefined): void {
    for (const output of this.#waiting) if (output.dataId === dataId) output.make()
  }

  /** Computes all that waits. An output for which there is no memory goes on waiting. */
  makeAll(): void {
    for (const output of this.#waiting) this.#tryToMake(output)
  }

  /** Computes an output if that is possible. If it is not, whoever reads the output gets the error, and nobody else. */
  #tryToMake(output: Deferred | undefined): void {
    try {
      output?.make()
    } catch {
      if (this.#last === output) this.#last = undefined
    }
  }

  #isNeeded(dataId: object): boolean {
    return this.#waiting.some(({ deferral }) => deferral.of.includes(dataId))
  }

  /** Computes an output, and puts the record of what was computed in its place. */
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

  /** Lets an output wait no more, and disposes of what was kept for it alone. */
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
