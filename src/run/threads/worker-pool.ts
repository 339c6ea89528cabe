import { Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import { keepFreed } from '../memory/memory.ts'
import { partFields, places, WORDS, workerText } from './worker-text.ts'

/** A part as `partFields` says, and how this thread runs it. */
export interface PartCall {
  readonly integers: readonly number[]
  readonly run: (scratch: number) => void
}

/** What there is of a worker here, in Node and in pages. */
interface WorkerLike {
  postMessage(message: unknown): void
  terminate(): unknown
  unref?(): void
  on?(event: string, listener: () => void): unknown
  onerror?: ((event: { preventDefault?(): void }) => void) | null
}

interface Globals {
  readonly Worker?: new (url: string) => WorkerLike
  readonly Blob: new (parts: readonly string[], options: { type: string }) => unknown
  readonly URL: { createObjectURL(blob: unknown): string }
  readonly crossOriginIsolated?: boolean
  readonly process?: {
    getBuiltinModule?(name: string): { Worker: new (text: string, options: object) => WorkerLike } | undefined
  }
}

const globals = globalThis as unknown as Globals

/** Milliseconds that a part of a worker may take beside this many times as long as this thread took for its own. */
export const patience = { least: 10_000, times: 100 }
/** Milliseconds for which this thread looks whether others are done before it sleeps. */
const AWAKE = 0.05
/** Milliseconds after which this thread sees to parts for which no worker came, though it was to do something else. */
const LATE = 50
/** Milliseconds within which workers start, where they do. */
const STARTS = 1000
/** Milliseconds after which a worker that was ended does nothing any more, where nothing tells. */
const ENDS = 5000

/** Whether threads can share memory here: always in Node, in pages where they are isolated. */
export function canShare(): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && globals.crossOriginIsolated !== false
}

let address: string | undefined

/** Starts a worker, from text: a file would be lost in a bundle. Fails where none may be started. */
function startWorker(): WorkerLike {
  if (globals.Worker) {
    address ??= globals.URL.createObjectURL(new globals.Blob([workerText], { type: 'text/javascript' }))
    return new globals.Worker(address)
  }
  const threads = globals.process?.getBuiltinModule?.('node:worker_threads')
  if (!threads) throw new Error('there are no workers')
  return new threads.Worker(workerText, { eval: true, execArgv: [], name: 'samepad' })
}

function newControl(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT))
}

/** Whether this thread may sleep; the main one of a page may not. */
function maySleep(control: Int32Array<SharedArrayBuffer>): boolean {
  try {
    Atomics.wait(control, places.news, 1) // another number stands there
    return true
  } catch {
    return false
  }
}

/** Threads that compute parts of a problem together with this one, in the memory of programs. */
export class Pool {
  readonly #workers: WorkerLike[] = []
  #control = newControl()
  #memory: unknown
  readonly #sleeps = maySleep(this.#control)
  #ended = 0
  #isOver = false
  #isBusy = false
  #isAlone = false

  /**
   * @param threads this one and so many workers less one
   * @throws where no worker may be started
   */
  constructor(threads: number) {
    for (let thread = 1; thread < threads; thread++) this.#workers.push(this.#start(thread))
  }

  /** How many threads there are, this one among them. */
  get threads(): number {
    return this.#workers.length + 1
  }

