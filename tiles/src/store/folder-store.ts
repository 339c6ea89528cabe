import { randomUUID } from 'node:crypto'
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { SamepadError } from 'samepad/geometry'

/**
 * Where outputs are put. What `set` writes is there whole or not at all, whatever happens meanwhile: that is all that a
 * store must hold for a run to be killed and continued.
 */
export interface ChunkStore {
  get(key: `/${string}`): Promise<Uint8Array | undefined>
  getRange(key: `/${string}`, range: ByteRange): Promise<Uint8Array | undefined>
  has(key: `/${string}`): Promise<boolean>
  /** Puts bytes at a key in one step. */
  set(key: `/${string}`, bytes: Uint8Array): Promise<void>
}

/** Some bytes of a value: from a place on, or its last ones. */
export type ByteRange = { readonly offset: number; readonly length: number } | { readonly suffixLength: number }

/** What a run notes beside the chunks. */
export const NOTES = '.samepad'

/** A folder as a store. What is written has a name of its own until it is whole and on the disk; then it is renamed. */
export class FolderStore implements ChunkStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = resolve(folder)
  }

  async get(key: `/${string}`): Promise<Uint8Array | undefined> {
    return readFile(this.#path(key)).catch(ifMissing)
  }

  async getRange(key: `/${string}`, range: ByteRange): Promise<Uint8Array | undefined> {
    const file = await open(this.#path(key)).catch(ifMissing)
    if (!file) return undefined
    try {
      const { size } = await file.stat()
      const [offset, length] =
        'offset' in range ? [range.offset, range.length] : [Math.max(0, size - range.suffixLength), range.suffixLength]
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  async has(key: `/${string}`): Promise<boolean> {
    return access(this.#path(key)).then(
      () => true,
      () => false,
    )
  }

  async set(key: `/${string}`, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key)
    const unfinished = join(this.folder, NOTES, 'unfinished', randomUUID())
    await mkdir(dirname(unfinished), { recursive: true })
    try {
      const file = await open(unfinished, 'wx')
      try {
        await file.writeFile(bytes)
        await file.datasync()
      } finally {
        await file.close()
      }
      await mkdir(dirname(path), { recursive: true })
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  }

  #path(key: string): string {
    const path = join(this.folder, key)
    if (path === this.folder || path.startsWith(this.folder + sep)) return path
    throw new SamepadError('store', 'a key must lie in the store', key)
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
