import { availableParallelism } from 'node:os'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { serveMetrics, WorkerMetrics } from '../queue/metrics.ts'
import { OpenRuns } from '../queue/open-runs.ts'
import { checkRedis } from '../queue/redis.ts'
import { type JobOutcome, startWorker } from '../queue/worker.ts'
import { lanesOf } from '../run/prepare.ts'
import type { CommandRow } from './command.ts'
import { bytesIn, numberOf, queueOptions, runOptions, type Typed, textOf } from './options.ts'
import { queueAddress, queueName } from './queue.ts'
import { MEMORY } from './request.ts'

const STAGE = 'work'
/** Seconds after which a silent worker's job is given to another. */
const LOCK = 30

/** `samepad-tiles work`. */
export const work: CommandRow = {
  usage: '--models FOLDER --inputs PLACE --outputs FOLDER',
  about:
    'Works off pieces that `run --redis` queued, on any machine that sees the same folders under the same names. It opens ' +
    'only what lies in the folders given here, whatever a job says. SIGTERM lets it finish its pieces.',
  options: {
    ...queueOptions,
    models: { value: 'FOLDER', about: 'models may lie here' },
    inputs: { value: 'PLACE', about: 'pictures may lie in this folder, or below this address of HTTP' },
    outputs: { value: 'FOLDER', about: 'outputs may lie here' },
    memory: runOptions.memory,
    workers: runOptions.workers,
    lock: { value: 'SECONDS', about: `after which a silent worker's piece is given to another (default: ${LOCK})` },
    metrics: { value: '[HOST:]PORT', about: 'serve counts for Prometheus at /metrics (host: 127.0.0.1)' },
  },
  act: async (given) => {
    if (given.words.length > 0) throw new SamepadError(STAGE, 'there must be options alone', [...given.words])
    const url = queueAddress(given)
    const allowed = {
      models: needed(given, 'models'),
      inputs: needed(given, 'inputs'),
      outputs: needed(given, 'outputs'),
    }
    const threads = numberOf(STAGE, given, 'workers', 1) ?? availableParallelism()
    const place = placeOf(textOf(given, 'metrics'))
    await checkRedis(url)
    const runs = new OpenRuns({ memory: bytesIn(STAGE, given, 'memory') ?? MEMORY, threads })
    const metrics = new WorkerMetrics()
    const server = place && serveMetrics(place, () => metrics.text())
    const onJob = (outcome: JobOutcome): void => {
      metrics.add(outcome)
      if ('error' in outcome) process.stderr.write(`${outcome.error.message}\n`)
    }
    const lock = numberOf(STAGE, given, 'lock', 1) ?? LOCK
    const worker = startWorker({ url, queue: queueName(given), allowed, runs, lanes: lanesOf(threads), lock, onJob })
    const signal = await new Promise<string>((resolve) => {
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name))
    })
    process.stderr.write(`${signal}: pieces at work are finished first; the same signal again ends at once\n`)
    await worker.close()
    await runs.close()
    server?.close()
  },
}

function needed(given: Typed, name: string): string {
  const text = textOf(given, name)
  if (text === undefined) throw new SamepadError(STAGE, `--${name} must be given`, new Verbatim('nothing'))
  return text
}

function placeOf(text: string | undefined): { host: string; port: number } | undefined {
  if (text === undefined) return undefined
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  if (port !== undefined && Number(port) < 65_536) return { host: host ?? '127.0.0.1', port: Number(port) }
  throw new SamepadError(STAGE, '--metrics must be a port, or HOST:PORT', text)
}
