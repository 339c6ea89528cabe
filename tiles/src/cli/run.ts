import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { EnginePool } from '../engine/pool.ts'
import type { Stored } from '../engine/values.ts'
import { takeLock } from '../output/lock.ts'
import { readManifest } from '../output/manifest.ts'
import type { Output } from '../output/output.ts'
import { checkApart, checkEmpty, checkFile, makeFolder } from '../output/output-place.ts'
import { type PreparedRun, prepareRun, type RunRequest } from '../run/prepare.ts'
import { ProgressLine } from '../run/progress.ts'
import { openOutput, planInto } from '../run/run-into.ts'
import { type OnPiece, runPieces } from '../run/run-pieces.ts'
import { FolderStore, NOTES } from '../store/folder-store.ts'
import { PatientStore } from '../store/patient-store.ts'
import type { CommandRow } from './command.ts'
import { queueOptions, runOptions, type Typed, textOf } from './options.ts'
import { isQueued } from './queue.ts'
import { isFile, requestOf } from './request.ts'

const STAGE = 'run'

/** `samepad-tiles run`. */
export const run: CommandRow = {
  usage: 'MODEL INPUT OUTPUT',
  about:
    'Runs a model over a picture in pieces that give what the whole gives. INPUT is a Zarr (version 2, 3, OME-Zarr), a TIFF ' +
    '(GeoTIFF, COG), a PNG, a WAV, or numbers alone; OUTPUT a Zarr folder, or a TIFF or PNG that fits into memory. A run that was stopped goes on ' +
    'where it was when the same line is typed again.',
  options: { ...runOptions, ...queueOptions, queued: { about: 'queue the pieces, and do not wait for them' } },
  act: async (given) => {
    const [model, input, output, ...rest] = given.words
    if (output === undefined || rest.length > 0) {
      throw new SamepadError(STAGE, 'there must be MODEL, INPUT and OUTPUT', [...given.words])
    }
    checkPlaces({ model, input, output, preview: textOf(given, 'preview') })
    const request = requestOf(given, model, input, output)
    if (isFile(output) && isQueued(given)) {
      throw new SamepadError(STAGE, 'pieces of many machines must go into a Zarr', output)
    }
    if (!isQueued(given) && given.options.queue !== undefined) {
      throw new SamepadError(STAGE, '--queue must go with --redis, --redis-file or --queued', textOf(given, 'queue'))
    }
    if (isQueued(given) && given.options.preview !== undefined) {
      throw new SamepadError(STAGE, '--preview must be one of a run on this machine', new Verbatim('a queue'))
    }
    try {
      await (isFile(output) ? runIntoFile : runIntoStore)(request, output, given)
    } catch (error) {
      // What the system refuses is told as such; anything else is a fault, which needs its trace.
      throw (error as NodeJS.ErrnoException).code === undefined ? error : explained(error)
    }
  },
}

/** What a run reads is never written over, and its preview is none of the others. */
function checkPlaces({
  model,
  input,
  output,
  preview,
}: Record<'model' | 'input' | 'output', string> & { preview: string | undefined }): void {
  checkApart(output, { MODEL: model, INPUT: input })
  if (preview === undefined) return
  if (!/\.png$/i.test(preview)) throw new SamepadError(STAGE, '--preview must be a file that ends in .png', preview)
  checkApart(preview, { MODEL: model, INPUT: input, OUTPUT: output }, '--preview')
}

async function runIntoFile(request: RunRequest, path: string, given: Typed): Promise<void> {
  await checkFile(path, given.options.overwrite === true)
  const { PictureOutput } = await import('../output/picture-output.ts')
  const prepared = await prepareRun(request)
  const output = PictureOutput.open(path, prepared.plan, request.storing.type)
  await work(prepared, given, (pieces) => pieces(output))
}

async function runIntoStore(request: RunRequest, folder: string, given: Typed): Promise<void> {
  const submit = isQueued(given) ? await (await import('./submit.ts')).submitter(given) : undefined
  const store = new PatientStore(new FolderStore(folder))
  if (!(await readManifest(store))) await checkEmpty(folder)
  // All that can be refused is, before anything is made.
  const prepared = await planInto(store, request)
  const into = async (use: (output: Output) => Promise<void>): Promise<void> => {
    await makeFolder(folder)
    const lock = await takeLock(folder)
    try {
      await use(await openOutput(store, prepared))
    } finally {
      await lock.release()
    }
  }
  if (submit) return into((stored) => submit({ prepared, request, folder, stored }))
  await work(prepared, given, (pieces) =>
    into(async (stored) => {
      await rm(join(folder, NOTES, 'unfinished'), { recursive: true, force: true })
      await pieces(stored)
    }),
  )
}

/**
 * Runs pieces on this machine.
 *
 * @param into called when the network is loaded: opens the output, and gives it to what runs the pieces
 */
async function work(
  prepared: PreparedRun,
  given: Typed,
  into: (pieces: (output: Output) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { plan, feed, lanes, picture } = prepared
  if (!plan.tiles.isExact) process.stderr.write('not exact: the model takes all cells together somewhere\n')
  const path = textOf(given, 'preview')
  if (path !== undefined) await checkFile(path, true, '--preview')
  const preview = path === undefined ? undefined : new (await import('../run/preview.ts')).Preview(path, plan)
  const { type } = prepared.threadData.storing
  const [line, faint] = [new ProgressLine(), new Faint()]
  const pool = await EnginePool.load(prepared.threads, prepared.threadData)
  const pieces = async (output: Output): Promise<void> => {
    let drawn: Promise<void> = Promise.resolve()
    const onPiece: OnPiece = (progress, piece, made) => {
      line.show(progress)
      if (made && type !== 'float32') faint.look(made)
      if (preview) drawn = drawn.then(async () => preview.add(piece, made ?? (await output.get(piece))))
      drawn.catch(() => {}) // told at the end, so that it stops nothing
    }
    await runPieces({ plan, feed, pool, output, lanes }, onPiece)
    if (faint.isSo) process.stderr.write(`all values are 0 or 1 as ${type}: outputs from 0 to 1 need --out-scale 255\n`)
    await drawn
    await preview?.write()
  }
  try {
    await into((output) =>
      pieces(output).catch((error) => {
        throw explained(error)
      }),
    )
  } finally {
    await pool.close()
    await picture.close()
  }
}

/** Whether integers are so small that the outputs were fractions, which were rounded away. */
class Faint {
  #seen = 0
  #isMore = false

  get isSo(): boolean {
    return this.#seen > 0 && !this.#isMore
  }

  look(made: readonly Stored[]): void {
    this.#seen++
    this.#isMore ||= made.some((values) => values.some((value) => value > 1))
  }
}

/** What to do about errors of a store. */
const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'there must be room for the output; make room and type the same line again: what is finished stays',
  EDQUOT: 'there must be room for the output; make room and type the same line again: what is finished stays',
  EACCES: 'files must be ones that this user may read, and those of OUTPUT ones that this user may write',
  EROFS: 'OUTPUT must lie where this user may write',
}

function explained(error: unknown): unknown {
  if (error instanceof SamepadError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const must =
    advice[code ?? ''] ?? 'pictures and outputs must be readable and writable; type the same line again to go on'
  return new SamepadError('store', must, new Verbatim(message))
}
