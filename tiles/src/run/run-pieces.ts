import type { EnginePool } from '../engine/pool.ts'
import type { Stored } from '../engine/values.ts'
import type { Feed } from '../model/feed.ts'
import type { Output } from '../output/output.ts'
import type { RunPiece, RunPlan } from '../plan/run-plan.ts'
import { retry } from '../store/retry.ts'
import type { Progress } from './progress.ts'

/** What a run works with. */
export interface Running {
  readonly plan: RunPlan
  readonly feed: Feed
  readonly pool: Pick<EnginePool, 'run'>
  readonly output: Output
  /** Pieces that are at work at once, read or written or computed: more than there are threads. */
  readonly lanes: number
}

/** Told of each piece that is there; its values only where it was made now. */
export type OnPiece = (progress: Progress, piece: RunPiece, made: readonly Stored[] | undefined) => void

/** What a piece took. */
export interface RunReport {
  readonly seconds: { readonly read: number; readonly compute: number; readonly write: number }
  /** Bytes of the model's input and of what was stored. */
  readonly bytes: { readonly read: number; readonly written: number }
}

/** Reads, runs and writes one piece. */
export async function runPiece(
  { feed, pool, output }: Pick<Running, 'feed' | 'pool' | 'output'>,
  piece: RunPiece,
): Promise<{ kept: readonly Stored[]; report: RunReport }> {
  const [data, read] = await timed(() => retry(() => feed.read(piece.read)))
  const bytes = data.byteLength // read before the data is handed to a thread
  const { kept, milliseconds } = await pool.run({ data, shape: piece.read.size, kept: piece.kept })
  const [, write] = await timed(() => output.put(piece, kept))
  const written = kept.reduce((sum, { byteLength }) => sum + byteLength, 0)
  return { kept, report: { seconds: { read, compute: milliseconds / 1000, write }, bytes: { read: bytes, written } } }
}

async function timed<T>(action: () => Promise<T>): Promise<[T, number]> {
  const begin = performance.now()
  const result = await action()
  return [result, (performance.now() - begin) / 1000]
}

/** Runs all pieces that are not there yet. While threads compute, other pieces are read and written. */
export async function runPieces(running: Running, onPiece: OnPiece = () => {}): Promise<Progress> {
  const { plan, output, lanes } = running
  const all = plan.tiles.pieces
  let [next, done, before] = [0, 0, 0]
  let failure: { readonly error: unknown } | undefined
  const lane = async (): Promise<void> => {
    while (next < all && !failure) {
      const piece = plan.piece(next++)
      const isThere = await output.isDone(piece)
      const made = isThere ? undefined : (await runPiece(running, piece)).kept
      done++
      if (isThere) before++
      onPiece({ done, all, before }, piece, made)
    }
  }
  // All lanes end before an error is told, so that nothing is written behind it.
  await Promise.all(
    Array.from({ length: Math.min(lanes, all) }, () =>
      lane().catch((error) => {
        failure ??= { error }
      }),
    ),
  )
  if (failure) throw failure.error
  await output.finish()
  return { done, all, before }
}
