import { resolve } from 'node:path'
import type { Output } from '../output/output.ts'
import { isRemote } from '../picture/place.ts'
import { runHash } from '../queue/open-runs.ts'
import { checkRedis } from '../queue/redis.ts'
import { openQueue, queuePieces, waitForPieces } from '../queue/submit.ts'
import type { PreparedRun, RunRequest } from '../run/prepare.ts'
import { ProgressLine } from '../run/progress.ts'
import type { Typed } from './options.ts'
import { queueAddress, queueName } from './queue.ts'

// A run whose pieces other machines work off.

/** What is submitted. */
export interface Submitting {
  readonly prepared: PreparedRun
  readonly request: RunRequest
  readonly folder: string
  readonly stored: Output
}

/** Checks the queue, before anything is planned; what it gives queues the missing pieces, and waits for them. */
export async function submitter(given: Typed): Promise<(submitting: Submitting) => Promise<void>> {
  const url = queueAddress(given)
  const name = queueName(given)
  await checkRedis(url)
  return async ({ prepared: { manifest, plan, picture }, request, folder, stored }) => {
    await picture.close()
    const queue = openQueue(url, name)
    try {
      const input = isRemote(request.input) ? request.input : resolve(request.input)
      const job = { run: runHash(manifest), model: resolve(request.model), input, output: resolve(folder) }
      const submission = { queue, job, plan, output: stored }
      const missing = await queuePieces(submission)
      if (given.options.queued)
        return void process.stdout.write(`${missing.size} of ${plan.tiles.pieces} pieces queued\n`)
      const line = new ProgressLine()
      await waitForPieces(submission, missing, (progress) => line.show(progress))
    } finally {
      await queue.close()
    }
  }
}
