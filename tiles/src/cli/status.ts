import { SamepadError } from 'samepad/geometry'
import { checkRedis } from '../queue/redis.ts'
import { openQueue } from '../queue/submit.ts'
import type { CommandRow } from './command.ts'
import { queueOptions } from './options.ts'
import { queueAddress, queueName } from './queue.ts'

/** Dead letters that are listed. */
const LISTED = 20

/** `samepad-tiles status`. */
export const status: CommandRow = {
  usage: '',
  about: 'How many pieces wait, are at work and failed, and why.',
  options: {
    ...queueOptions,
    json: { about: 'as JSON' },
    prometheus: { about: 'counts of the queue as text for Prometheus' },
  },
  act: async (given) => {
    if (given.words.length > 0) throw new SamepadError('status', 'there must be options alone', [...given.words])
    const url = queueAddress(given)
    await checkRedis(url)
    const queue = openQueue(url, queueName(given))
    try {
      if (given.options.prometheus) return void process.stdout.write(`${await queue.exportPrometheusMetrics()}\n`)
      const { waiting, active, delayed, failed } = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
      const letters = (await queue.getFailed(0, LISTED - 1)).map(({ data, failedReason }) => {
        return { output: String(data?.output), piece: Number(data?.piece), reason: failedReason }
      })
      const counts = { waiting, active, delayed, failed, workers: await queue.getWorkersCount() }
      process.stdout.write(
        given.options.json ? `${JSON.stringify({ ...counts, letters }, null, 2)}\n` : textOfStatus(counts, letters),
      )
    } finally {
      await queue.close()
    }
  },
}

function textOfStatus(
  {
    waiting,
    active,
    delayed,
    failed,
    workers,
  }: Record<'waiting' | 'active' | 'delayed' | 'failed' | 'workers', number>,
  letters: readonly { output: string; piece: number; reason: string }[],
): string {
  const lines = letters.map(({ output, piece, reason }) => `  piece ${piece} of ${output}: ${reason}`)
  const more = failed > letters.length ? [`  and ${failed - letters.length} more`] : []
  return [
    `${waiting} waiting, ${active} at work, ${delayed} to be tried again, ${failed} failed; ${workers} workers`,
    ...lines,
    ...more,
    '',
  ].join('\n')
}
