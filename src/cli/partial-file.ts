import { chmodSync, closeSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { realPath } from './real-path.ts'

/** A file that is being written beside the one whose place it will take. */
export interface PartialFile {
  readonly path: string
  /** Its descriptor, open for reading and writing. */
  readonly descriptor: number
  /** Closes it; where it did not take its place before, it is taken away. */
  readonly end: () => void
  /** Says that it has taken its place, and is partial no longer. */
  readonly keep: () => void
}

/** What is being written now, and goes where the process ends before it is done. */
const unfinished = new Set<string>()

const removeUnfinished = (): void => {
  for (const path of unfinished) rmSync(path, { force: true })
}

let isListening = false

/**
 * Lets a signal take away what is unfinished before it ends the process as it would have anyway. It listens until the
 * process ends: a signal that comes between two files counts too.
 */
function listen(): void {
  if (isListening) return
  isListening = true
  process.on('exit', removeUnfinished)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      removeUnfinished()
      process.kill(process.pid, signal)
    })
  }
}

/**
 * Makes a file beside a path, of a name that no other file has.
 *
 * @param mode who may read and write it
 * @throws an error of the file system; then there is no new file
 */
export function openPartial(path: string, mode: number): PartialFile {
  listen()
  for (let count = 1; ; count++) {
    const partial = `${path}.${process.pid}-${count}.partial`
    const descriptor = openNew(partial, mode)
    if (descriptor === undefined) continue
    // No signal is told between here and the line before, so what is taken away is always a file made here.
    unfinished.add(partial)
    const keep = (): void => {
      unfinished.delete(partial)
    }
    const end = (): void => {
      closeSync(descriptor)
      if (unfinished.has(partial)) rmSync(partial, { force: true })
      keep()
    }
    return { path: partial, descriptor, keep, end }
  }
}

/**
 * Writes a file as a whole, or leaves what was there before. What is no file, such as a device, is written as it is.
 *
 * @throws an error of the file system
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const place = realPath(path)
  const present = statSync(place, { throwIfNoEntry: false })
  if (present && !present.isFile()) {
    writeFileSync(place, content)
    return
  }
  const partial = openPartial(place, 0o666)
  try {
    writeFileSync(partial.descriptor, content)
    if (present) chmodSync(partial.path, present.mode & 0o777)
    renameSync(partial.path, place)
    partial.keep()
  } finally {
    partial.end()
  }
}

/** Undefined where there is a file of this name. */
function openNew(path: string, mode: number): number | undefined {
  try {
    return openSync(path, 'wx+', mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  }
}

/** What is told of partial files that lie beside these paths: of each what it is, in a sentence. */
export function remainsBeside(paths: Iterable<string>): string[] {
  const namesIn = new Map<string, readonly string[]>()
  return [...new Set([...paths].map(placeOf))].flatMap((path) => {
    const folder = dirname(path)
    const names = namesIn.get(folder) ?? namesOf(folder)
    namesIn.set(folder, names)
    const begin = `${basename(path)}.`
    return names.flatMap((name) => {
      const writer = name.startsWith(begin) && /^(\d+)-\d+\.partial$/.exec(name.slice(begin.length))?.[1]
      const partial = join(folder, name)
      if (!writer || unfinished.has(partial)) return []
      const who = isRunning(Number(writer)) ? `process ${writer} writes it, or it` : 'it'
      return [`${partial}: ${who} was left by a run that was ended while it wrote, and can be deleted`]
    })
  })
}

/** Where a path leads to; what keeps links from being followed is told when it is opened. */
function placeOf(path: string): string {
  try {
    return realPath(path)
  } catch {
    return path
  }
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.partial'))
  } catch {
    return [] // whoever may not look into it is told so when the file is opened
  }
}

function isRunning(writer: number): boolean {
  try {
    process.kill(writer, 0)
    return writer !== process.pid
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
