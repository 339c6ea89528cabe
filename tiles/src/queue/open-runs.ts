import { createHash } from 'node:crypto'
import { SamepadError } from 'samepad/geometry'
import { EnginePool } from '../engine/pool.ts'
import { type Manifest, readManifest } from '../output/manifest.ts'
import { ZarrOutput } from '../output/zarr-output.ts'
import { type PreparedRun, prepareRun, type RunRequest } from '../run/prepare.ts'
import type { Running } from '../run/run-pieces.ts'
import { FolderStore } from '../store/folder-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import type { PieceJob } from './job.ts'

// Runs that a worker has open: many jobs are of one run, and many runs have one model.

/** A manifest's hash, by which jobs name their run. */
export const runHash = (manifest: Manifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex')

/** Runs that stay open beside the one that is at work. */
const MOST = 4

interface Open {
  readonly prepared: PreparedRun
  readonly running: Running
}

/** Opens what jobs ask for; engines of one model serve all runs that have it. */
export class OpenRuns {
  readonly #own: Pick<RunRequest, 'memory' | 'threads'>
  readonly #runs = new Map<string, Promise<Open>>()
  readonly #pools = new Map<string, EnginePool>()

  constructor(own: Pick<RunRequest, 'memory' | 'threads'>) {
    this.#own = own
  }

  async get(job: PieceJob): Promise<Running> {
    const key = `${job.run} ${job.model} ${job.input} ${job.output}`
    const known = this.#runs.get(key) ?? this.#open(job)
    this.#runs.delete(key)
    this.#runs.set(key, known)
    try {
      const { running } = await known
      await this.#tidy()
      return running
    } catch (error) {
      this.#runs.delete(key) // the next job tries again
      throw error
    }
  }

  async close(): Promise<void> {
    for (const run of this.#runs.values()) await run.then(({ prepared }) => prepared.picture.close()).catch(() => {})
    for (const pool of this.#pools.values()) await pool.close()
  }

  async #open({ run, model, input, output }: PieceJob): Promise<Open> {
    const store = new PatientStore(new FolderStore(output))
    const manifest = await readManifest(store)
    if (!manifest || runHash(manifest) !== run) {
      throw new SamepadError(
        'job',
        'OUTPUT must hold the manifest of the run that queued the job',
        manifest ? runHash(manifest) : undefined,
      )
    }
    const prepared = await prepareRun({ ...this.#own, ...requestOf(manifest), model, input })
    for (const part of ['model', 'plan', 'versions'] as const) {
      const [theirs, ours] = [manifest, prepared.manifest].map((one) => JSON.stringify(one[part]))
      if (theirs !== ours) throw new SamepadError('job', `the ${part} here must be that of the run: ${theirs}`, ours)
    }
    if (manifest.input.stamp !== prepared.manifest.input.stamp) {
      throw new SamepadError(
        'job',
        `the picture here must be that of the run: ${manifest.input.stamp}`,
        prepared.manifest.input.stamp,
      )
    }
    const { plan, feed, lanes } = prepared
    const stored = await ZarrOutput.open(store, plan, prepared.threadData.storing)
    return { prepared, running: { plan, feed, lanes, output: stored, pool: this.#poolOf(prepared) } }
  }

  #poolOf({ threadData, threads }: PreparedRun): EnginePool {
    const key = JSON.stringify(threadData)
    const pool = this.#pools.get(key) ?? new EnginePool(threads, threadData)
    this.#pools.delete(key)
    this.#pools.set(key, pool)
    return pool
  }

  /** Closes what was asked for longest ago, where nothing is at work. */
  async #tidy(): Promise<void> {
    for (const [key, run] of [...this.#runs].slice(0, -MOST)) {
      this.#runs.delete(key)
      await run.then(({ prepared }) => prepared.picture.close()).catch(() => {})
    }
    for (const [key, pool] of [...this.#pools].slice(0, -1)) {
      if (!pool.isIdle) continue
      this.#pools.delete(key)
      await pool.close()
    }
  }
}

/** What a manifest says of a run, as a request. */
function requestOf({
  feed,
  storing,
  engine,
  plan,
}: Manifest): Omit<RunRequest, 'model' | 'input' | 'memory' | 'threads'> {
  const { axes, level, raw, ...rest } = feed as RunRequest['picture'] & RunRequest['feed']
  return {
    picture: { axes, level, raw },
    feed: rest,
    storing: storing as unknown as RunRequest['storing'],
    engine: engine.name as RunRequest['engine'],
    deterministic: engine.deterministic,
    tile: plan.tile,
    halo: plan.halo ?? undefined,
    isWhole: false,
  }
}