  /** Whether it is of no more use, since a worker of it ended. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether workers compute what this thread does not wait for. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** Waits until all workers wait for parts; false where one of them ended, or did not come for long. */
  async ready(): Promise<boolean> {
    const all = allOf(this.threads) - 1 // this thread waits for nothing
    for (let begun = performance.now(), waited = 0; waited < STARTS; waited = performance.now() - begun) {
      const those = Atomics.load(this.#control, places.ready)
      if (this.#isOver || this.#ended > 0) return false
      if (those === all) return true
      await changed(this.#control, places.ready, those, STARTS - waited)
    }
    return false
  }

  /** Gives workers the memory in which they find parts, where it is another one. */
  use(memory: unknown): void {
    if (memory === this.#memory) return
    this.#dismiss()
    this.#memory = memory
    this.#control = newControl()
    const control = this.#control
    for (const [index, worker] of this.#workers.entries()) worker.postMessage({ memory, control, thread: index + 1 })
  }

  /** Lets workers look for parts all the time while something runs, so that none of them comes late. */
  awake<T>(run: () => T): T {
    const control = this.#control
    Atomics.store(control, places.more, 1)
    tell(control)
    try {
      return run()
    } finally {
      Atomics.store(control, places.more, 0)
    }
  }

  /** Lets workers sleep while something runs: this thread computes all parts. */
  asleep<T>(run: () => T): T {
    this.#isAlone = true
    try {
      return run()
    } finally {
      this.#isAlone = false
    }
  }

  /**
   * Computes parts, each by whichever thread is free first.
   *
   * @param own so many parts following each other are a thread's own, which it takes first
   * @param scratch the address of bytes of scratch, so many for each thread
   * @returns how many threads took part
   * @throws SamepadError where a worker does not finish what it took, which has died; the pool is over then
   */
  run(parts: readonly PartCall[], own: number, scratch: number, each: number): number {
    if (this.#isAlone) {
      for (const { run } of parts) run(scratch)
      return 1
    }
    const control = this.#post(parts, own, scratch, each)
    const begun = performance.now()
    const mine = this.#takeAll(parts, scratch)
    this.#await(parts.length - mine, performance.now() - begun)
    return finish(control, parts, scratch) + (mine > 0 ? 1 : 0)
  }

  /**
   * The same while this thread does something else: it takes parts only where no worker came for them. Meanwhile nobody else may
   * be given parts.
   */
  async runApart(parts: readonly PartCall[], own: number, scratch: number, each: number): Promise<number> {
    this.#isBusy = true
    try {
      const control = this.#post(parts, own, scratch, each)
      const begun = performance.now()
      const [limit, all] = [patience.least + patience.times * LATE, allOf(parts.length)]
      let mine = 0
      for (;;) {
        const done = Atomics.load(control, places.done)
        if (done + mine >= parts.length) return finish(control, parts, scratch) + (mine > 0 ? 1 : 0)
        const waited = performance.now() - begun
        if (waited > limit || this.#isOver) this.#give(parts.length - done - mine, waited)
        if (waited > LATE && Atomics.load(control, places.left) === all) mine += this.#takeAll(parts, scratch)
        else await changed(control, places.done, done, LATE)
      }
    } finally {
      this.#isBusy = false
    }
  }

  /** Ends all workers. What they were given is theirs until they have ended. */
  end(): void {
    this.#isOver = true
    this.#dismiss()
    for (const worker of this.#workers) worker.terminate()
    Atomics.notify(this.#control, places.done) // whoever waits for them
  }

  /** Lets workers leave memory. */
  #dismiss(): void {
    Atomics.store(this.#control, places.end, 1)
    tell(this.#control)
  }

  /** Gives workers parts. */
  #post(parts: readonly PartCall[], own: number, scratch: number, each: number): Int32Array<SharedArrayBuffer> {
    const control = this.#control
    for (const [index, { integers }] of parts.entries()) {
      control.set(integers, places.parts + index * partFields.length)
    }
    control[places.scratch] = scratch
    control[places.each] = each
    control[places.own] = own
    control[places.done] = 0
    control[places.failed] = 0
    control[places.took] = 0
    Atomics.store(control, places.left, allOf(parts.length))
    tell(control)
    return control
  }

  /** Computes parts here as long as there are some that nobody has taken; how many. What fails is noted, as workers do. */
  #takeAll(parts: readonly PartCall[], scratch: number): number {
    let mine = 0
    for (let part = this.#take(); part >= 0; part = this.#take()) {
      mine++
      try {
        parts[part].run(scratch)
      } catch {
        Atomics.or(this.#control, places.failed, 1 << part)
      }
    }
    return mine
  }

  #start(thread: number): WorkerLike {
    const worker = startWorker()
    const over = (): void => {
      this.#ended++
      // One that never came is forbidden, or something is wrong with it: another one would not come either.
      if (Atomics.and(this.#control, places.ready, ~(1 << thread)) & (1 << thread)) this.#isOver = true
    }
    worker.unref?.()
    worker.on?.('error', () => undefined)
    worker.on?.('exit', over)
    worker.onerror = (event) => {
      event.preventDefault?.()
      over()
    }
    return worker
  }

  #take(): number {
    for (;;) {
      const all = Atomics.load(this.#control, places.left)
      if (all === 0) return -1
      const bit = all & -all
      if (Atomics.compareExchange(this.#control, places.left, all, all & ~bit) === all) return 31 - Math.clz32(bit)
    }
  }

  /** Waits until so many parts are done that workers took. */
  #await(count: number, took: number): void {
    const control = this.#control
    const begun = performance.now()
    const limit = patience.least + patience.times * took
    for (;;) {
      const done = Atomics.load(control, places.done)
      if (done >= count) return
      const waited = performance.now() - begun
      if (waited > limit) this.#give(count - done, waited)
      if (this.#sleeps && waited > AWAKE) Atomics.wait(control, places.done, done, limit - waited + 1)
    }
  }

  /** Gives up: whoever still runs may write where it was told to, so that is nobody else's until all have ended. */
  #give(missing: number, waited: number): never {
    const freed = keepFreed()
    this.end()
    const look = (): void => {
      if (this.#ended >= this.#workers.length) freed()
    }
    for (const worker of this.#workers) worker.on?.('exit', look)
    const timer: unknown = setTimeout(freed, ENDS)
    ;(timer as { unref?(): void }).unref?.()
    const must = 'workers must finish the parts that they took'
    throw new SamepadError('threads', must, new Verbatim(`${missing} missing after ${Math.round(waited)} ms`))
  }
}

/** Wakes workers that sleep: there is something new. */
function tell(control: Int32Array): void {
  Atomics.add(control, places.news, 1)
  Atomics.notify(control, places.news)
}

/** Ends a run whose parts are done; how many workers took part. */
function finish(control: Int32Array, parts: readonly PartCall[], scratch: number): number {
  const failed = Atomics.load(control, places.failed)
  // What failed for want of memory may go well now; if it does not, its error is shown. Nobody else writes any more.
  for (let part = 0; part < parts.length; part++) if (failed & (1 << part)) parts[part].run(scratch)
  return bits(Atomics.load(control, places.took))
}

/** As TypeScript does not know it, and as some browsers do not: Firefox has it since 145. */
type WaitAsync = (
  control: Int32Array,
  place: number,
  number: number,
) => { readonly async: false } | { readonly async: true; readonly value: Promise<unknown> }

/**
 * Is fulfilled when another number stands at a place, or after so many milliseconds; where an engine cannot tell, after one, so
 * that whoever asks looks again. Until then the process does not end.
 */
function changed(control: Int32Array, place: number, number: number, most: number): Promise<void> {
  const told = (Atomics as { waitAsync?: WaitAsync }).waitAsync?.(control, place, number)
  if (told && !told.async) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, told ? most : 1)
    told?.value.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** A set of so many parts. */
const allOf = (parts: number): number => 2 ** parts - 1

/** How many bits are set. */
function bits(set: number): number {
  let count = 0
  for (let left = set; left !== 0; left &= left - 1) count++
  return count
}
