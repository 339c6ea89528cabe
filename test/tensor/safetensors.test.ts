import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readSafetensors, SamepadError } from '../../src/index.ts'
import fc from '../fast-check.ts'

/** A file from its header and the bytes behind it. */
function file(header: object | string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.set(data, 8 + text.length)
  return bytes
}

const entry = (dtype: string, shape: number[], begin: number, end: number): object => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

const bytesOf = (...words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer)

describe('values', () => {
  it('reads F32, in views on the bytes where they lie aligned', () => {
    const values = Float32Array.of(1.5, -2, 3e38)
    for (const filler of ['', ' ', '  ', '   ']) {
      const header = JSON.stringify({ x: entry('F32', [3, 1], 0, 12) }) + filler
      const tensor = readSafetensors(file(header, new Uint8Array(values.buffer))).get('x')
      expect(tensor).toEqual({ data: values, shape: [3, 1] })
    }
  })

  it('reads F64, rounded', () => {
    const data = new Uint8Array(Float64Array.of(0.1, 1e300).buffer)
    expect([...readSafetensors(file({ x: entry('F64', [2], 0, 16) }, data)).get('x').data]).toEqual([
      Math.fround(0.1),
      Infinity,
    ])
  })

  it('reads BF16, the upper half of a float32', () => {
    const words = [0x3f80, 0xc040, 0x7f80, 0x0001]
    const { data } = readSafetensors(file({ x: entry('BF16', [4], 0, 8) }, bytesOf(...words))).get('x')
    expect([...data]).toEqual([1, -3, Infinity, 2 ** -133])
  })

  it('reads every F16 there is', () => {
    const words = Uint16Array.from({ length: 65536 }, (_, bits) => bits)
    const { data } = readSafetensors(file({ x: entry('F16', [65536], 0, 131072) }, new Uint8Array(words.buffer))).get(
      'x',
    )
    expect([
      data[0x0001],
      data[0x03ff],
      data[0x0400],
      data[0x3c00],
      data[0x3555],
      data[0xfbff],
      data[0x7c00],
      data[0xfc00],
    ]).toEqual([...[2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, 0.333251953125, -65504, Infinity, -Infinity]])
    expect(Object.is(data[0x8000], -0)).toBe(true)
    for (let bits = 0; bits < 0x7c00; bits++)
      expect(data[bits + 1] > data[bits] && data[bits | 0x8000] === -data[bits]).toBe(true)
    for (let bits = 0x7c01; bits < 0x8000; bits++) expect(data[bits]).toBeNaN()
  })

  it('reads scalars and empty tensors, and keeps the names in order', () => {
    const header = { b: entry('F32', [], 0, 4), a: entry('F32', [2, 0], 4, 4), __metadata__: { source: 'here' } }
    const opened = readSafetensors(file(header, new Uint8Array(Float32Array.of(7).buffer)))
    expect(opened.names).toEqual(['b', 'a'])
    expect(opened.metadata).toEqual({ source: 'here' })
    expect(opened.get('b')).toEqual({ data: Float32Array.of(7), shape: [] })
    expect(opened.get('a')).toEqual({ data: new Float32Array(), shape: [2, 0] })
  })

  it('orders names by where the values lie, which JSON.parse alone does not for names like numbers', () => {
    const header = `{"b":${JSON.stringify(entry('F32', [1], 4, 8))},"1":${JSON.stringify(entry('F32', [1], 8, 12))},"a":${JSON.stringify(entry('F32', [1], 0, 4))}}`
    expect(readSafetensors(file(header, new Uint8Array(12))).names).toEqual(['a', 'b', '1'])
  })

  it('knows which names it has', () => {
    const opened = readSafetensors(file({ x: entry('F32', [1], 0, 4) }, new Uint8Array(4)))
    expect(['x', 'y', 'constructor', '__proto__'].map((name) => opened.has(name))).toEqual([true, false, false, false])
  })

  it('gives a shape that the caller may change', () => {
    const opened = readSafetensors(file({ x: entry('F32', [1, 1], 0, 4) }, new Uint8Array(4)))
    ;(opened.get('x').shape as number[]).pop()
    expect(opened.get('x').shape).toEqual([1, 1])
  })

  it.each([
    ['F8_E4M3', 4],
    ['F8_E8M0', 4],
    ['F8_E4M3FNUZ', 4],
    ['F8_E5M2FNUZ', 4],
    ['F6_E2M3', 3],
    ['F6_E3M2', 3],
    ['F4', 2],
  ])('opens a file with four numbers of type %s, %d bytes', (dtype, bytes) => {
    const header = { small: entry(dtype, [2, 2], 0, bytes), x: entry('F32', [1], bytes, bytes + 4) }
    const opened = readSafetensors(file(header, new Uint8Array(bytes + 4)))
    expect(opened.get('x').shape).toEqual([1])
    expect(() => opened.get('small')).toThrow(`must be one of F64, F32, F16, BF16, got '${dtype}'`)
  })

  it('a name may come again in another object, escaped or within a text', () => {
    const header =
      '{"__metadata__":{"x":"{\\"x\\":1,\\"x\\":2}","y":"\\\\"},"x":{"shape":[1],"dtype":"F32","data_offsets":[0,4]}}'
    expect(readSafetensors(file(header, new Uint8Array(4))).metadata).toEqual({ x: '{"x":1,"x":2}', y: '\\' })
  })

  it('a tensor of integers does not keep the others from being read', () => {
    const header = { steps: entry('I64', [1], 0, 8), x: entry('F32', [1], 8, 12) }
    const opened = readSafetensors(file(header, new Uint8Array(12)))
    expect(opened.get('x').data).toEqual(Float32Array.of(0))
    expect(() => opened.get('steps')).toThrow(
      "readSafetensors: the type of steps must be one of F64, F32, F16, BF16, got 'I64'",
    )
    expect(() => opened.get('y')).toThrow("readSafetensors: the name must be one of the 2 tensors in the file, got 'y'")
  })
})

