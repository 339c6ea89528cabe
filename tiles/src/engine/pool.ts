import { Worker } from 'node:worker_threads'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { checkEngine } from './check-engine.ts'
import type { LoadNote, PieceAnswer, PieceTask, ThreadData } from './thread.ts'
import type { Stored } from './values.ts'

/** What a piece gave. */
export interface PieceResult {
  readonly kept: readonly Stored[]
  readonly milliseconds: number
}

interface Waiting {
  readonly task: PieceTask
  readonly resolve: (result: PieceResult) => void
  readonly reject: (error: Error) => void
}

/** Threads that run pieces. A piece waits for the first one that is free; the main thread stays free to read and write. */
export class EnginePool {
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Waiting>()
  readonly #waiting: Waiting[] = []
  readonly #loaded: Promise<void>
  #isClosed = false

  constructor(threads: number, data: ThreadData) {
    this.#loaded = new Promise((resolve, reject) => {
      for (let index = 0; index < threads; index++) this.#start(data, { resolve, reject })
    })
    this.#loaded.catch(() => {}) // told with the first piece, where nobody waits for it
  }

  /** Threads of which the first has loaded the network; where it cannot, none is left. */
  static async load(threads: number, data: ThreadData): Promise<EnginePool> {
    checkEngine(data.engine.engine)
    const pool = new EnginePool(threads, data)
    try {
      await pool.#loaded
      return pool
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  run(task: PieceTask): Promise<PieceResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject })
      this.#next()
    })
  }

  /** Whether nothing is at work or waits. */
  get isIdle(): boolean {
    return this.#busy.size === 0 && this.#waiting.length === 0
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((thread) => thread.terminate()))
  }

  #start(data: ThreadData, loading?: Pick<Waiting, 'reject'> & { readonly resolve: () => void }): void {
    const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: data })
    thread.on('message', (answer: PieceAnswer | LoadNote) => {
      if ('loaded' in answer) {
        if (answer.loaded) return loading?.resolve()
        const must = `the network must load with ${data.engine.engine} (--engine chooses another)`
        return loading?.reject(new SamepadError('engine', must, new Verbatim(answer.error)))
      }
      const waiting = this.#busy.get(thread)
      this.#busy.delete(thread)
      this.#idle.push(thread)
      if ('error' in answer)
        waiting?.reject(new SamepadError('engine', 'the network must run on every piece', new Verbatim(answer.error)))
      else waiting?.resolve(answer)
      this.#next()
    })
    thread.on('error', (error) => {
      loading?.reject(error)
      this.#lose(thread, data, error)
    })
    this.#idle.push(thread)
  }

  /** A thread that died takes its piece with it; another one takes its place, but for one that could not even start. */
  #lose(thread: Worker, data: ThreadData, error: Error): void {
    const waiting = this.#busy.get(thread)
    this.#busy.delete(thread)
    const place = this.#idle.indexOf(thread)
    if (place >= 0) this.#idle.splice(place, 1)
    waiting?.reject(
      new SamepadError('engine', 'a thread must live to the end of its piece', new Verbatim(error.message)),
    )
    if (waiting && !this.#isClosed) this.#start(data)
    if (this.#idle.length + this.#busy.size === 0) {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    this.#next()
  }

  #next(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [thread, waiting] = [this.#idle.pop() as Worker, this.#waiting.shift() as Waiting]
      this.#busy.set(thread, waiting)
      thread.postMessage(waiting.task, [waiting.task.data.buffer])
    }
  }
}
