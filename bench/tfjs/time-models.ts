import { type Budget, interleave, type Run, timeOf } from '../interleave.ts'
import { progress } from '../progress.ts'
import { kernelSets, type Library } from './library.ts'
import { apart, type LibraryModel, loadModel } from './models.ts'

export interface LibraryRow {
  readonly model: string
  /** Milliseconds of a run. */
  readonly stock: number
  readonly samepad: number
  /** The largest difference of the outputs as a share of their range. */
  readonly apart: number
  /** Whether that is more than it may be. */
  readonly isWrong: boolean
}

/** How the two sets of kernels are timed. */
export type TimeSets = (runs: readonly Run[], budget: Budget) => Promise<readonly number[]>

/** In turns; threads of the library go on looking for work for a while. */
export const inTurns =
  (threads: number): TimeSets =>
  (runs, budget) =>
    interleave(runs, budget, threads > 1)

/** In plain JavaScript the library takes seconds, of which one run tells enough. */
export const onceAndOften: TimeSets = async ([stock, samepad], budget) => {
  const { time } = await timeOf(stock)
  return [time, ...(await interleave([samepad], budget))]
}

/** Times models with the library's own kernels and with samepad's. */
export async function timeModels(
  library: Library,
  models: readonly LibraryModel[],
  time: TimeSets,
  budget: Budget,
): Promise<LibraryRow[]> {
  const rows: LibraryRow[] = []
  for (const model of models) {
    progress(model.name)
    const loaded = await loadModel(library, model)
    const runs = kernelSets.map((set) => () => {
      library.use(set)
      return loaded.run()
    })
    const [wanted, found] = [await runs[0](), await runs[1]()]
    const [stock, samepad] = await time(runs, budget)
    const farthest = apart(found, wanted)
    rows.push({ model: model.name, stock, samepad, apart: farthest, isWrong: !(farthest <= model.farthest) })
    library.use('samepad')
    loaded.dispose()
  }
  return rows
}
