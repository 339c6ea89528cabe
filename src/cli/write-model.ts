import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { SamepadError } from '../geometry.ts'
import { type Edit, editedChunks } from '../onnx.ts'

/** Where a path leads to, whatever links are on the way; what does not exist yet is where it is said to be. */
export const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : path)

/**
 * Writes an edited model beside its goal, has it checked there, and only then lets it take its place: whatever goes wrong,
 * what was there before stays. Links stay links, and a file keeps its mode.
 *
 * @throws SamepadError where the goal is a folder or a device, or cannot be written
 */
export async function writeModel(
  path: string,
  edits: readonly Edit[],
  goal: string,
  check: (written: string) => Promise<unknown>,
): Promise<void> {
  const place = realPath(goal)
  const present = statSync(place, { throwIfNoEntry: false })
  // A file that is put in the place of a device would take its name from everybody.
  if (present && !present.isFile()) throw new SamepadError('fix', 'what is written must be a file', goal)
  const beside = `${place}.${process.pid}.partial`
  try {
    const handle = await open(beside, 'wx')
    try {
      for await (const chunk of editedChunks(path, edits)) await handle.writeFile(chunk)
    } finally {
      await handle.close()
    }
    await check(beside)
    if (present) chmodSync(beside, present.mode)
    renameSync(beside, place)
  } catch (error) {
    rmSync(beside, { force: true })
    if (error instanceof SamepadError || !(error instanceof Error)) throw error
    throw new SamepadError('fix', `the file must be writable (${error.message})`, goal)
  }
}
