import { SamepadError } from '../geometry/error.ts'
import { fileError } from './file-error.ts'

/** Bytes that are read at places, without ever being loaded as a whole. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number
  /** Where they come from, if that is a file. */
  readonly path?: string | undefined
  /** All of them, where they are in memory anyway. */
  readonly whole?: Uint8Array | undefined
  /** Whether what is read is the reader's own to keep, made for each reading. */
  readonly isFresh?: boolean | undefined
  /** The bytes from `begin` to before `end`, exactly that many. Not to be written to: they may be the source's own. */
  read(begin: number, end: number): Uint8Array | Promise<Uint8Array>
  /** Lets go of the file. */
  close(): void
}

/** A browser's Blob or File by what is needed of it, so that the types need neither Node's nor the browser's. */
export interface BlobLike {
  readonly size: number
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** What a model is read from: a path or a `file:` URL (in Node), a Blob or File, bytes, or a source of one's own. */
export type SourceLike = string | { readonly href: string } | BlobLike | Uint8Array | ArrayBuffer | ByteSource

/** As much of `node:fs` as is needed. */
interface FileSystem {
  openSync(path: string | URL, flags: 'r'): number
  closeSync(file: number): void
  statSync(path: string | URL): { isFile(): boolean; isDirectory(): boolean }
  fstatSync(file: number): { readonly size: number }
  readSync(file: number, into: Uint8Array, offset: number, length: number, position: number): number
}

/**
 * Opens a source; one that is open already stays as it is. Files are read synchronously: a read of some kilobytes is
 * over before a promise of it would be.
 *
 * @throws SamepadError when it is none of the kinds, or a file that cannot be read
 */
export function openSource(source: SourceLike): ByteSource {
  if (typeof source === 'string') return openFile(source, source)
  if (source instanceof Uint8Array) return fromBytes(source)
  if (source instanceof ArrayBuffer) return fromBytes(new Uint8Array(source))
  if (typeof source === 'object' && source !== null) {
    if ('read' in source && typeof source.read === 'function') return source
    if ('href' in source && typeof source.href === 'string') return openFile(new URL(source.href), source.href)
    if ('slice' in source && typeof source.slice === 'function') return fromBlob(source)
  }
  throw fileError('file', 'the source must be a path, a URL, a Blob, a Uint8Array or an ArrayBuffer', source)
}

function fromBytes(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, whole: bytes, read: (begin, end) => bytes.subarray(begin, end), close() {} }
}

function fromBlob(blob: BlobLike): ByteSource {
  return {
    ...{ size: blob.size, isFresh: true },
    async read(begin, end) {
      const bytes = new Uint8Array(await blob.slice(begin, end).arrayBuffer())
      if (bytes.length === end - begin) return bytes
      throw fileError('file', `the source must have ${end - begin} bytes here`, bytes.length, begin)
    },
    close() {},
  }
}

/** The first of some files that a folder has; undefined where the path is no folder, or has none of them. */
export function fileIn(folder: string, names: readonly string[]): string | undefined {
  const fs = fileSystem()
  const isOf = (path: string, kind: 'isFile' | 'isDirectory'): boolean => {
    try {
      return fs?.statSync(path)[kind]() ?? false
    } catch {
      return false
    }
  }
  if (!isOf(folder, 'isDirectory')) return undefined
  return names.map((name) => `${folder.replace(/[/\\]+$/, '')}/${name}`).find((path) => isOf(path, 'isFile'))
}

/** Whether a source may be a path here, as it may in Node. */
export const readsPaths = (): boolean => fileSystem() !== undefined

/** Asked of the process rather than imported, so that a bundle for the browser stays free of Node's modules. */
const fileSystem = (): FileSystem | undefined =>
  (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.(
    'node:fs',
  ) as FileSystem | undefined

function openFile(location: string | URL, name: string): ByteSource {
  const fs = fileSystem()
  if (!fs) throw fileError('file', 'a path needs Node; elsewhere give a Blob or the bytes', name)
  const attempt = <T>(action: () => T): T => {
    try {
      return action()
    } catch (error) {
      if (error instanceof SamepadError) throw error
      // `EACCES: permission denied`, without the call and the path that come behind it.
      const [reason] = (error as Error).message.split(', ', 1)
      throw fileError('file', `the file must be readable (${reason})`, name)
    }
  }
  // Asked before it is opened: opening a pipe would wait for whoever writes into it.
  if (!attempt(() => fs.statSync(location)).isFile()) throw fileError('file', 'the source must be a file', name)
  const file = attempt(() => fs.openSync(location, 'r'))
  return {
    ...{ size: fs.fstatSync(file).size, isFresh: true },
    path: typeof location === 'string' ? location : decodeURIComponent(location.pathname),
    read: (begin, end) => attempt(() => readExactly(fs, file, begin, end)),
    close: () => fs.closeSync(file),
  }
}

/** Reads until the range is full: one call may give less, and never gives more than 2 GiB. */
function readExactly(fs: FileSystem, file: number, begin: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - begin)
  let done = 0
  while (done < bytes.length) {
    const count = fs.readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), begin + done)
    if (count === 0) throw fileError('file', `the file must have ${bytes.length} bytes here`, done, begin)
    done += count
  }
  return bytes
}
