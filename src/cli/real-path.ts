import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Where a path leads to, whatever links are on the way, also where nothing is there yet.
 *
 * @throws an error of the file system where links go in a circle, or a folder may not be looked into
 */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    return isLink ? realPath(resolve(realPath(dirname(path)), readlinkSync(path))) : path
  }
}
