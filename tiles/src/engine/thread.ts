import { parentPort, workerData } from 'node:worker_threads'
import type { Kept } from '../plan/run-plan.ts'
import type { EngineOptions } from './engine.ts'
import { loadEngine } from './load.ts'
import { type Stored, type Storing, store } from './values.ts'

// A thread that runs pieces, one after the other.

/** What a thread is told when it starts. */
export interface ThreadData {
  readonly engine: EngineOptions
  readonly input: string
  readonly outputs: readonly string[]
  readonly storing: Storing
}

/** A piece to be run. */
export interface PieceTask {
  readonly data: Float32Array<ArrayBuffer>
  readonly shape: readonly number[]
  readonly kept: readonly Kept[]
}

/** What came of it: an array for each kept part, or why there is none; and how long it took. */
export type PieceAnswer =
  | { readonly kept: readonly Stored[]; readonly milliseconds: number }
  | { readonly error: string }

/** What a thread says once, before any answer. */
export type LoadNote = { readonly loaded: true } | { readonly loaded: false; readonly error: string }

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const port = parentPort
if (port) {
  const { engine, input, outputs, storing } = workerData as ThreadData
  const loaded = loadEngine(engine)
  const tell = (note: LoadNote): void => port.postMessage(note)
  loaded.then(
    () => tell({ loaded: true }),
    (error) => tell({ loaded: false, error: textOf(error) }),
  )
  port.on('message', async ({ data, shape, kept }: PieceTask) => {
    try {
      const network = await loaded
      const begin = performance.now()
      const results = await network.run(input, { data, shape })
      const made = kept.map(({ output, from, size }) => store(results[outputs[output]], from, size, storing))
      const answer: PieceAnswer = { kept: made, milliseconds: performance.now() - begin }
      port.postMessage(
        answer,
        made.map(({ buffer }) => buffer),
      )
    } catch (error) {
      const answer: PieceAnswer = { error: textOf(error) }
      port.postMessage(answer)
    }
  })
}
