import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { SamepadError, Verbatim } from 'samepad/geometry'
import { NOTES } from '../store/folder-store.ts'

// One run at a time: files `lock-1`, `lock-2`, ... of which the last counts. A number is taken once, in one step of the file
// system, and the last file is never removed; so two runs that find a dead one's lock cannot both follow it.

/** A lock is renewed so often, and dead when it was not for so long, where its process cannot be looked at. */
const RENEWED = 10_000
const DEAD = 120_000

interface Holder {
  readonly host: string
  readonly pid: number
  /** When the process began, as the system tells it: a number of a process may be given again. */
  readonly began: string
  readonly isReleased: boolean
}

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>
}

/** Takes the lock of an output folder. */
export async function takeLock(folder: string): Promise<Lock> {
  const notes = join(folder, NOTES)
  await mkdir(notes, { recursive: true })
  const numbers = await lockNumbers(notes)
  const last = Math.max(0, ...numbers)
  const holder = last > 0 ? await holderOf(join(notes, `lock-${last}`)) : undefined
  if (last > 0 && !holder) return takeLock(folder) // a next one took its place meanwhile
  if (holder) await checkFree(holder, join(notes, `lock-${last}`))
  const path = join(notes, `lock-${last + 1}`)
  const own: Holder = { host: hostname(), pid: process.pid, began: beganAt(process.pid), isReleased: false }
  const draft = join(notes, `lock-draft-${randomUUID()}`)
  await writeFile(draft, JSON.stringify(own))
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw busy(new Verbatim('another run that took it just now'))
  } finally {
    await rm(draft, { force: true })
  }
  for (const number of numbers) await rm(join(notes, `lock-${number}`), { force: true })
  const timer = setInterval(() => utimes(path, new Date(), new Date()).catch(() => {}), RENEWED)
  timer.unref()
  return {
    release: async () => {
      clearInterval(timer)
      const released = join(notes, `lock-draft-${randomUUID()}`)
      try {
        await writeFile(released, JSON.stringify({ ...own, isReleased: true }))
        await rename(released, path)
      } catch {
        // On a full disk the lock stays; it ends with this process.
        await rm(released, { force: true }).catch(() => {})
      }
    },
  }
}

async function lockNumbers(notes: string): Promise<number[]> {
  const names = await readdir(notes)
  return names.flatMap((name) => /^lock-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
}

/** Who holds a lock, or held it; undefined where its file is gone. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function checkFree(holder: Holder, path: string): Promise<void> {
  if (holder.isReleased) return
  const isHere = holder.host === hostname()
  if (isHere && beganAt(holder.pid) !== holder.began) return
  const age = Date.now() - (await stat(path)).mtimeMs
  if (!isHere && age > DEAD) return
  throw busy(new Verbatim(`process ${holder.pid} on ${holder.host}`))
}

const busy = (holder: Verbatim): SamepadError =>
  new SamepadError('output', 'one run at a time may write OUTPUT; wait for the other, or stop it', holder)

/** When a process began, in the system's own count; empty where there is no such process. */
function beganAt(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Behind the name, which may hold spaces and brackets, the 20th field.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return isAlive(pid) ? 'unknown' : ''
  }
}

/** For systems without /proc. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
