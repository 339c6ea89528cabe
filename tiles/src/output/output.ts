import type { Stored } from '../engine/values.ts'
import type { RunPiece } from '../plan/run-plan.ts'

/** Where the pieces of a run go. */
export interface Output {
  /** Whether all chunks of a piece are there. */
  isDone(piece: RunPiece): Promise<boolean>
  /** Puts what a piece made, one array for each of its kept parts. */
  put(piece: RunPiece, values: readonly Stored[]): Promise<void>
  /** What a finished piece made, for a preview. */
  get(piece: RunPiece): Promise<readonly Stored[]>
  /** Called when all pieces are there. */
  finish(): Promise<void>
}
