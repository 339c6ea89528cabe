import { nodePackages } from '../engines/packages-node.ts'
import { type Budget, interleave, quick, type Run, thorough, timeOf } from '../interleave.ts'
import { progress, progressEnds } from '../progress.ts'
import { processor } from '../run.ts'
import { type Backend, backends, kernelSets, openLibrary } from './library.ts'
import { apart, libraryModels, loadModel } from './models.ts'

/** What models of TensorFlow.js take with its own kernels and with samepad's. */
export interface LibraryResults {
  readonly cpu: string
  readonly cores: number
  /** `Node v24.21.0`. */
  readonly host: string
  /** Of TensorFlow.js. */
  readonly version: string
  readonly backends: Readonly<Record<Backend, readonly LibraryRow[]>>
}

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

/** Times the models that have `only` in their names, in turns with both kinds of kernels. */
export async function measureLibrary(only: string, isQuick: boolean): Promise<LibraryResults> {
  const rows: Record<Backend, LibraryRow[]> = { wasm: [], cpu: [] }
  for (const backend of backends) {
    const library = await openLibrary(backend)
    for (const model of libraryModels.filter(({ name }) => name.includes(only))) {
      progress(`${backend} ${model.name}`)
      const loaded = await loadModel(library, model)
      const runs = kernelSets.map((set) => () => {
        library.use(set)
        return loaded.run()
      })
      const [wanted, found] = [await runs[0](), await runs[1]()]
      const [stock, samepad] = await timesOf(runs, backend, isQuick ? quick : thorough)
      const farthest = apart(found, wanted)
      const isWrong = !(farthest <= model.farthest)
      rows[backend].push({ model: model.name, stock, samepad, apart: farthest, isWrong })
      library.use('samepad')
      loaded.dispose()
    }
    library.stop()
  }
  progressEnds()
  const version = nodePackages.version('@tensorflow/tfjs-core')
  return { ...processor(), host: `Node ${process.version}`, version, backends: rows }
}

/** Milliseconds of each; in plain JavaScript the library takes seconds, of which one run tells enough. */
async function timesOf([stock, samepad]: readonly Run[], backend: Backend, budget: Budget): Promise<number[]> {
  if (backend === 'wasm') return interleave([stock, samepad], budget)
  const { time } = await timeOf(stock)
  return [time, ...(await interleave([samepad], budget))]
}
