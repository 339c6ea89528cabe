import { statSync } from 'node:fs'
import { SamepadError } from 'samepad/geometry'

// Where pictures are: files, folders, or addresses of HTTP.

export const isRemote = (place: string): boolean => /^https?:\/\//i.test(place)

/** Size and time of a file, which change when it does. */
export function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path)
  return `${size} bytes of ${new Date(mtimeMs).toISOString()}`
}

/** Whether a place is a folder on this machine. */
export function isFolder(place: string): boolean {
  return !isRemote(place) && (statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false)
}

/** Checks that a file or folder is there. */
export function checkThere(place: string): void {
  if (isRemote(place) || statSync(place, { throwIfNoEntry: false })) return
  throw new SamepadError('input', 'there must be a file or folder of this name', place)
}
