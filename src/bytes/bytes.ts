import { Verbatim } from '../geometry/error.ts'
import { fileError } from './file-error.ts'
import type { ByteSource } from './source.ts'

/** Bytes of a file at any place, as if it were loaded. Places count from the first byte of the file. */
export interface FileBytes {
  /** Bytes in all. */
  readonly size: number
  /** The bytes from `begin` to before `end`, to be read only. The range must lie within the file: see `checkRange`. */
  range(begin: number, end: number): Uint8Array
}

/** A range of bytes of the file: `begin` belongs to it, `end` does not. */
export interface Span {
  readonly begin: number
  readonly end: number
}

/** Checks that a range lies within a file. */
export function checkRange(stage: string, { size }: FileBytes, begin: number, end: number): void {
  const isRange = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && begin <= end
  if (!isRange || end > size) {
    throw fileError(
      stage,
      `${end - begin} bytes must lie within the file, which has ${size}`,
      new Verbatim(`byte ${begin}`),
    )
  }
}

/** Numbers of bytes. */
export const dataView = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** Numbers of a file, from `begin` to before `end`, which must lie within it. */
export function viewOf(stage: string, bytes: FileBytes, begin: number, end: number): DataView {
  checkRange(stage, bytes, begin, end)
  return dataView(bytes.range(begin, end))
}

/** Little-endian integers of 4 or 8 bytes, the latter rounded beyond 2^53. */
export function integersOf(bytes: Uint8Array, width: number): number[] {
  const view = dataView(bytes)
  const read = (at: number): number => (width === 8 ? Number(view.getBigInt64(at, true)) : view.getInt32(at, true))
  return Array.from({ length: bytes.length / width }, (_, index) => read(index * width))
}

/** Bytes that are read at once. */
const PAGE = 65_536
/** The most pages of a source that answers later: each missing one makes the reader start anew. */
const MOST_MISSES = 512

/** Thrown where bytes are not there yet; `readBytes` loads them and starts the reader anew. */
class Missing {
  readonly page: number

  constructor(page: number) {
    this.page = page
  }
}

/**
 * Reads a file through a function that asks for bytes as it goes. Only the pages that it asks for are loaded, so a file of
 * gigabytes costs what its tables cost. A source that answers with promises (a Blob) is read by starting the function anew
 * for each missing page, so the function must have no effects.
 *
 * @param read asks for bytes and returns what it makes of them
 * @throws SamepadError where the source cannot be read, or where it answers later and more than 512 pages are asked for
 */
export async function readBytes<T>(source: ByteSource, read: (bytes: FileBytes) => T): Promise<T> {
  const { whole } = source
  if (whole) return read({ size: whole.length, range: (begin, end) => whole.subarray(begin, end) })
  const pages = new Map<number, Uint8Array>()
  const bytes = paged(source, pages)
  for (let misses = 0; ; misses++) {
    try {
      return read(bytes)
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      if (misses === MOST_MISSES) {
        throw fileError('readBytes', `a file must be read from at most ${MOST_MISSES} places`, new Verbatim('more'))
      }
      await load(source, pages, error.page)
    }
  }
}

function paged(source: ByteSource, pages: Map<number, Uint8Array>): FileBytes {
  const page = (index: number): Uint8Array => {
    const known = pages.get(index)
    if (known) return known
    const found = source.read(index * PAGE, Math.min((index + 1) * PAGE, source.size))
    if (found instanceof Promise) {
      found.catch(() => {}) // asked again, and waited for, by `load`
      throw new Missing(index)
    }
    pages.set(index, found)
    return found
  }
  return {
    size: source.size,
    range(begin, end) {
      if (begin === end) return new Uint8Array(0)
      const [first, last] = [Math.floor(begin / PAGE), Math.floor((end - 1) / PAGE)]
      if (first === last) return page(first).subarray(begin - first * PAGE, end - first * PAGE)
      const all = new Uint8Array(end - begin)
      for (let index = first; index <= last; index++) {
        const from = Math.max(begin, index * PAGE)
        const part = page(index).subarray(from - index * PAGE, Math.min(end, (index + 1) * PAGE) - index * PAGE)
        all.set(part, from - begin)
      }
      return all
    },
  }
}

async function load(source: ByteSource, pages: Map<number, Uint8Array>, index: number): Promise<void> {
  pages.set(index, await source.read(index * PAGE, Math.min((index + 1) * PAGE, source.size)))
}
