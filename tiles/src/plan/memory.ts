import { SamepadError } from 'samepad/geometry'
import { cellsOf } from '../picture/picture.ts'
import { balancedTile } from './balance.ts'
import type { RunPlan } from './run-plan.ts'

// How much memory a run takes, and the largest pieces for which that is little enough.

/** Bytes of Node with the package loaded, and of each thread with an engine: measured with Node 20. */
const PROCESS = 150e6
const THREAD = 50e6
/** A network's weights are there as they are read, as they are kept, and as they are packed. */
const WEIGHTS = 3
/** What engines take beside values that are alive: gaps between them, and what a layer keeps aside while it computes. */
const GAPS = 1.3
/** Arrays that nobody holds stay for a while: so many times as many are there as are in use. */
const GARBAGE = 2
const FLOAT = 4

/** What a run's memory depends on beside its plan. */
export interface MemoryUse {
  readonly threads: number
  readonly lanes: number
  /** Bytes of the model's files. */
  readonly model: number
  /** Bytes that the picture holds all the time, and that a lane decodes beside a piece. */
  readonly held: number
  readonly chunk: number
  /** Bytes of the picture for each value of a piece, and of the output for each of its own. */
  readonly bytesRead: number
  readonly bytesStored: number
  /** Bytes of outputs that are made as a whole. */
  readonly whole: number
}

/** The most bytes that a run takes at once. */
export function bytesOfRun({ tiles, outputs }: RunPlan, use: MemoryUse): number {
  const input = cellsOf(tiles.shape)
  const output = outputs.reduce((sum, { chunk }) => sum + cellsOf(chunk), 0)
  const thread = THREAD + WEIGHTS * use.model + GAPS * tiles.memory + GARBAGE * FLOAT * (input + 2 * output)
  // What is read lies there in chunks, put together, and as numbers; what is written as numbers and as a chunk.
  const lane = GARBAGE * (input * (2 * use.bytesRead + FLOAT) + 4 * use.chunk + 2 * output * use.bytesStored)
  return PROCESS + use.held + use.whole + use.threads * thread + use.lanes * lane
}

/**
 * The largest pieces with which a run stays within its memory; smaller ones where that is faster.
 *
 * @param longest cells of the picture along its longest axis that is cut
 */
export function tileWithin(planOf: (tile: number) => RunPlan, longest: number, use: MemoryUse, memory: number): number {
  let [why, inexact] = ['', '']
  const attempt = (tile: number): RunPlan | undefined => {
    try {
      const plan = planOf(tile)
      const bytes = bytesOfRun(plan, use)
      if (bytes <= memory) return plan
      why = `pieces of at most ${tile} cells would take ${Math.ceil(bytes / 1e6)} MB`
    } catch (error) {
      if (!(error instanceof SamepadError)) throw error
      const [, reason] = /^tiles: (no piece can be exact: .*), got /.exec(error.message) ?? []
      if (reason) inexact = reason
      else if (error.message.includes('a piece must be at least')) why ||= error.message
      else throw error
    }
    return undefined
  }
  let [low, high] = [0, longest]
  let best = attempt(longest)
  if (best) low = longest
  while (high - low > Math.max(8, high / 32) && inexact === '') {
    const middle = Math.floor((low + high) / 2)
    const plan = attempt(middle)
    if (plan) [low, best] = [middle, plan]
    else high = middle
  }
  if (!best) {
    const least = inexact === '' ? 'the smallest piece' : `the whole picture at once, since ${inexact}`
    throw new SamepadError('plan', `--memory must be enough for ${least} (${why})`, memory)
  }
  return balancedTile(attempt, low, best, use.threads)
}
