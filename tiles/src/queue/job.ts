import { realpathSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { SamepadError } from 'samepad/geometry'
import { isRemote } from '../picture/place.ts'

// What a job says, and what a worker believes of it.

/** One piece of one run. It holds names, never numbers of a picture. */
export interface PieceJob {
  /** SHA-256 of the run's manifest. */
  readonly run: string
  readonly model: string
  readonly input: string
  readonly output: string
  readonly piece: number
}

/** The most bytes of a job: names are short. */
const MOST_BYTES = 4_096

const STAGE = 'job'

/** Checks what came out of the queue, which anybody who reaches Redis may have put there. */
export function checkJob(data: unknown): PieceJob {
  const text = JSON.stringify(data) ?? ''
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new SamepadError(STAGE, `a job must have at most ${MOST_BYTES} bytes`, text.length)
  const job = data as Record<string, unknown>
  const names = ['run', 'model', 'input', 'output', 'piece']
  if (typeof data !== 'object' || data === null || Object.keys(data).sort().join() !== [...names].sort().join()) {
    throw new SamepadError(STAGE, `a job must have ${names.join(', ')} and nothing else`, Object.keys(data ?? {}))
  }
  if (typeof job.run !== 'string' || !/^[0-9a-f]{64}$/.test(job.run))
    throw new SamepadError(STAGE, 'run must be a SHA-256', job.run)
  for (const name of ['model', 'input', 'output']) {
    const place = job[name]
    if (typeof place !== 'string' || place === '' || place.includes('\0'))
      throw new SamepadError(STAGE, `${name} must be a name`, place)
  }
  if (!Number.isSafeInteger(job.piece) || (job.piece as number) < 0)
    throw new SamepadError(STAGE, 'piece must be a whole number', job.piece)
  return data as PieceJob
}

/** The name of a job, by which a piece is queued once. */
export const jobName = ({ run, piece }: Pick<PieceJob, 'run' | 'piece'>): string => `${run.slice(0, 32)}-${piece}`

/** Places that a worker's command line allows. */
export interface Allowed {
  readonly models: string
  readonly inputs: string
  readonly outputs: string
}

/** Checks that a job asks for nothing else. */
export function checkAllowed({ model, input, output }: PieceJob, { models, inputs, outputs }: Allowed): void {
  for (const [name, place, root] of [
    ['models', model, models],
    ['inputs', input, inputs],
    ['outputs', output, outputs],
  ]) {
    if (!isWithin(place, root))
      throw new SamepadError(STAGE, `a worker opens only what its --${name} allows (${root})`, place)
  }
}

/** Whether a place lies in a folder, or at an address, whatever links and dots are on the way. */
export function isWithin(place: string, root: string): boolean {
  if (isRemote(place) !== isRemote(root)) return false
  if (isRemote(place)) {
    const [address, prefix] = [new URL(place), new URL(root.endsWith('/') ? root : `${root}/`)]
    return address.origin === prefix.origin && address.pathname.startsWith(prefix.pathname)
  }
  const [real, folder] = [realPlace(place), realPlace(root)]
  return real === folder || real.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** A path without links, also of what is not there yet. */
function realPlace(place: string): string {
  const path = resolve(place)
  try {
    return realpathSync(path)
  } catch (error) {
    const above = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error
    return join(realPlace(above), path.slice(above.endsWith(sep) ? above.length : above.length + 1))
  }
}
