import { availableParallelism } from 'node:os'
import { SamepadError } from 'samepad/geometry'
import { cellsOf } from '../picture/picture.ts'
import { bytesOfRun, type MemoryUse, tileWithin } from './memory.ts'
import type { RunPlan } from './run-plan.ts'

/** What the sizes of a run follow from. */
export interface Sizing {
  /** Cells of the picture along the axes that are cut. */
  readonly sizes: readonly number[]
  readonly planOf: (tile: readonly number[]) => RunPlan
  readonly useOf: (threads: number) => Omit<MemoryUse, 'whole'>
  /** Bytes that the run may take. */
  readonly memory: number
  /** Cells of a piece, and threads, where somebody gives them. */
  readonly tile: readonly number[] | undefined
  readonly threads: number | undefined
  /** Whether the output is made as a whole. */
  readonly isWhole: boolean
}

/** A run that stays within its memory. */
export interface SizedRun {
  readonly plan: RunPlan
  readonly tile: readonly number[]
  readonly threads: number
  /** The most bytes that it takes. */
  readonly bytes: number
}

/** Chooses pieces and threads: as many threads as leave memory for a piece each, and pieces as large as the memory allows. */
export function sizeRun(sizing: Sizing): SizedRun {
  const { sizes, planOf, useOf, memory, isWhole } = sizing
  const given = sizing.tile && tileFor(sizing.tile, sizes)
  const whole = isWhole ? wholeBytes(planOf(given ?? sizes), useOf(1).bytesStored) : 0
  if (whole > memory / 2) {
    const must = `a PNG or TIFF is made as a whole and must fit into half of --memory (${whole} bytes with its file); write OUTPUT.zarr instead`
    throw new SamepadError('output', must, memory)
  }
  const tileOf = (cells: number): number[] => sizes.map((size) => Math.min(size, cells))
  for (let threads = sizing.threads ?? availableParallelism(); ; threads--) {
    const use: MemoryUse = { ...useOf(threads), whole }
    try {
      const tile = given ?? tileOf(tileWithin((cells) => planOf(tileOf(cells)), Math.max(...sizes), use, memory))
      const plan = planOf(tile)
      const bytes = bytesOfRun(plan, use)
      if (bytes <= memory) return { plan, tile, threads, bytes }
      throw new SamepadError(
        'plan',
        `--memory must be enough for pieces of --tile (${Math.ceil(bytes / 1e6)} MB)`,
        memory,
      )
    } catch (error) {
      const isTooLittle = error instanceof SamepadError && error.message.includes('--memory must be enough')
      if (threads === 1 || sizing.threads !== undefined || !isTooLittle) throw error
    }
  }
}

/** Bytes of an output that is made as a whole, and of the file that is made of it. */
const wholeBytes = ({ outputs }: RunPlan, bytesStored: number): number =>
  2 * bytesStored * outputs.reduce((sum, { shape }) => sum + cellsOf(shape), 0)

function tileFor(tile: readonly number[], sizes: readonly number[]): number[] {
  if (tile.length !== 1 && tile.length !== sizes.length) {
    throw new SamepadError('plan', `--tile must be one number, or ${sizes.length}`, [...tile])
  }
  return sizes.map((size, axis) => Math.min(size, tile[axis % tile.length]))
}
