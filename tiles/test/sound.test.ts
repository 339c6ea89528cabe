import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadNetwork } from 'samepad/graph'
import { expect, it } from 'vitest'
import { modelBytes, numbersFrom } from '../../test/graph/onnx-bytes.ts'
import { openPicture } from '../src/picture/open.ts'
import { interleaved, newFolder, pixels, readZarr, runCommand } from './fixtures.ts'

// Sound, and files of numbers alone.

interface Wav {
  readonly format: number
  readonly bits: number
  readonly channels: number
  readonly samples: Uint8Array
  /** RF64, whose lengths stand in a chunk of their own. */
  readonly isLong?: boolean
}

/** A WAV by its specification: chunks of a name and a length, and one of an odd length, which is filled up. */
function wav({ format, bits, channels, samples, isLong = false }: Wav): Buffer {
  const chunk = (name: string, bytes: Uint8Array, length = bytes.length): Buffer => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32LE(length, 4)
    return Buffer.concat([head, bytes, new Uint8Array(bytes.length % 2)])
  }
  const isOther = bits === 24
  const fmt = Buffer.alloc(isOther ? 40 : 16)
  fmt.writeUInt16LE(isOther ? 0xfffe : format, 0)
  fmt.writeUInt16LE(channels, 2)
  fmt.writeUInt16LE(bits, 14)
  if (isOther) fmt.writeUInt16LE(format, 24)
  const long = Buffer.alloc(28)
  long.writeBigUInt64LE(BigInt(samples.length), 8)
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    ...(isLong ? [chunk('ds64', long)] : []),
    chunk('odd ', new Uint8Array([1, 2, 3])),
    chunk('fmt ', fmt),
    chunk('data', samples, isLong ? 0xffffffff : samples.length),
    chunk('LIST', new Uint8Array(10)), // not sound
  ])
  return chunk(isLong ? 'RF64' : 'RIFF', body)
}

const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

it.each<[string, Omit<Wav, 'channels'>, number[]]>([
  [
    '8 bits',
    { format: 1, bits: 8, samples: Uint8Array.of(0, 128, 255, 64, 1, 2) },
    [-1, 0, 127 / 128, -0.5, -127 / 128, -126 / 128],
  ],
  [
    '16 bits',
    { format: 1, bits: 16, samples: bytesOf(Int16Array.of(-32768, 0, 16384, 1, 2, 3)) },
    [-1, 0, 0.5, 2 ** -15, 2 ** -14, 3 / 2 ** 15],
  ],
  [
    '24 bits',
    { format: 1, bits: 24, samples: Uint8Array.of(0, 0, 0x80, 255, 255, 255, 0, 0, 0x40, 1, 0, 0) },
    [-1, -(2 ** -23), 0.5, 2 ** -23],
  ],
  ['32 bits', { format: 1, bits: 32, samples: bytesOf(Int32Array.of(-(2 ** 31), 2 ** 30)) }, [-1, 0.5]],
  ['floats', { format: 3, bits: 32, samples: bytesOf(Float32Array.of(0.25, -2)) }, [0.25, -2]],
  ['floats of 64', { format: 3, bits: 64, samples: bytesOf(Float64Array.of(0.25, -2)), isLong: true }, [0.25, -2]],
])('a WAV of %s', async (_, sound, expected) => {
  const path = join(newFolder(), 'in.wav')
  writeFileSync(path, wav({ ...sound, channels: 2 }))
  const picture = await openPicture(path, {}, 1e9)
  const frames = expected.length / 2
  expect([picture.axes, picture.shape]).toEqual(['xc', [frames, 2]])
  expect([...(await picture.read({ begin: [0, 0], size: [frames, 2] }))]).toEqual(expected)
  const last = await picture.read({ begin: [frames - 1, 1], size: [1, 1] })
  expect([...last]).toEqual(expected.slice(-1))
  await picture.close()
})