describe('sources', () => {
  const bytes = file({ x: entry('F32', [1], 0, 4) }, new Uint8Array(Float32Array.of(5).buffer))

  it('reads a path, a URL, an ArrayBuffer and a view into a larger buffer', () => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-'))
    const path = join(folder, 'x.safetensors')
    writeFileSync(path, bytes)
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    for (const source of [path, pathToFileURL(path), bytes.slice().buffer, larger.subarray(3)]) {
      expect(readSafetensors(source).get('x').data).toEqual(Float32Array.of(5))
    }
    rmSync(folder, { recursive: true })
  })

  it('says what is wrong with a source', () => {
    expect(() => readSafetensors('nowhere.safetensors')).toThrow(
      /^readSafetensors: the file must be readable \(ENOENT.*\), got 'nowhere.safetensors'$/,
    )
    expect(() => readSafetensors(5 as never)).toThrow(
      'readSafetensors: the source must be a path, a URL, a Uint8Array or an ArrayBuffer, got 5',
    )
  })
})

describe('files that lie', () => {
  const four = new Uint8Array(4)
  const bad: [what: string, bytes: Uint8Array, message: string][] = [
    ['empty', new Uint8Array(), "the file must begin with the 8 bytes of the header's length, got 0"],
    ['cut within the length', new Uint8Array(7), "the file must begin with the 8 bytes of the header's length, got 7"],
    [
      'a header longer than the file',
      Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123),
      'the header must fit into the file and the format, at most 1 bytes, got 9',
    ],
    [
      'an absurd header',
      new Uint8Array(16).fill(255),
      'the header must fit into the file and the format, at most 8 bytes, got 18446744073709551615',
    ],
    ['no header', file(''), 'the header must be a JSON object and begin with {, got undefined'],
    ['cut within the header', file('{"x":'), 'the header must be JSON, got Unexpected end of JSON input'],
    ['bytes that are no text', file('{"\ud800').fill(255, 8), 'the header must be UTF-8, got other bytes'],
    ['a byte order mark', file('\ufeff{}'), "the header must be a JSON object and begin with {, got '\ufeff'"],
    ['a space first', file(' {}'), "the header must be a JSON object and begin with {, got ' '"],
    [
      'a tensor twice',
      file(
        `{"x":${JSON.stringify(entry('F32', [1], 0, 4))},"\\u0078" :${JSON.stringify(entry('F32', [0], 0, 0))}}`,
        four,
      ),
      "the header must not name anything twice in one object, got 'x'",
    ],
    [
      'a shape twice',
      file('{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"shape":[1]}}', four),
      "the header must not name anything twice in one object, got 'shape'",
    ],
    [
      'an empty shape with null',
      file('{"x":{"dtype":"F32","shape":[0,null],"data_offsets":[0,0]}}'),
      'x.shape[1] must be an integer of at least 0, got null',
    ],
    [
      'an empty shape with false',
      file('{"x":{"dtype":"F32","shape":[0,false],"data_offsets":[0,0]}}'),
      'x.shape[1] must be an integer of at least 0, got false',
    ],
    [
      'an empty shape with a text',
      file('{"x":{"dtype":"F32","shape":[0,""],"data_offsets":[0,0]}}'),
      "x.shape[1] must be an integer of at least 0, got ''",
    ],
    [
      'a shape nested without end',
      file(`{"x":{"dtype":"F32","shape":[${'['.repeat(1e5)}${']'.repeat(1e5)}],"data_offsets":[0,0]}}`),
      'x.shape[0] must be an integer of at least 0, got [[[...]]]',
    ],
    [
      'a shape of many sizes',
      file(`{"x":{"dtype":"F32","shape":[${'1,'.repeat(1e5)}1],"data_offsets":[0,4]}}`, four),
      'x must have at most 64 dimensions, got 100001',
    ],
    [
      'three numbers of four bits',
      file({ x: entry('F4', [3], 0, 2) }, four),
      'x must have 1.5 bytes for F4 of shape [3], got 2',
    ],
    [
      'a name of a thousand letters on two lines',
      file({ [`a\n${'b'.repeat(1000)}`]: 1 }),
      `readSafetensors: the entry of a\\u{a}${'b'.repeat(75)}... must be an object, got 1`,
    ],
    ['null for metadata', file({ __metadata__: null }), '__metadata__ must map names to texts, got null'],
    ['a list for a header', file('[1]'), "the header must be a JSON object and begin with {, got '['"],
    ['a text for an entry', file('{"x":"y"}'), "the entry of x must be an object, got 'y'"],
    [
      'an unknown type',
      file({ x: entry('F31', [1], 0, 4) }, four),
      "the type of x must be one of F64, I64, U64, C64, F32, I32, U32, F16, BF16, I16, U16, I8, U8, BOOL, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, F6_E2M3, F6_E3M2, F4, got 'F31'",
    ],
    [
      'the type constructor',
      file({ x: entry('constructor', [1], 0, 4) }, four),
      "the type of x must be one of F64, I64, U64, C64, F32, I32, U32, F16, BF16, I16, U16, I8, U8, BOOL, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, F6_E2M3, F6_E3M2, F4, got 'constructor'",
    ],
    [
      'no shape',
      file('{"x":{"dtype":"F32","data_offsets":[0,4]}}', four),
      'x.shape must be an array of sizes, got undefined',
    ],
    [
      'a negative size',
      file({ x: entry('F32', [-1], 0, 4) }, four),
      'x.shape[0] must be an integer of at least 0, got -1',
    ],
    [
      'a shape that overflows',
      file({ x: entry('F32', [2 ** 30, 2 ** 30], 0, 4) }, four),
      'the product of x.shape must be at most 2^53 - 1, got [1073741824, 1073741824]',
    ],
    [
      'no offsets',
      file('{"x":{"dtype":"F32","shape":[1]}}', four),
      'x.data_offsets must be two integers, got undefined',
    ],
    [
      'fractional offsets',
      file({ x: entry('F32', [1], 0.5, 4.5) }, four),
      'x.data_offsets must be two integers, got [0.5, 4.5]',
    ],
    [
      'a tensor beyond the end',
      file({ x: entry('F32', [2], 0, 8) }, four),
      "x.data_offsets must lie within the file's 4 bytes of data, got [0, 8]",
    ],
    [
      'a tensor that runs backwards',
      file({ x: entry('F32', [1], 4, 0) }, four),
      "x.data_offsets must lie within the file's 4 bytes of data, got [4, 0]",
    ],
    [
      'a negative offset',
      file({ x: entry('F32', [1], -4, 0) }, four),
      "x.data_offsets must lie within the file's 4 bytes of data, got [-4, 0]",
    ],
    [
      'bytes that contradict the shape',
      file({ x: entry('F32', [2], 0, 4) }, four),
      'x must have 8 bytes for F32 of shape [2], got 4',
    ],
    [
      'an overlap',
      file({ x: entry('F32', [1], 0, 4), y: entry('F16', [1], 2, 4) }, four),
      'y must not overlap the tensor before it, got byte 2',
    ],
    ['a gap', file({ x: entry('F16', [1], 2, 4) }, four), 'no bytes must lie unused before x, got 2 bytes'],
    [
      'bytes left over',
      file({ x: entry('F16', [1], 0, 2) }, four),
      'no bytes must lie unused after the last tensor, got 2 bytes',
    ],
    [
      'metadata that is no text',
      file({ __metadata__: { a: 1 } }),
      'readSafetensors: __metadata__ must map names to texts, got an object with keys a',
    ],
  ]

  it.each(bad)('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SamepadError)
    expect(() => readSafetensors(bytes)).toThrow(message)
  })

  it('any mutation is either read in full or refused with a SamepadError', () => {
    const whole = file({ x: entry('F32', [2], 0, 8), y: entry('BF16', [2], 8, 12) }, new Uint8Array(12))
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, value) => {
        const bytes = whole.slice(0, length)
        if (at < length) bytes[at] = value
        try {
          const opened = readSafetensors(bytes)
          for (const name of opened.names) opened.get(name)
        } catch (error) {
          expect(error).toBeInstanceOf(SamepadError)
        }
      }),
      { numRuns: 5_000 },
    )
  })
})
