import { BinaryWriter } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from 'vitest'
import { readBytes } from '../../src/bytes/bytes.ts'
import { Message } from '../../src/bytes/protobuf.ts'
import { openSource } from '../../src/bytes/source.ts'
import fc from '../fast-check.ts'

// Compared with another writer, @bufbuild/protobuf.

const LENGTH = 2
const read = <T>(bytes: Uint8Array, use: (message: Message) => T): Promise<T> =>
  readBytes(openSource(bytes), (all) => use(new Message(all)))

const number = fc.integer({ min: 1, max: 2 ** 29 - 1 })
const int64 = fc.maxSafeInteger()

describe('what another writer wrote', () => {
  it('integers of any size, the last one counts', async () => {
    await fc.assert(
      fc.asyncProperty(number, fc.array(int64, { minLength: 1 }), async (field, list) => {
        const writer = new BinaryWriter()
        for (const value of list) writer.tag(field, 0).int64(BigInt(value))
        const found = await read(writer.finish(), (message) => [message.integer(field), message.integers(field)])
        expect(found).toEqual([list.at(-1), list])
      }),
    )
  })

  it('lists, packed and not, one after another', async () => {
    await fc.assert(
      fc.asyncProperty(number, fc.array(int64), int64, async (field, list, more) => {
        const writer = new BinaryWriter().tag(field, LENGTH).fork()
        for (const value of list) writer.int64(BigInt(value))
        writer.join().tag(field, 0).int64(BigInt(more))
        expect(await read(writer.finish(), (message) => message.integers(field))).toEqual([...list, more])
      }),
    )
  })

  it('texts, floats and messages, with fields of other kinds between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.float({ noNaN: true }), async (text, float) => {
        const inner = new BinaryWriter().tag(1, LENGTH).string(text).tag(3, 5).float(float).finish()
        const writer = new BinaryWriter().tag(9, 1).double(1.5).tag(2, LENGTH).bytes(inner).tag(8, 5).fixed32(7)
        const found = await read(writer.finish(), (message) => {
          const one = message.message(2)
          return [one?.text(1), one?.float(3), one?.has(2), message.text(5), message.messages(2).length]
        })
        expect(found).toEqual([text, float, false, undefined, 1])
      }),
    )
  })
})

describe('what is damaged is told with its place', () => {
  it.each<[string, number[], RegExp]>([
    ['a length beyond the end', [0x0a, 5, 1], /^protobuf: field 1 must end within its message, got 5 \(at byte 0\)$/],
    ['a group', [0x0b], /^protobuf: the kind of a field must be 0, 1, 2 or 5, got 3 \(at byte 0\)$/],
    ['field 0', [0x00, 0], /^protobuf: the number of a field must be 1 to/],
    ['an integer without end', [0x08, 0x80], /^protobuf: an integer must have at most 64 bits/],
    [
      'an integer of 11 bytes',
      [0x08, ...new Array<number>(11).fill(0x80)],
      /^protobuf: an integer must have at most 64 bits/,
    ],
    ['half a float', [0x0d, 1, 2], /^protobuf: field 1 must end within its message/],
  ])('%s', async (_, bytes, message) => {
    await expect(read(Uint8Array.from(bytes), (one) => one.integer(1))).rejects.toThrow(message)
  })

  it('what is long is passed, and refused only where it is asked for', async () => {
    const long = new BinaryWriter()
      .tag(1, LENGTH)
      .bytes(new Uint8Array(2 ** 20 + 1))
      .tag(2, 0)
      .int32(7)
      .finish()
    expect(await read(long, (message) => message.integer(2))).toBe(7)
    await expect(read(long, (message) => message.text(1))).rejects.toThrow(
      /^protobuf: a text must have at most 1048576 bytes/,
    )
  })
})
