import { setTimeout } from 'node:timers/promises'
import { SamepadError } from 'samepad/geometry'

/** Errors of a file system that do not pass by themselves. */
const lasting: readonly string[] = [
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EFBIG',
]

/** How often something is tried, and how long is waited before the second time, which doubles. */
const TIMES = 5
const FIRST_WAIT = 200

/** Does something that a busy store may refuse for a while: again after a pause, but not where the error stays. */
export async function retry<T>(action: () => Promise<T>, times = TIMES): Promise<T> {
  for (let time = 1; ; time++) {
    try {
      return await action()
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (time === times || error instanceof SamepadError || lasting.includes(code)) throw error
      await setTimeout(FIRST_WAIT * 2 ** (time - 1))
    }
  }
}
