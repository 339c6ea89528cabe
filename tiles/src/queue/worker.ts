import { UnrecoverableError, Worker } from 'bullmq'
import { SamepadError } from 'samepad/geometry'
import { type RunReport, runPiece } from '../run/run-pieces.ts'
import { type Allowed, checkAllowed, checkJob } from './job.ts'
import type { OpenRuns } from './open-runs.ts'
import { connectionOf } from './redis.ts'

/** How a worker works. */
export interface WorkerOptions {
  readonly url: URL
  readonly queue: string
  readonly allowed: Allowed
  readonly runs: OpenRuns
  /** Jobs that are at work at once. */
  readonly lanes: number
  /** Seconds after which a job of a worker that is silent is given to another. */
  readonly lock: number
  /** Told of each job: what it took, or that its piece was there; or why it failed. */
  readonly onJob: (outcome: JobOutcome) => void
}

export type JobOutcome = { readonly report: RunReport } | { readonly isThere: true } | { readonly error: Error }

/** A worker that dies with a job takes it along so often; then the job is a dead letter, since it may be what kills. */
const MOST_STALLED = 20

/** Takes jobs and works them off, until it is closed. A job that is done twice gives the same chunk twice. */
export function startWorker({ url, queue, allowed, runs, lanes, lock, onJob }: WorkerOptions): Worker {
  const worker = new Worker(
    queue,
    async ({ data }) => {
      const job = lastingly(() => {
        const checked = checkJob(data)
        checkAllowed(checked, allowed)
        return checked
      })
      const running = await runs.get(job)
      if (job.piece >= running.plan.tiles.pieces)
        throw new UnrecoverableError(`piece must be below ${running.plan.tiles.pieces}`)
      const piece = running.plan.piece(job.piece)
      if (await running.output.isDone(piece)) return onJob({ isThere: true })
      const { report } = await runPiece(running, piece)
      onJob({ report })
    },
    {
      connection: connectionOf(url),
      concurrency: lanes,
      lockDuration: lock * 1_000,
      stalledInterval: lock * 1_000,
      maxStalledCount: MOST_STALLED,
    },
  )
  worker.on('error', () => {}) // the connection comes back by itself
  worker.on('failed', (_, error) => onJob({ error }))
  return worker
}

/** What a job says does not get better: it is not tried again. */
function lastingly<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof SamepadError) throw new UnrecoverableError(error.message)
    throw error
  }
}
