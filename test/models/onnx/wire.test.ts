import { describe, expect, it } from 'vitest'
import { varint } from '../../../src/models/onnx/encode.ts'
import { Wire } from '../../../src/models/onnx/wire.ts'
import fc from '../../fast-check.ts'
import { openSource, readModel } from './all.ts'

const wireOf = (bytes: readonly number[]): Wire => new Wire([{ begin: 0, bytes: Uint8Array.from(bytes) }])

/** The message of a model that consists of these bytes. */
const refusal = (...bytes: readonly number[]): Promise<string> =>
  readModel(Uint8Array.from(bytes)).then(String, ({ message }) => message)

describe('integers', () => {
  it('of 64 bits are read as they were written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const bytes = varint(value)
        expect(wireOf(bytes).varint(bytes.length)).toBe(value)
      }),
    )
  })

  it('beyond 2^53 are rounded', () => {
    const written = (value: bigint): number[] => {
      const bytes: number[] = []
      let rest = BigInt.asUintN(64, value)
      for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
      return [...bytes, Number(rest)]
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const bytes = written(value)
        const read = wireOf(bytes).varint(bytes.length)
        expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(2 ** 11)
      }),
    )
    expect(wireOf(written(2n ** 63n - 1n)).varint(10)).toBe(2 ** 63)
    expect(wireOf(written(-(2n ** 63n))).varint(10)).toBe(-(2 ** 63))
  })
})

describe('what is no model is refused with its place', () => {
  it.each<[string, string, number[]]>([
    ['a version alone', 'onnx: a model must have a graph, got none (at byte 2)', [0x08, 7]],
    ['a group', 'onnx: the kind of a field must be 0, 1, 2 or 5, got 4 (at byte 0)', [0x3c, 0]],
    ['field 0', 'onnx: the number of a field must be 1 to 2^29 - 1, got 0 (at byte 0)', [0x00]],
    ['an integer cut short', 'onnx: a field must end within its message, got its end (at byte 2)', [0x08, 0x80]],
    [
      'an integer too long',
      'onnx: an integer must have at most 64 bits, got more (at byte 1)',
      [8, ...new Array(11).fill(255)],
    ],
    ['65 bits', 'onnx: an integer must have at most 64 bits, got more (at byte 1)', [8, ...new Array(9).fill(255), 2]],
    [
      'a length beyond the end',
      'onnx: field 7 must end within its message, which has 0 more bytes, got 5 (at byte 0)',
      [0x3a, 5],
    ],
    [
      'a negative length',
      'onnx: a length must be at most 2^53 - 1, got more (at byte 1)',
      [0x3a, ...new Array(9).fill(255), 1],
    ],
    ['a graph that is a number', 'onnx: the graph must be a field of kind 2, got 0 (at byte 0)', [0x38, 5]],
    ['a version that is a text', 'onnx: the IR version must be a field of kind 0, got 2 (at byte 0)', [0x0a, 0]],
    ['two graphs', 'onnx: a model must have one graph, got a second one (at byte 2)', [0x3a, 0, 0x3a, 0]],
    [
      'a node cut short',
      'onnx: field 1 must end within its message, which has 0 more bytes, got 3 (at byte 2)',
      [0x3a, 2, 0x0a, 3],
    ],
    [
      'a negative size',
      'onnx: a size of a tensor must be 0 to 2^53 - 1, got -1 (at byte 4)',
      [0x3a, 13, 0x2a, 11, 8, ...new Array(9).fill(255), 1],
    ],
    [
      'floats cut short',
      'onnx: floats must have 4 bytes for each value, got 3 (at byte 6)',
      [0x3a, 9, 0x0a, 7, 0x2a, 5, 0x3a, 3, 1, 2, 3],
    ],
  ])('%s', async (_, message, bytes) => {
    expect(await refusal(...bytes)).toBe(message)
  })

  it('a name of more than 4096 bytes', async () => {
    const name = [0x12, ...varint(5000), ...new Array(5000).fill(97)]
    expect(await refusal(0x3a, ...varint(name.length), ...name)).toBe(
      'onnx: the name of a graph must have at most 4096 bytes, got 5000 (at byte 3)',
    )
  })

  it('more than 64 dimensions, and messages more than 100 deep', async () => {
    const dims = [0x0a, 65, ...new Array(65).fill(1)]
    const tensor = [0x2a, dims.length, ...dims]
    expect(await refusal(0x3a, tensor.length, ...tensor)).toBe(
      'onnx: a tensor must have at most 64 dimensions, got 65 (at byte 4)',
    )
    let bytes: number[] = []
    // A graph with a node with an attribute that is a graph.
    for (let depth = 0; depth < 40; depth++)
      for (const tag of [0x32, 0x2a, 0x0a]) bytes = [tag, ...varint(bytes.length), ...bytes]
    expect(await refusal(0x3a, ...varint(bytes.length), ...bytes)).toMatch(
      /^onnx: messages must lie at most 100 deep, got 102 \(at byte \d+\)$/,
    )
  })
})

describe('sources', () => {
  it('that are none are refused', async () => {
    const message = 'file: the source must be a path, a URL, a Blob, a Uint8Array or an ArrayBuffer, got 5'
    await expect(readModel(5 as never)).rejects.toThrow(message)
    await expect(readModel(null as never)).rejects.toThrow('ArrayBuffer, got null')
    await expect(readModel('no such file')).rejects.toThrow(
      /^file: the file must be readable \(ENOENT.*\), got 'no such file'$/,
    )
    await expect(readModel(import.meta.dirname)).rejects.toThrow(/^file: the source must be a file, got '/)
  })

  it('that end early are refused', async () => {
    const blob = { size: 9, slice: () => ({ arrayBuffer: async () => new ArrayBuffer(3) }) }
    await expect(readModel(blob)).rejects.toThrow('file: the source must have 9 bytes here, got 3 (at byte 0)')
  })

  it('of Node need it', () => {
    const { process } = globalThis
    try {
      Reflect.deleteProperty(globalThis, 'process')
      expect(() => openSource('a.onnx')).toThrow(
        "file: a path needs Node; elsewhere give a Blob or the bytes, got 'a.onnx'",
      )
    } finally {
      globalThis.process = process
    }
  })
})
