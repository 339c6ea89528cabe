import {
  chmodSync,
  chownSync,
  closeSync,
  fsync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  writeFile,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { SamepadError } from '../geometry.ts'
import { type Edit, editedChunks, type SourceLike } from '../models.ts'
import { FileError, unwritable } from './file-error.ts'
import { type ModelFile, STANDARD } from './model-files.ts'
import { openPartial, type PartialFile } from './partial-file.ts'
import { realPath } from './real-path.ts'

/** Bytes that are written between two reports of progress. */
const TOLD = 32 * 2 ** 20

/** An edited model that is to be written. */
export interface EditedModel {
  readonly source: SourceLike
  readonly edits: readonly Edit[]
  /** Reads what was written and holds it against the original. */
  readonly check: (written: string) => Promise<unknown>
  /** Is called now and then with the bytes that were written so far. */
  readonly onProgress: (bytes: number) => void
}

/**
 * The path that `-o` names, or `-` for standard output.
 *
 * @param instead what the error adds: an option that writes over the file
 * @throws SamepadError where it is one of the files that are read
 */
export function goalOf(output: string, files: readonly ModelFile[], cwd: string, instead = ''): string {
  const goal = output === STANDARD ? STANDARD : resolve(cwd, output)
  if (files.some(({ source }) => isSameFile(goal, source)))
    throw new SamepadError('fix', `-o must be another file${instead}`, output)
  return goal
}

function isSameFile(goal: string, source: ModelFile['source']): boolean {
  try {
    return typeof source === 'string' && realPath(goal) === realPath(source)
  } catch {
    return false // what keeps it from being written is told when it is
  }
}

/**
 * Writes an edited model beside its goal, has it checked there, and only then lets it take its place: whatever goes wrong,
 * what was there before stays. Links stay links, and a file keeps its mode and, where that is allowed, its owner.
 *
 * @throws FileError where the goal is a folder or a device, or cannot be written
 */
export function writeModel(model: EditedModel, goal: string): Promise<void> {
  return attempt(goal, async () => {
    const place = realPath(goal)
    const present = statSync(place, { throwIfNoEntry: false })
    // A file that is put in the place of a device would take its name from everybody.
    if (present && !present.isFile()) throw new FileError('fix', 'what is written must be a file', goal)
    const partial = await writeChecked(model, place, present ? present.mode & 0o777 : 0o666)
    try {
      if (present) keepOwner(partial.path, present)
      renameSync(partial.path, place)
      partial.keep()
      syncFolder(dirname(place))
    } finally {
      partial.end()
    }
  })
}

/**
 * The bytes of an edited model. They are written into a file for temporary files and checked there before the first of
 * them is given out.
 *
 * @throws FileError where that file cannot be written
 */
export async function modelBytes(model: EditedModel): Promise<AsyncIterable<Uint8Array>> {
  const goal = join(tmpdir(), 'samepad')
  return chunksOf(await attempt(goal, () => writeChecked(model, goal, 0o600)))
}

async function* chunksOf({ descriptor, end }: PartialFile): AsyncGenerator<Uint8Array> {
  try {
    const chunk = new Uint8Array(2 ** 20)
    let at = 0
    for (let count = readSync(descriptor, chunk, 0, chunk.length, at); count > 0; ) {
      yield chunk.slice(0, count)
      at += count
      count = readSync(descriptor, chunk, 0, chunk.length, at)
    }
  } finally {
    end()
  }
}

async function attempt<T>(goal: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw unwritable('fix', goal, error)
  }
}

/** Writes an edited model into a partial file beside a path, and checks it. */
async function writeChecked(model: EditedModel, path: string, mode: number): Promise<PartialFile> {
  const partial = openPartial(path, mode)
  try {
    await writeChunks(editedChunks(model.source, model.edits), partial.descriptor, model.onProgress)
    // On the disk before it takes its place: after a loss of power there is the old file or the new one.
    await promisify(fsync)(partial.descriptor)
    await model.check(partial.path)
    return partial
  } catch (error) {
    partial.end()
    throw error
  }
}

async function writeChunks(
  chunks: AsyncIterable<Uint8Array>,
  descriptor: number,
  onProgress: EditedModel['onProgress'],
): Promise<void> {
  // Not written synchronously, so that signals are heard in between.
  const append = promisify(writeFile)
  let [written, told] = [0, 0]
  for await (const chunk of chunks) {
    await append(descriptor, chunk)
    written += chunk.length
    if (written - told < TOLD) continue
    onProgress(written)
    told = written
  }
}

/** Gives a file the mode and the owner of another one. A new owner takes special modes away, so the mode comes last. */
function keepOwner(path: string, { mode, uid, gid }: Stats): void {
  const own = statSync(path)
  try {
    if (own.uid !== uid || own.gid !== gid) chownSync(path, uid, gid)
  } catch {
    // Only some may give files away; the file is then whose it would be if they had copied it.
  }
  chmodSync(path, mode)
}

/** Puts a new name on the disk. Not every system lets folders be opened, and none loses the file for it. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // The file is whole; only its name may be the old one after a loss of power.
  }
}
