import { Verbatim } from '../geometry/error.ts'
import { checkRange, type FileBytes, readBytes, viewOf } from './bytes.ts'
import { fileError } from './file-error.ts'
import type { ByteSource } from './source.ts'

// ZIP archives: a directory at the end lists the entries (APPNOTE.TXT 4.3, 4.4; ZIP64 4.5.3).

const STAGE = 'zip'
const [LOCAL, ENTRY, END, END64, LOCATOR64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50, 0x07064b50]
const [STORED, DEFLATED] = [0, 8]
/** A size that does not fit into 32 bits and stands in an extra field. */
const LARGE = 0xffffffff
/** Bytes of the end record without its comment, which has at most 65,535. */
const END_SIZE = 22
/** The most entries; archives of models have a few thousand. */
const MOST_ENTRIES = 2 ** 17

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string
  /** How it is compressed: 0 is not at all, 8 is deflate. */
  readonly method: number
  /** Bytes as they lie in the archive, and when unpacked. */
  readonly packed: number
  readonly size: number
  /** Where its local header begins. */
  readonly header: number
  /** Where its record in the directory begins. */
  readonly record: number
}

const decoder = new TextDecoder()

const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

/** The entries of an archive by their directory; nothing else is read. */
export function zipEntries(source: ByteSource): Promise<ZipEntry[]> {
  return readBytes(source, (bytes) => {
    const { count, begin, end } = directoryOf(bytes)
    if (count > MOST_ENTRIES) throw fileError(STAGE, `an archive must have at most ${MOST_ENTRIES} entries`, count)
    const entries: ZipEntry[] = []
    let at = begin
    while (entries.length < count && at < end) {
      const view = viewOf(STAGE, bytes, at, at + 46)
      if (view.getUint32(0, true) !== ENTRY)
        throw fileError(STAGE, 'an entry must begin with its mark', new Verbatim('other bytes'), at)
      const [nameSize, extraSize, commentSize] = [28, 30, 32].map((offset) => view.getUint16(offset, true))
      const rest = viewOf(STAGE, bytes, at + 46, at + 46 + nameSize + extraSize)
      const name = decoder.decode(new Uint8Array(rest.buffer, rest.byteOffset, nameSize))
      const sizes = large(new DataView(rest.buffer, rest.byteOffset + nameSize, extraSize), [
        view.getUint32(24, true),
        view.getUint32(20, true),
        view.getUint32(42, true),
      ])
      const [method, [size, packed, header]] = [view.getUint16(10, true), sizes]
      entries.push({ name, method, size, packed, header, record: at })
      at += 46 + nameSize + extraSize + commentSize
    }
    return entries
  })
}

/** Replaces sizes that do not fit by those of the ZIP64 field, which has only these, in this order. */
function large(extra: DataView, sizes: readonly number[]): readonly number[] {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue
    let next = at + 4
    return sizes.map((size) => {
      if (size !== LARGE || next + 8 > extra.byteLength) return size
      next += 8
      return uint64(extra, next - 8)
    })
  }
  return sizes
}

/** Where the directory lies. The end record is looked for backwards, since a comment may follow it. */
function directoryOf(bytes: FileBytes): { readonly count: number; readonly begin: number; readonly end: number } {
  const from = Math.max(0, bytes.size - END_SIZE - 0xffff)
  const tail = viewOf(STAGE, bytes, from, bytes.size)
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue
    const [count, size, begin] = [
      tail.getUint16(at + 10, true),
      tail.getUint32(at + 12, true),
      tail.getUint32(at + 16, true),
    ]
    const isLarge = count === 0xffff || size === LARGE || begin === LARGE
    const end = isLarge && at >= 20 && tail.getUint32(at - 20, true) === LOCATOR64 ? uint64(tail, at - 12) : undefined
    if (end === undefined) return { count, begin, end: begin + size }
    const record = viewOf(STAGE, bytes, end, end + 56)
    if (record.getUint32(0, true) !== END64) break
    const start = uint64(record, 48)
    return { count: uint64(record, 32), begin: start, end: start + uint64(record, 40) }
  }
  throw fileError(STAGE, 'an archive must have a directory at its end', new Verbatim('none'), bytes.size)
}

/**
 * The bytes of an entry.
 *
 * @param most bytes that it may have, packed and unpacked: an archive may claim any size
 */
export async function readEntry(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  const { name, method, packed, size, header } = entry
  if (size > most || packed > most)
    throw fileError(STAGE, `${name} must have at most ${most} bytes`, Math.max(size, packed))
  const content = await readBytes(source, (bytes) => {
    const view = viewOf(STAGE, bytes, header, header + 30)
    if (view.getUint32(0, true) !== LOCAL)
      throw fileError(STAGE, `${name} must have a header`, new Verbatim('other bytes'), header)
    const begin = header + 30 + view.getUint16(26, true) + view.getUint16(28, true)
    checkRange(STAGE, bytes, begin, begin + packed)
    return bytes.range(begin, begin + packed)
  })
  if (method === STORED) return content
  if (method === DEFLATED) return inflate(content, size, name)
  throw fileError(STAGE, `${name} must be stored or deflated`, new Verbatim(`method ${method}`))
}

/** Unpacks what is deflated; it ends where more comes than the directory says. */
async function inflate(content: Uint8Array, size: number, name: string): Promise<Uint8Array> {
  const all = new Uint8Array(size)
  let done = 0
  const stream = new Blob([content as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
  const reader = stream.getReader()
  try {
    for (;;) {
      const { value, done: isDone } = await reader.read()
      if (isDone) break
      if (done + value.length > size) break
      all.set(value, done)
      done += value.length
    }
  } catch {
    done = -1
  }
  await reader.cancel().catch(() => {})
  if (done !== size)
    throw fileError(STAGE, `${name} must unpack to ${size} bytes`, done < 0 ? new Verbatim('damaged data') : done)
  return all
}
