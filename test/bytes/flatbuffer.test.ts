import { Builder, ByteBuffer } from 'flatbuffers'
import { describe, expect, it } from 'vitest'
import { type FileBytes, readBytes } from '../../src/bytes/bytes.ts'
import { rootTable, type Table } from '../../src/bytes/flatbuffer.ts'
import { openSource } from '../../src/bytes/source.ts'
import {
  bool,
  bytes,
  flatFile,
  float32,
  float64,
  int8,
  int32,
  int32s,
  int64,
  int64s,
  table,
  tables,
  text,
  texts,
} from '../models/flat.ts'

const of = (whole: Uint8Array): FileBytes => ({ size: whole.length, range: (begin, end) => whole.subarray(begin, end) })

const file = flatFile(
  {
    ...{ 0: int8(-5), 1: int32(-70_000), 2: int64(-(2n ** 40n)), 3: float32(1.5), 4: float64(-0.1), 5: bool(true) },
    ...{ 6: text('näme 😀'), 7: int32s([1, -2, 2 ** 31 - 1]), 8: int64s([-1, 2 ** 52]), 9: table({ 3: int32(7) }) },
    ...{ 10: tables([{ 0: int32(1) }, {}, { 0: int32(3) }]), 11: texts(['', 'b']), 13: bytes([1, 2, 3]) },
  },
  'TEST',
)

/** All fields of the file above, and what they are where they are absent. */
const fields = (root: Table): unknown => [
  ...[root.int8(0), root.uint8(0), root.int32(1), root.int64(2), root.float32(3), root.float64(4), root.bool(5)],
  ...[root.text(6), root.int32s(7), root.int64s(8), root.table(9)?.int32(3)],
  ...[[...root.tables(10)].map((one) => one.int32(0, -9)), root.texts(11), root.vector(13, 1)?.length],
  ...[root.int32(12, 5), root.int8(50, 6), root.text(12), root.int32s(12), root.table(12), [...root.tables(99)]],
]

const expected = [
  ...[-5, 251, -70_000, -(2 ** 40), 1.5, -0.1, true, 'näme 😀', [1, -2, 2 ** 31 - 1], [-1, 2 ** 52], 7],
  ...[[1, -9, 3], ['', 'b'], 3, 5, 6, undefined, [], undefined, []],
]

it('reads what the library of the format writes', () => {
  expect(fields(rootTable(of(file)))).toEqual(expected)
})

it('finds fields where the library does', () => {
  const buffer = new ByteBuffer(file)
  const at = buffer.readInt32(0)
  const root = rootTable(of(file))
  expect(root.at).toBe(at)
  for (let slot = 0; slot < 20; slot++) {
    const offset = buffer.__offset(at, 4 + 2 * slot)
    expect(root.place(slot), `slot ${slot}`).toBe(offset === 0 ? undefined : at + offset)
  }
})

it('reads a Blob page by page', async () => {
  const builder = new Builder()
  const far = builder.createByteVector(new Uint8Array(300_000))
  builder.startObject(1)
  builder.addFieldOffset(0, far, 0)
  builder.finish(builder.endObject())
  for (const whole of [file, builder.asUint8Array().slice()]) {
    const asked: number[] = []
    const blob = new Blob([whole])
    const source = openSource({
      size: blob.size,
      slice: (begin: number, end: number) => {
        asked.push(end - begin)
        return blob.slice(begin, end)
      },
    })
    const read = (one: FileBytes): unknown =>
      whole === file ? fields(rootTable(one)) : rootTable(one).vector(0, 1)?.length
    expect(await readBytes(source, read)).toEqual(whole === file ? expected : 300_000)
    expect(asked.reduce((a, b) => a + b, 0)).toBeLessThan(140_000)
  }
})

describe('what is damaged is refused, before anything is allocated', () => {
  const patched = (change: (view: DataView, root: number) => void): Uint8Array => {
    const copy = file.slice()
    const view = new DataView(copy.buffer)
    change(view, view.getInt32(0, true))
    return copy
  }
  /** Where the vector or text of a slot begins. */
  const target = (view: DataView, slot: number): number => {
    const place = rootTable(of(file)).place(slot) as number
    return place + view.getUint32(place, true)
  }

  it.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(0), /4 bytes must lie within the file/],
    ['a root beyond the end', patched((view) => view.setUint32(0, 2 ** 31, true)), /must lie within the file/],
    [
      'a table of fields before the begin',
      patched((view, root) => view.setInt32(root, 2 ** 30, true)),
      /must lie within/,
    ],
    [
      'a vector of 2^32 - 1 integers',
      patched((view) => view.setUint32(target(view, 7), 2 ** 32 - 1, true)),
      /17179869180 bytes must lie within/,
    ],
    [
      'a text of 2^31 bytes',
      patched((view) => view.setUint32(target(view, 6), 2 ** 31, true)),
      /at most 65536 bytes, got 2147483648/,
    ],
    [
      'a text over the end',
      patched((view) => view.setUint32(target(view, 6), 60_000, true)),
      /60000 bytes must lie within/,
    ],
    [
      'tables beyond the end',
      patched((view) => view.setUint32(target(view, 10) + 4, 2 ** 30, true)),
      /must lie within/,
    ],
  ])('%s', (_, whole, message) => {
    expect(() => fields(rootTable(of(whole)))).toThrow(message)
  })

  it('vectors that many tables share', () => {
    const builder = new Builder()
    builder.startVector(4, 20_000, 4)
    for (let index = 0; index < 20_000; index++) builder.addInt32(0)
    const shared = builder.endVector()
    const rows = Array.from({ length: 1000 }, () => {
      builder.startObject(1)
      builder.addFieldOffset(0, shared, 0)
      return builder.endObject()
    })
    builder.startVector(4, rows.length, 4)
    for (const row of rows) builder.addOffset(row)
    const vector = builder.endVector()
    builder.startObject(1)
    builder.addFieldOffset(0, vector, 0)
    builder.finish(builder.endObject())
    const root = rootTable(of(builder.asUint8Array()))
    expect(() => [...root.tables(0)].map((row) => row.int32s(0))).toThrow(/at most 4194304 elements in all/)
  })

  it('an integer beyond 2^53', () => {
    const whole = flatFile({ 0: int64(2n ** 53n) })
    expect(() => rootTable(of(whole)).uint64(0)).toThrow(/below 2\^53/)
    expect(rootTable(of(flatFile({ 0: int64(2n ** 53n - 1n) }))).uint64(0)).toBe(2 ** 53 - 1)
  })
})
