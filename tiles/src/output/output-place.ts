import { existsSync, realpathSync } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { isRemote } from '../picture/place.ts'

// Where an output may go: nowhere that holds something else, and only where it can be written.

const STAGE = 'output'

/** Formats that nobody should take an output for: a folder of such a name would be no picture. */
const OTHERS = /\.(jpe?g|gif|bmp|webp|jp2|svs|ndpi|mrxs|npy|h5|wav)$/i

/** What a run reads is never written over. */
export function checkApart(output: string, read: Readonly<Record<string, string>>, name = 'OUTPUT'): void {
  if (OTHERS.test(output))
    throw new SamepadError(STAGE, `${name} must be a folder for a Zarr, or a file that ends in .tif or .png`, output)
  for (const [other, place] of Object.entries(read)) {
    if (isRemote(place)) continue
    if (realOf(output) === realOf(place) || realOf(output).startsWith(realOf(place) + sep))
      throw new SamepadError(STAGE, `${name} must be another place than ${other}, which would be written over`, output)
  }
}

const realOf = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path))

/** Checks that a folder without a manifest is new or empty; what systems leave in folders, such as .DS_Store, is nothing. */
export async function checkEmpty(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (!found) return
  const names = found.isDirectory() ? await readdir(folder) : [folder]
  if (names.some((name) => !name.startsWith('.') || name.startsWith('.z')))
    throw new SamepadError(STAGE, 'OUTPUT must be new or empty, or one that samepad-tiles began', folder)
}

/** Makes a folder and those above it, one by one: Node's own way does not end where the system has no place, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder)
  if (await stat(path).catch(() => undefined)) return
  await makeFolder(dirname(path))
  try {
    await mkdir(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return // another run was faster
    throw new SamepadError(STAGE, 'OUTPUT must lie where this user may make folders', new Verbatim(message))
  }
}

/** Checks, before anything is computed, that a file can be written at its end; one that is there is kept, unless asked. */
export async function checkFile(path: string, mayOverwrite: boolean, name = 'OUTPUT'): Promise<void> {
  if (!mayOverwrite && existsSync(path))
    throw new SamepadError(STAGE, `${name} must be a new file; --overwrite writes over this one`, path)
  const trial = unfinishedOf(path)
  try {
    await writeFile(trial, '')
    await rm(trial)
  } catch (error) {
    throw new SamepadError(STAGE, `${name} must lie where this user may write`, new Verbatim((error as Error).message))
  }
}

/** Whether an output is a PNG, whatever case its ending has. */
export const isPng = (output: string): boolean => /\.png$/i.test(output)

/** What a file is called until it is whole. */
export const unfinishedOf = (path: string): string => `${path}.unfinished`
