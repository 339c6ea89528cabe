import { setTimeout } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { SamepadError, Verbatim } from 'samepad/geometry'
import type { Output } from '../output/output.ts'
import type { RunPlan } from '../plan/run-plan.ts'
import type { Progress } from '../run/progress.ts'
import { jobName, type PieceJob } from './job.ts'
import { connectionOf } from './redis.ts'

/** Jobs that are added, or looked for, at once. */
const BATCH = 500
/** Pause between two looks, in milliseconds. */
const PAUSE = 1_000
/** Dead letters that are told one by one. */
const TOLD = 5

/** A piece is tried so often, after 1, 2, 4, 8 seconds; finished jobs leave the queue, failed ones are its dead letters. */
const jobOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: false,
}

/** A queue, whose connection comes back by itself. */
export function openQueue(url: URL, name: string): Queue {
  const queue = new Queue(name, { connection: connectionOf(url) })
  queue.on('error', () => {}) // what waits for an answer goes on waiting
  return queue
}

/** What is queued. */
export interface Submission {
  readonly queue: Queue
  readonly job: Omit<PieceJob, 'piece'>
  readonly plan: RunPlan
  readonly output: Output
}

/** Queues all pieces that are not there yet. Those that failed before are tried again. */
export async function queuePieces({ queue, job, plan, output }: Submission): Promise<Set<number>> {
  const missing = new Set<number>()
  for (let piece = 0; piece < plan.tiles.pieces; piece++) {
    if (!(await output.isDone(plan.piece(piece)))) missing.add(piece)
  }
  for (const failed of await failedOf(queue, job.run)) await failed.remove()
  const all = [...missing]
  for (let begin = 0; begin < all.length; begin += BATCH) await add({ queue, job }, all.slice(begin, begin + BATCH))
  return missing
}

async function add({ queue, job }: Pick<Submission, 'queue' | 'job'>, pieces: readonly number[]): Promise<void> {
  await queue.addBulk(
    pieces.map((piece) => {
      const data: PieceJob = { ...job, piece }
      return { name: 'piece', data, opts: { ...jobOptions, jobId: jobName(data) } }
    }),
  )
}

async function failedOf(queue: Queue, run: string) {
  const jobs = await queue.getFailed()
  return jobs.filter(({ data }) => data?.run === run)
}

/**
 * Waits until all pieces are there. The store alone tells what is done, so nothing is lost with Redis: a piece that is neither
 * there nor queued is queued again.
 */
export async function waitForPieces(
  submission: Submission,
  missing: Set<number>,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const { queue, job, plan, output } = submission
  const all = plan.tiles.pieces
  const before = all - missing.size
  const dead = new Map<number, string>()
  onProgress({ done: before, all, before })
  while (missing.size > dead.size) {
    // The pieces that were looked at longest ago.
    const looked = [...missing].filter((piece) => !dead.has(piece)).slice(0, BATCH)
    const lost: number[] = []
    for (const piece of looked) {
      missing.delete(piece)
      if (await output.isDone(plan.piece(piece))) continue
      missing.add(piece)
      const name = jobName({ run: job.run, piece })
      const found = await queue.getJob(name)
      if (found === undefined) lost.push(piece)
      // Read again: it may have failed since, and then the first has no reason.
      else if (await found.isFailed()) dead.set(piece, (await queue.getJob(name))?.failedReason ?? 'unknown')
    }
    // One that left the queue while it was looked for is there by now.
    const again: number[] = []
    for (const piece of lost) if (!(await output.isDone(plan.piece(piece)))) again.push(piece)
    await add(submission, again)
    onProgress({ done: all - missing.size, all, before })
    if (missing.size > dead.size) await setTimeout(PAUSE)
  }
  if (dead.size === 0) return
  const told = [...dead].slice(0, TOLD).map(([piece, reason]) => `piece ${piece}: ${reason}`)
  const more = dead.size > TOLD ? [`and ${dead.size - TOLD} more, which samepad-tiles status lists`] : []
  const must = `all pieces must be done; type the same line again to try those that failed once more (${dead.size} of ${all})`
  throw new SamepadError('run', must, new Verbatim([...told, ...more].join('; ')))
}