it('a network of sound runs over a recording in pieces, bit for bit', async () => {
  const folder = newFolder()
  const nodes = [
    ['Conv', ['x', 'w'], ['a'], { kernel_shape: [7], strides: [4], pads: [3, 3] }],
    ['Relu', ['a'], ['b']],
    ['Conv', ['b', 'v'], ['c'], { kernel_shape: [3], dilations: [3], pads: [3, 3] }],
    ['ConvTranspose', ['c', 'u'], ['y'], { kernel_shape: [4], strides: [4] }],
  ] as const
  const bytes = modelBytes({
    inputs: { x: [1, 2, 'time'] },
    outputs: ['y'],
    nodes,
    constants: {
      w: { shape: [6, 2, 7], data: numbersFrom(1, 84) },
      v: { shape: [6, 6, 3], data: numbersFrom(2, 108) },
      u: { shape: [6, 1, 4], data: numbersFrom(3, 24) },
    },
  })
  writeFileSync(join(folder, 'model.onnx'), bytes)
  const samples = Int16Array.from(numbersFrom(5, 2 * 4000), (value) => Math.round(value * 30_000))
  writeFileSync(join(folder, 'in.wav'), wav({ format: 1, bits: 16, channels: 2, samples: bytesOf(samples) }))
  const data = Float32Array.from(
    { length: 8000 },
    (_, at) => samples[(at % 4000) * 2 + Math.floor(at / 4000)] / 2 ** 15,
  )
  const network = await loadNetwork(bytes, { deterministic: true })
  const expected = network.run({ x: { data, shape: [1, 2, 4000] } }).y.data
  network.release()
  const words = ['run', 'model.onnx', 'in.wav', 'out.zarr', '--tile', '600', '--deterministic']
  const { code, errors } = await runCommand(folder, ...words)
  expect([code, errors]).toEqual([0, expect.stringMatching(/^(\d+) of \1 pieces, 100 %/m)])
  expect(await readZarr(join(folder, 'out.zarr'))).toEqual({ data: expected, shape: [1, 1, 4000] })
  expect(JSON.parse(readFileSync(join(folder, 'out.zarr/zarr.json'), 'utf8')).dimension_names).toEqual([
    'batch',
    'c',
    'x',
  ])
})

it('numbers alone, with what somebody says of them', async () => {
  const folder = newFolder()
  const data = pixels(3, 60, 70)
  writeFileSync(join(folder, 'in.raw'), data)
  writeFileSync(join(folder, 'behind.bin'), bytesOf(Uint16Array.from(interleaved(data, 3))))
  const first = await openPicture(join(folder, 'in.raw'), { raw: 'uint8:3x60x70', axes: 'cyx' }, 1e9)
  const behind = await openPicture(join(folder, 'behind.bin'), { raw: 'uint16:60x70x3', axes: 'yxc' }, 1e9)
  expect([first.type, first.shape, behind.type, behind.shape]).toEqual(['uint8', [3, 60, 70], 'uint16', [60, 70, 3]])
  expect(await first.read({ begin: [0, 0, 0], size: [3, 60, 70] })).toEqual(data)
  const [channel, y, x, rows, columns] = [1, 7, 11, 5, 9]
  const box = Uint8Array.from(
    { length: rows * columns },
    (_, at) => data[(channel * 60 + y + Math.floor(at / columns)) * 70 + x + (at % columns)],
  )
  expect(await first.read({ begin: [channel, y, x], size: [1, rows, columns] })).toEqual(box)
  expect(await behind.read({ begin: [y, x, channel], size: [rows, columns, 1] })).toEqual(Uint16Array.from(box))
  const lines = await behind.read({ begin: [y, 0, 0], size: [rows, 70, 3] })
  expect(lines).toEqual(Uint16Array.from(interleaved(data, 3).subarray(y * 210, (y + rows) * 210)))
  for (const picture of [first, behind]) await picture.close()
})

it('sound and numbers that are not what they should be are named', async () => {
  const folder = newFolder()
  const sound = wav({ format: 1, bits: 16, channels: 2, samples: new Uint8Array(8) })
  const files: [string, Uint8Array, RegExp][] = [
    ['text.wav', Buffer.from('text'), /^input: a WAV must have its format and its samples/],
    ['cut.wav', sound.subarray(0, 40), /^input: a WAV must have its format/],
    [
      'half.wav',
      sound.subarray(0, sound.length - 20),
      /^input: a WAV must be whole \(8 bytes of samples\); .* 6 bytes/,
    ],
    [
      'law.wav',
      wav({ format: 6, bits: 8, channels: 1, samples: new Uint8Array(8) }),
      /^input: a WAV must hold samples of 8, .* got format and bits 6 8/,
    ],
    ['none.wav', wav({ format: 1, bits: 8, channels: 0, samples: new Uint8Array(8) }), /0 channels/],
    ['in.mp3', new Uint8Array(4), /^input: a picture must be a Zarr, a TIFF, a PNG, a WAV/],
  ]
  for (const [name, bytes, message] of files) {
    writeFileSync(join(folder, name), bytes)
    await expect(openPicture(join(folder, name), {}, 1e9)).rejects.toThrow(message)
  }
  const raw = (text: string, axes?: string) => openPicture(join(folder, 'in.mp3'), { raw: text, axes }, 1e9)
  await expect(raw('bytes:4', 'x')).rejects.toThrow(/^input: --raw must be TYPE:SHAPE/)
  for (const axes of [undefined, 'x', 'xx', 'cyx']) {
    await expect(raw('uint8:2x2', axes)).rejects.toThrow(
      /^input: --axes must have 2 different letters, one for each axis of --raw/,
    )
  }
  await expect(raw('uint8:5', 'x')).rejects.toThrow(/^input: a file of --raw uint8:5 must have 5 bytes, got 4/)
  await expect(raw('constructor:4', 'x')).rejects.toThrow(/^input: --raw must be/)
})
