import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Is told of each path that could not be looked at, and why, in the words of the file system. */
export type OnUnreadable = (path: string, what: 'file' | 'folder' | 'link', why: string) => void

/** What a path is, whatever links lead to it. */
export type PathKind = 'file' | 'folder' | 'absent'

/** Folders that hold what others wrote; they are searched only where they are named. */
const passed = new Set(['node_modules', '.git'])

/** Errors that say that there is nothing of this name. */
const absent = new Set<string | undefined>(['ENOENT', 'ENOTDIR'])

/** What a path is; undefined where that could not be found out, which is then told. */
export function kindOf(path: string, onUnreadable: OnUnreadable): PathKind | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code)) return 'absent'
    onUnreadable(path, 'file', reason(error))
    return undefined
  }
}

/**
 * Every file below a folder whose path is wanted, in the order of their names. Links to files are followed, as caches of
 * models have them; links to folders are not, since they may go in a circle.
 *
 * @param isMissed whether a link of this name that leads to nothing is told
 */
export function* filesBelow(
  folder: string,
  isWanted: (path: string) => boolean,
  onUnreadable: OnUnreadable,
  isMissed: (path: string) => boolean = isWanted,
): Generator<string> {
  for (const entry of entriesOf(folder, onUnreadable)) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!passed.has(entry.name)) yield* filesBelow(path, isWanted, onUnreadable, isMissed)
    } else if (entry.isSymbolicLink() ? leadsToFile(path, isMissed(path), onUnreadable) : entry.isFile()) {
      if (isWanted(path)) yield path
    }
  }
}

function entriesOf(folder: string, onUnreadable: OnUnreadable): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    onUnreadable(folder, 'folder', reason(error))
    return []
  }
}

/** Whether a link leads to a file. That it leads nowhere matters where a file was wanted. */
function leadsToFile(path: string, isMissed: boolean, onUnreadable: OnUnreadable): boolean {
  try {
    return statSync(path).isFile()
  } catch (error) {
    const isAbsent = absent.has((error as NodeJS.ErrnoException).code)
    if (isMissed || !isAbsent) onUnreadable(path, 'link', isAbsent ? 'a link to nothing' : reason(error))
    return false
  }
}

/** `EACCES: permission denied`, without the call and the path. */
export function reason(error: unknown): string {
  return (error as Error).message.split(', ', 1)[0]
}
