import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { File } from 'jsfive'
import { describe, expect, it } from 'vitest'
import { type FileBytes, readBytes } from '../../src/bytes/bytes.ts'
import { rootAttribute } from '../../src/bytes/hdf5.ts'
import { openSource } from '../../src/bytes/source.ts'

const file = new Uint8Array(readFileSync(join(import.meta.dirname, '../models/files/tiny.h5')))
const of = (whole: Uint8Array): FileBytes => ({ size: whole.length, range: (begin, end) => whole.subarray(begin, end) })

/** The text at the place of an attribute. */
const textOf = (bytes: FileBytes, name: string): string | undefined => {
  const place = rootAttribute(bytes, name)
  return place && new TextDecoder().decode(bytes.range(place.begin, place.end))
}

const { attrs } = new File(file.buffer, 'tiny.h5')

it.each(Object.keys(attrs).filter((name) => typeof attrs[name] === 'string'))(
  'reads %s as another library does',
  (name) => {
    expect(textOf(of(file), name)).toBe(attrs[name])
  },
)

it('an attribute that is not there is undefined', () => {
  expect(Object.keys(attrs)).toContain('model_config')
  expect(rootAttribute(of(file), 'model_confi')).toBeUndefined()
})

it('reads a Blob', async () => {
  const source = openSource(new Blob([file]))
  expect(await readBytes(source, (bytes) => textOf(bytes, 'model_config'))).toBe(attrs.model_config)
})

describe('what is damaged or newer is refused', () => {
  const patched = (change: (view: DataView) => void): Uint8Array => {
    const copy = file.slice()
    change(new DataView(copy.buffer))
    return copy
  }
  const header = Number(new DataView(file.buffer).getBigUint64(64, true))
  const heap = Buffer.from(file).indexOf('GCOL')

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a superblock of version 2',
      patched((view) => view.setUint8(8, 2)),
      /the superblock must be of version 0 or 1, got 2/,
    ],
    ['offsets of 4 bytes', patched((view) => view.setUint8(13, 4)), /offsets must have 8 bytes, got 4/],
    [
      'a header of version 2',
      patched((view) => view.setUint8(header, 79)),
      /an object header must be of version 1, got 79/,
    ],
    ['a header beyond the end', patched((view) => view.setBigUint64(64, 2n ** 62n, true)), /must lie within the file/],
    ['a header of 4 GB', patched((view) => view.setUint32(header + 8, 2 ** 32 - 1, true)), /must lie within the file/],
    ['a heap without its mark', patched((view) => view.setUint8(heap, 0)), /a heap must begin with GCOL/],
    ['a file that is cut', file.subarray(0, 70), /must lie within the file/],
  ])('%s', (_, whole, message) => {
    expect(() => rootAttribute(of(whole), 'model_config')).toThrow(message)
  })
})
