import { deflateSync } from 'node:zlib'
import { encode } from 'fast-png'
import { expect, it } from 'vitest'
import { npyBytes, readNpy } from '../../src/cli/npy.ts'
import { readPng } from '../../src/cli/read-png.ts'
import { numbersFrom } from '../graph/onnx-bytes.ts'

/** A file of NumPy's as numpy.save writes it. */
function numpy(descr: string, shape: string, elements: ArrayBufferView, order = 'False'): Uint8Array {
  const said = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`
  const header = `${said.padEnd(117)}\n`
  const front = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0])
  return Buffer.concat([front, Buffer.from(header), Buffer.from(elements.buffer as ArrayBuffer)])
}

it.each([
  ['<f4', Float32Array.of(1.5, -2)],
  ['<f8', Float64Array.of(1.5, -2)],
  ['|i1', Int8Array.of(3, -2)],
  ['|u1', Uint8Array.of(3, 254)],
  ['|b1', Uint8Array.of(1, 0)],
  ['<i2', Int16Array.of(3, -300)],
  ['<u2', Uint16Array.of(3, 65535)],
  ['<i4', Int32Array.of(3, -70000)],
  ['<u4', Uint32Array.of(3, 70000)],
  ['<i8', BigInt64Array.of(3n, -70000n)],
  ['<u8', BigUint64Array.of(3n, 70000n)],
] as const)('reads %s of NumPy', (descr, elements) => {
  const wanted = Float32Array.from(elements as ArrayLike<number | bigint>, Number)
  expect(readNpy('run', 'x', numpy(descr, '(2,)', elements))).toEqual({ shape: [2], data: wanted })
})

it('writes what it reads, of any shape', () => {
  for (const shape of [[], [5], [2, 3], [1, 2, 1, 3]]) {
    const tensor = {
      shape,
      data: numbersFrom(
        1,
        shape.reduce((a, b) => a * b, 1),
      ),
    }
    const bytes = npyBytes(tensor)
    expect(readNpy('run', 'x', bytes)).toEqual(tensor)
    expect((bytes.length - 4 * tensor.data.length) % 64).toBe(0)
  }
})

it('refuses other files of NumPy', () => {
  const two = Float32Array.of(1, 2)
  const refused = (bytes: Uint8Array): string => {
    try {
      return `read ${readNpy('run', 'x', bytes).shape}`
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(refused(numpy('<f4', '(3,)', two))).toBe('run: x must have 12 bytes behind its header, got 8')
  expect(refused(numpy('<f4', '(1099511627776, 1048576)', two))).toContain('bytes behind its header, got 8')
  expect(refused(numpy('>f4', '(2,)', two))).toContain('the lowest byte first')
  expect(refused(numpy('<c8', '(1,)', two))).toContain('run: x must be of f4, f8')
  expect(refused(numpy('<f4', '(2, 1)', two, 'True'))).toContain('its last dimension innermost')
  expect(refused(numpy('<f4', '(2,)', two).subarray(0, 40))).toContain('run: x must have its header')
  expect(refused(Uint8Array.of(1, 2, 3))).toContain('run: x must be an array of NumPy')
})

it.each([1, 2, 3, 4] as const)('reads a PNG of %i channels as another reader does', (channels) => {
  const [width, height] = [13, 7]
  // Slopes, for which writers choose one filter, and noise, for which they choose others.
  for (const of of [(at: number) => 3 * at, (at: number) => (at * 7919) >> 3]) {
    const data = Uint8Array.from({ length: width * height * channels }, (_, at) => of(at))
    expect(readPng('run', 'x', encode({ width, height, channels, data }))).toEqual({ width, height, channels, data })
  }
})

/** A PNG of these chunks, without right sums of them, which nobody looks at. */
function png(...chunks: readonly (readonly [kind: string, content: Uint8Array])[]): Uint8Array {
  const parts = chunks.map(([kind, content]) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return Buffer.concat([length, Buffer.from(kind), content, Buffer.alloc(4)])
  })
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts])
}

const header = (width: number, height: number, colour: number, interlace = 0): Uint8Array =>
  Uint8Array.of(0, 0, 0, width, 0, 0, 0, height, 8, colour, 0, 0, interlace)

it('takes every filter back', () => {
  const rows = [0, 1, 2, 3, 4].flatMap((filter) => [filter, 9, 200, 31, 77])
  const image = png(['IHDR', header(4, 5, 0)], ['IDAT', deflateSync(Uint8Array.from(rows))])
  expect([...readPng('run', 'x', image).data]).toEqual([
    ...[9, 200, 31, 77],
    ...[9, 209, 240, 61],
    ...[18, 153, 15, 138],
    ...[18, 29, 53, 172],
    ...[27, 229, 4, 249],
  ])
})

it('looks colours up in a palette', () => {
  const image = png(
    ['IHDR', header(2, 1, 3)],
    ['PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6)],
    ['IDAT', deflateSync(Uint8Array.of(0, 1, 0))],
  )
  expect(readPng('run', 'x', image)).toEqual({
    width: 2,
    height: 1,
    channels: 3,
    data: Uint8Array.of(4, 5, 6, 1, 2, 3),
  })
})

it('refuses other pictures, and sizes that the file cannot hold', () => {
  const rows = deflateSync(Uint8Array.of(0, 1, 2))
  for (const [image, says] of [
    [Uint8Array.of(1, 2), 'must be a PNG'],
    [png(['IDAT', rows]), 'must have a header'],
    [png(['IHDR', header(2, 1, 0, 1)], ['IDAT', rows]), 'not be interlaced'],
    [png(['IHDR', Uint8Array.of(127, 0, 0, 0, 127, 0, 0, 0, 8, 0, 0, 0, 0)], ['IDAT', rows]), 'must have pixels for'],
    [png(['IHDR', header(3, 1, 0)], ['IDAT', rows]), 'must hold 4 bytes, got 3'],
    [png(['IHDR', header(1, 1, 0)], ['IDAT', rows]), 'must hold 2 bytes, got a damaged stream'],
    [png(['IHDR', header(2, 1, 0)], ['IDAT', rows]).subarray(0, 50), 'must have the'],
    [png(['IHDR', header(2, 1, 0)]), 'must have pixels for'],
  ] as const) {
    expect(() => readPng('run', 'x', image)).toThrow(says)
  }
})
