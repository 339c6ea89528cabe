import { EnginePool } from '../engine/pool.ts'
import { checkSame, readManifest, writeManifest } from '../output/manifest.ts'
import type { Output } from '../output/output.ts'
import { ZarrOutput } from '../output/zarr-output.ts'
import type { ChunkStore } from '../store/folder-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import { type PreparedRun, prepareRun, type RunRequest } from './prepare.ts'
import type { Progress } from './progress.ts'
import { type OnPiece, runPieces } from './run-pieces.ts'

// Runs into stores. What a store holds of the same run is gone on with.

/** Opens model and picture, and plans with the pieces that an earlier run began with; refuses those of another. Nothing is written. */
export async function planInto(store: ChunkStore, request: RunRequest): Promise<PreparedRun> {
  const begun = await readManifest(store)
  const prepared = await prepareRun({ ...request, tile: request.tile ?? begun?.plan.tile })
  if (begun) checkSame(begun, prepared.manifest)
  return prepared
}

/** Opens the arrays of a run; refuses those of another. */
export async function openOutput(store: ChunkStore, { manifest, plan, threadData }: PreparedRun): Promise<Output> {
  const found = await readManifest(store)
  if (found) checkSame(found, manifest)
  else await writeManifest(store, manifest)
  return ZarrOutput.open(store, plan, threadData.storing)
}

/** What a run into a store is told: a model, a picture, and what is not as usual. */
export type RunOptions = Pick<RunRequest, 'model' | 'input'> & Partial<Omit<RunRequest, 'isWhole'>>

const usual: Omit<RunRequest, 'model' | 'input'> = {
  picture: {},
  feed: {},
  storing: { type: 'float32', scale: 1, offset: 0, compression: 'none' },
  engine: 'samepad',
  deterministic: false,
  memory: 2e9,
  tile: undefined,
  halo: undefined,
  threads: undefined,
  isWhole: false,
}

/**
 * Runs a model over a picture into a store of any kind. Called again after whatever stopped it, it goes on with the chunks that
 * are missing. Two runs at once on one store do everything twice, and right: they write the same chunks.
 *
 * @param onPiece told of each piece that is there
 * @throws SamepadError on what cannot be run, and on a store that holds something else; errors of the store as they are
 */
export async function runInto(store: ChunkStore, options: RunOptions, onPiece?: OnPiece): Promise<Progress> {
  const patient = new PatientStore(store)
  const prepared = await planInto(patient, { ...usual, ...options })
  const { plan, feed, lanes, picture } = prepared
  try {
    const pool = await EnginePool.load(prepared.threads, prepared.threadData)
    try {
      const output = await openOutput(patient, prepared)
      return await runPieces({ plan, feed, pool, output, lanes }, onPiece)
    } finally {
      await pool.close()
    }
  } finally {
    await picture.close()
  }
}
