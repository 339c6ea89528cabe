// The script of a page: TensorFlow.js on one of its builds, with its own kernels and with samepad's.

import { quick, thorough } from '../interleave.ts'
import { type Modules, openBackend, type Untyped } from './library.ts'
import { libraryModels } from './models.ts'
import { inTurns, type LibraryRow, timeModels } from './time-models.ts'

/** What the page is asked. */
export interface PageQuestion {
  /** Whether it is the library's build with threads; it takes half of the cores that the page says. */
  readonly isThreaded: boolean
  readonly models: readonly string[]
  readonly isQuick: boolean
}

export interface PageAnswer {
  /** Of the library. */
  readonly threads: number
  readonly rows: readonly LibraryRow[]
}

export async function measureInPage(
  modules: Omit<Modules, 'file'> & { readonly wasm: Untyped },
  { isThreaded, models, isQuick }: PageQuestion,
): Promise<PageAnswer> {
  const { tf, wasm } = modules
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', isThreaded)
  wasm.setWasmPaths('/files/@tensorflow/tfjs-backend-wasm/dist/')
  const file = async (path: string) => new Uint8Array(await (await fetch(`/files/${path}`)).arrayBuffer())
  const library = await openBackend({ ...modules, file }, 'wasm')
  const threads: number = wasm.getThreadsCount()
  const asked = libraryModels.filter(({ name }) => models.includes(name))
  return { threads, rows: await timeModels(library, asked, inTurns(threads), isQuick ? quick : thorough) }
}
