import type { EnginePool } from '../engine/pool.ts'
import type { Stored } from '../engine/values.ts'
import type { Feed } from '../model/feed.ts'
import type { Output } from '../output/output.ts'
import type { RunPiece, RunPlan } from '../plan/run-plan.ts'
import type { Progress } from './progress.ts'
import { retry } from './retry.ts'

/** What a run works with. */
export interface Running {
  readonly plan: RunPlan
  readonly feed: Feed
  readonly pool: EnginePool
  readonly output: Output
  /** Pieces that are at work at once, read or written or computed: more than there are threads. */
  readonly lanes: number
}

/** Told of each piece that is there; its values only where it was made now. */
export type OnPiece = (progress: Progress, piece: RunPiece, made: readonly Stored[] | undefined) => void

/** Reads, runs and writes one piece. */
export async function runPiece(
  { feed, pool, output }: Omit<Running, 'plan' | 'lanes'>,
  piece: RunPiece,
): Promise<readonly Stored[]> {
  const data = await retry(() => feed.read(piece.read))
  const { kept } = await pool.run({ data, shape: piece.read.size, kept: piece.kept })
  await retry(() => output.put(piece, kept))
  return kept
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
      const made = isThere ? undefined : await runPiece(running, piece)
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
