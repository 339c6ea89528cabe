import type { ByteSource } from './source.ts'

/** The mark that programs of Windows put before a text in UTF-8. */
const MARK = [0xef, 0xbb, 0xbf]
const SPACE = 32

/** A source whose byte order mark is read as white space, so that places in a text stay those of its file. */
export async function withoutMark(source: ByteSource): Promise<ByteSource> {
  if (source.size < MARK.length) return source
  const first = await source.read(0, MARK.length)
  if (!MARK.every((byte, at) => first[at] === byte)) return source
  const blanked = (bytes: Uint8Array, begin: number): Uint8Array => {
    return begin < MARK.length ? bytes.slice().fill(SPACE, 0, MARK.length - begin) : bytes
  }
  const { size, path, whole } = source
  return {
    ...{ size, path, whole: whole && blanked(whole, 0) },
    async read(begin, end) {
      return blanked(await source.read(begin, end), begin)
    },
    close: () => source.close(),
  }
}
