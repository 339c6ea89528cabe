import { Worker } from 'node:worker_threads'
import { SLOWEST } from './try-mutant.ts'

/** Mutants that a worker tries: from a number to before another one. */
export interface Task extends Pick<Plan, 'from' | 'to' | 'withTestdata'> {
  /** The module that asks the questions. */
  readonly questions: string
  /**
   * Float64: the mutant that is tried now, the processor's milliseconds when that began, mutants refused before, the
   * process's bytes of memory when it began.
   */
  readonly shared: SharedArrayBuffer
}

/** What a worker tells: that it is done with the mutants up to this number, and what went wrong with that one. */
export interface Report {
  readonly number: number
  readonly failures: readonly string[]
}

/** A mutant on which something went wrong. */
export interface Failure {
  readonly number: number
  readonly what: string
}

/** What came of a run. */
export interface Run {
  readonly ran: number
  /** Mutants that were refused as no models. */
  readonly refused: number
  /** The number to go on from. */
  readonly next: number
  readonly failures: readonly Failure[]
}

/** What to try. */
export interface Plan {
  readonly from: number
  readonly to: number
  readonly withTestdata: boolean
  /** The module whose `tryMutant` asks the questions: that of this folder, unless another one is to be watched. */
  readonly questions?: URL | undefined
  /** Seconds after which it ends, if there are still mutants then. */
  readonly seconds?: number
  readonly onFailure?: (failure: Failure) => void
  /** Is told about once a second how far it is. */
  readonly onProgress?: (number: number) => void
}

/** Bytes that one mutant may need. */
const MOST_MEMORY = 300e6
/** Milliseconds between two looks at the worker. */
const OFTEN = 200
/** A worker that is silent is ended after this many times what a question may take: there are several for one mutant. */
const PATIENCE = 4

/** What a worker begins with: `--import tsx` holds for the main thread alone. */
const starter = `
  import('tsx/esm/api').then(({ register }) => {
    register()
    return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)})
  })
`

/** Tries mutants in a worker that is ended where it hangs or grows, and begun again behind the mutant that it was at. */
export async function runMutants(plan: Plan): Promise<Run> {
  const failures: Failure[] = []
  const fail = (failure: Failure): void => {
    failures.push(failure)
    plan.onFailure?.(failure)
  }
  const end = Date.now() + (plan.seconds ?? Number.POSITIVE_INFINITY) * 1000
  let [ran, refused, next] = [0, 0, plan.from]
  while (next < plan.to && Date.now() < end) {
    const part = await runWorker({ ...plan, from: next }, end, fail)
    ran += part.next - next
    refused += part.refused
    next = part.next
  }
  return { ran, refused, next, failures }
}

type Part = Pick<Run, 'refused' | 'next'>

/** Until it is done, the time is over, or it had to be ended. */
function runWorker(plan: Plan, end: number, fail: (failure: Failure) => void): Promise<Part> {
  const shared = new SharedArrayBuffer(4 * Float64Array.BYTES_PER_ELEMENT)
  const now = new Float64Array(shared)
  now[0] = Number.NaN
  const { from, to, withTestdata, questions = new URL('./try-mutant.ts', import.meta.url) } = plan
  const task: Task = { from, to, withTestdata, questions: questions.href, shared }
  const worker = new Worker(starter, {
    eval: true,
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY / 1e6, maxYoungGenerationSizeMb: 64, stackSizeMb: 1 },
  })
  return new Promise((resolve, reject) => {
    let done = from - 1
    let isOver = false
    const finish = (next: number): void => {
      isOver = true
      clearInterval(watch)
      worker.terminate().then(() => resolve({ next, refused: now[2] }), reject)
    }
    /** Ends it because of what the mutant does that it is at. */
    const giveUp = (what: string): void => {
      if (isOver) return // one that is being ended may still say why it would have ended itself
      const [number] = now
      if (Number.isNaN(number)) reject(new Error(`the worker failed before its first mutant: ${what}`))
      else {
        fail({ number, what })
        finish(number + 1)
      }
    }
    const watch = setInterval(() => {
      const [number, begin, , memory] = now
      if (Number.isNaN(number)) return
      const { user, system } = process.cpuUsage()
      const grown = process.memoryUsage.rss() - memory
      const took = (user + system) / 1000 - begin
      if (took > PATIENCE * SLOWEST) giveUp(`hangs: ${Math.round(took)} ms of the processor, and no end`)
      else if (grown > MOST_MEMORY) giveUp(`grows: ${grown} bytes more than before`)
      else if (Date.now() > end) finish(done + 1)
    }, OFTEN)
    worker.on('message', ({ number, failures }: Report) => {
      done = number
      plan.onProgress?.(number)
      if (isOver) return
      for (const what of failures) fail({ number, what })
      if (number === to - 1) finish(to)
    })
    worker.on('error', (error) => giveUp(String(error)))
  })
}
