// The script of a page: TensorFlow.js on one of its builds, with its own kernels and with samepad's.

import { quick, thorough } from '../interleave.ts'
import { type Modules, openBackend, type Untyped } from './library.ts'
import { libraryModels } from './models.ts'
import { inTurns, type LibraryRow, timeModels } from './time-models.ts'

/** What the page is asked. */
export interface PageQuestion {
  /** Threads of the library: its build with threads is taken for more than one. */
  readonly threads: number
  readonly models: readonly string[]
  readonly isQuick: boolean
}

export async function measureInPage(
  modules: Omit<Modules, 'file'> & { readonly wasm: Untyped },
  { threads, models, isQuick }: PageQuestion,
): Promise<LibraryRow[]> {
  const { tf, wasm } = modules
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1)
  wasm.setWasmPaths('/files/@tensorflow/tfjs-backend-wasm/dist/')
  wasm.setThreadsCount(threads)
  // The library takes no more threads than half of what a page says that there are.
  Object.defineProperty((globalThis as Untyped).navigator, 'hardwareConcurrency', { value: 2 * threads })
  const file = async (path: string) => new Uint8Array(await (await fetch(`/files/${path}`)).arrayBuffer())
  const library = await openBackend({ ...modules, file }, 'wasm')
  if (wasm.getThreadsCount() !== threads) throw new Error(`the library must have ${threads} threads`)
  const asked = libraryModels.filter(({ name }) => models.includes(name))
  return timeModels(library, asked, inTurns(threads), isQuick ? quick : thorough)
}
