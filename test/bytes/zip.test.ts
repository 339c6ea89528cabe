import { type Zippable, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openSource } from '../../src/bytes/source.ts'
import { readEntry, zipEntries } from '../../src/bytes/zip.ts'

const [MOST, text] = [1 << 20, new TextEncoder()]
const long = text.encode('a network of many layers\n'.repeat(4000))
const content: Zippable = {
  'stored.txt': [text.encode('as it is'), { level: 0 }],
  'deflated.txt': [long, { level: 9 }],
  'folder/näme.json': [text.encode('{}'), { level: 6, comment: 'a comment' }],
  empty: [new Uint8Array(0), { level: 0 }],
}
const archive = zipSync(content, { comment: 'of the archive PK' })

const all = async (source: Parameters<typeof openSource>[0]): Promise<Record<string, Uint8Array>> => {
  const opened = openSource(source)
  const entries = await zipEntries(opened)
  return Object.fromEntries(
    await Promise.all(entries.map(async (entry) => [entry.name, await readEntry(opened, entry, MOST)] as const)),
  )
}

const expected = Object.fromEntries(
  Object.entries(content).map(([name, given]) => [name, (given as [Uint8Array, object])[0]]),
)

it('reads what another library packs', async () => {
  expect(await all(archive)).toEqual(expected)
})

it('reads a Blob', async () => {
  expect(await all(new Blob([archive as Uint8Array<ArrayBuffer>]))).toEqual(expected)
})

describe('what is damaged is refused', () => {
  /** Where a mark of four bytes first is. */
  const find = (mark: number): number => {
    const view = new DataView(archive.buffer)
    for (let at = 0; ; at++) if (view.getUint32(at, true) === mark) return at
  }
  const patched = (change: (view: DataView) => void): Uint8Array => {
    const copy = archive.slice()
    change(new DataView(copy.buffer))
    return copy
  }
  const [entry, end] = [0x02014b50, 0x06054b50].map(find)

  it.each<[string, Uint8Array, RegExp]>([
    ['no directory', archive.subarray(0, end), /must have a directory at its end/],
    [
      'a directory beyond the end',
      patched((view) => view.setUint32(end + 16, 2 ** 31, true)),
      /must lie within the file/,
    ],
    [
      'a directory elsewhere',
      patched((view) => view.setUint32(end + 16, 3, true)),
      /an entry must begin with its mark/,
    ],
    [
      'an entry of 4 GB',
      patched((view) => view.setUint32(entry + 24, 2 ** 32 - 2, true)),
      /must have at most 1048576 bytes, got 4294967294/,
    ],
    [
      'an entry packed over the end',
      patched((view) => view.setUint32(entry + 20, 2 ** 20, true)),
      /must lie within the file/,
    ],
    ['a header elsewhere', patched((view) => view.setUint32(entry + 42, 1, true)), /must have a header/],
    ['an unknown method', patched((view) => view.setUint16(entry + 10, 12, true)), /stored or deflated, got method 12/],
  ])('%s', async (_, whole, message) => {
    await expect(all(whole)).rejects.toThrow(message)
  })

  it('data that unpack to more than the directory says, or to less', async () => {
    const opened = openSource(archive)
    const found = (await zipEntries(opened)).find(({ name }) => name === 'deflated.txt')
    if (!found) throw new Error('the entry is missing')
    for (const size of [100, long.length + 1])
      await expect(readEntry(opened, { ...found, size }, MOST)).rejects.toThrow(`must unpack to ${size} bytes`)
  })
})
