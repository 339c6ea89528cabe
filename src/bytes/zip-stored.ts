import { readBytes, type Span } from './bytes.ts'
import type { ByteSource } from './source.ts'
import type { ZipEntry } from './zip.ts'

/** Bytes that take the place of others of the archive. */
interface ChangedBytes extends Span {
  readonly bytes: Uint8Array
}

/** An entry that lies in its archive as it is, so that it can be changed there as long as its size stays. */
export interface StoredPlace extends Span {
  /** What the checksums of the entry become where parts of its content are others. */
  sums(content: Uint8Array, changes: readonly ChangedBytes[]): ChangedBytes[]
}

const STORED = 0
/** A flag of entries whose sizes and checksum stand behind them. */
const FOLLOWED = 8
/** Where the flags and the checksum stand in a header, and the checksum in a record of the directory. */
const [FLAGS, HEADER_SUM, RECORD_SUM] = [6, 14, 16]

/** Where an entry lies in its archive; undefined where it is compressed, or its checksum stands behind it. */
export async function storedPlace(source: ByteSource, entry: ZipEntry): Promise<StoredPlace | undefined> {
  const { method, packed, size, header, record } = entry
  if (method !== STORED || packed !== size) return undefined
  const { begin, flags } = await readBytes(source, (bytes) => {
    const head = bytes.range(header, header + 30)
    const view = new DataView(head.buffer, head.byteOffset, head.length)
    const begin = header + 30 + view.getUint16(26, true) + view.getUint16(28, true)
    return { begin, flags: view.getUint16(FLAGS, true) }
  })
  if (Math.floor(flags / FOLLOWED) % 2 === 1) return undefined
  return {
    ...{ begin, end: begin + size },
    sums(content, changes) {
      const after = content.slice()
      for (const change of changes) after.set(change.bytes, change.begin - begin)
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, crc32(after), true)
      return [header + HEADER_SUM, record + RECORD_SUM].map((at) => ({ begin: at, end: at + 4, bytes }))
    },
  }
}

/** The checksum of ZIP: CRC-32 with the polynomial 0xedb88320. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}
