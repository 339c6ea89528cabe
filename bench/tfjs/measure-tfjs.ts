import { nodePackages } from '../engines/packages-node.ts'
import { quick, thorough } from '../interleave.ts'
import { progressEnds } from '../progress.ts'
import { processor } from '../run.ts'
import type { Backend } from './library.ts'
import { openLibrary } from './library-node.ts'
import { measureLibraryInChromium, type PageResults } from './measure-in-chromium.ts'
import { libraryModels } from './models.ts'
import { type ModelsInTurns, timeInTurns } from './models-in-turns.ts'
import { inTurns, type LibraryRow, onceAndOften, timeModels } from './time-models.ts'

/** What models of TensorFlow.js take with its own kernels and with samepad's. */
export interface LibraryResults {
  readonly cpu: string
  readonly cores: number
  /** `Node v24.21.0`. */
  readonly host: string
  /** Of TensorFlow.js. */
  readonly version: string
  readonly backends: Readonly<Record<Backend, readonly LibraryRow[]>>
  readonly inTurns: ModelsInTurns
  readonly pages: readonly PageResults[]
}

/** So many models are run in turns: all that are small. */
const IN_TURNS = 9

/** Times the models that have `only` in their names, in turns with both kinds of kernels. */
export async function measureLibrary(only: string, isQuick: boolean): Promise<LibraryResults> {
  const models = libraryModels.filter(({ name }) => name.includes(only))
  const budget = isQuick ? quick : thorough
  const wasm = await openLibrary('wasm')
  const onWasm = await timeModels(wasm, models, inTurns(1), budget)
  const turns = await timeInTurns(wasm, models.slice(0, IN_TURNS), budget)
  wasm.stop()
  const cpu = await openLibrary('cpu')
  const onCpu = await timeModels(cpu, models, onceAndOften, budget)
  cpu.stop()
  const pages = await measureLibraryInChromium(only, isQuick)
  progressEnds()
  const version = nodePackages.version('@tensorflow/tfjs-core')
  const host = `Node ${process.version}`
  return { ...processor(), host, version, backends: { wasm: onWasm, cpu: onCpu }, inTurns: turns, pages }
}
