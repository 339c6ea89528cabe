import { dirname } from 'node:path'
import { SamepadError } from '../geometry.ts'
import { kindOf, reason } from './files-below.ts'

/** What is wrong with a file, or keeps it from being read or written: the command was typed as it must be. */
export class FileError extends SamepadError {}

/**
 * Does something with a file. Errors have its name in front, since there may be several files.
 *
 * @throws FileError
 */
export async function withFile<T>(name: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw ofFile(name, error)
  }
}

/** An error of samepad with a file's name in front; any other error as it is. */
export function ofFile(name: string, error: unknown): unknown {
  if (!(error instanceof SamepadError)) return error
  return Object.assign(new FileError('file', 'it must be right', name), { message: `${name}: ${error.message}` })
}

/** The error to throw where a file could not be written: one of samepad as it is, else that the folder is missing, or the reason. */
export function unwritable(stage: string, path: string, error: unknown): unknown {
  if (error instanceof SamepadError || !(error instanceof Error)) return error
  const folder = dirname(path)
  const kind = kindOf(folder, () => {})
  if (kind === 'absent' || kind === 'file') return new FileError(stage, 'the folder must exist', folder)
  return new FileError(stage, `the file must be writable (${reason(error)})`, path)
}
