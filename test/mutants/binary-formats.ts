import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModel } from '../../src/models.ts'
import { bytes, flatFile, int8, int32, int32s, table, tables, text } from '../models/flat.ts'
import { constant, input, mnnFile } from '../models/mnn-file.ts'
import { code, ints, tfliteFile } from '../models/tflite-file.ts'
import type { SpoiltFormat } from './spoilt-format.ts'

// Binary files, and ways to spoil them without knowledge of their format.

/** Numbers that lengths, offsets and sizes are replaced by. */
const absurd = [0, 1, 2, 3, 4, 7, 8, 255, 2 ** 15, 2 ** 16 - 1, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]

/** Spoils bytes at one to four places: bits, numbers of 1 to 8 bytes, parts copied, moved and cut. */
function spoilt(bytes: Uint8Array, random: () => number): Uint8Array {
  let copy: Uint8Array = Uint8Array.from(bytes)
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) copy = spoilOnce(copy, random)
  return copy
}

function spoilOnce(bytes: Uint8Array, random: () => number): Uint8Array {
  const below = (end: number): number => Math.floor(random() * end)
  const at = below(bytes.length)
  const way = below(6)
  const view = new DataView(bytes.buffer)
  const aligned = Math.max(0, Math.min(at - (at % 4), bytes.length - 8))
  if (way === 0) bytes[at] ^= 1 << below(8)
  else if (way === 1) bytes[at] = below(256)
  else if (bytes.length < 16) return bytes
  else if (way === 2) view.setUint32(aligned, absurd[below(absurd.length)], true)
  else if (way === 3) view.setUint32(aligned, (view.getUint32(aligned, true) + below(33) - 16) >>> 0, true)
  else if (way === 4) bytes.copyWithin(at, below(bytes.length), below(bytes.length))
  else return bytes.slice(0, random() < 0.2 ? at : bytes.length - below(8))
  return bytes
}

const own = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../models/files', name)))

const window = { 1: int32(1), 2: int32(1), 3: int32(2), 4: int32(2) }
const tflite = tfliteFile({
  tensors: [
    ...[
      { name: 'x', shape: [1, 9, 9, 4] },
      { name: 'p', shape: [4, 2], type: 2, data: ints(0, 0, 1, 2, 3, 4, 0, 0) },
    ],
    ...[
      { name: 'y', shape: [] },
      { name: 'w', shape: [8, 3, 3, 4], data: new Uint8Array(8) },
      { name: 'z', shape: [] },
    ],
    ...[
      { name: 'r', shape: [1, 10, 12, 8] },
      { name: 's', shape: [2], type: 2, data: ints(1, -1) },
    ],
  ],
  ...{ inputs: [0], outputs: [5] },
  operators: [
    { code: code(34), inputs: [0, 1], outputs: [2] },
    { code: code(3), inputs: [2, 3, -1], outputs: [4], options: { 0: int8(1), 1: int32(1), 2: int32(1) } },
    { code: code(17), inputs: [4], outputs: [5], options: window },
    { code: { 0: int8(32), 1: text('custom') }, inputs: [5], outputs: [6], custom: ints(1, 2, 3) },
  ],
})

const mnn = mnnFile([
  input(1, 4, 9, 9),
  {
    type: 12,
    main: { 0: table({ 2: int32(3), 3: int32(3), 10: int32(8), 11: int32(4), 14: int32s([0, 1, 2, 3]) }) },
    inputs: [0],
    outputs: [1],
  },
  constant(3, [1, -1, 4]),
  { type: 73, inputs: [1, 3], outputs: [2] },
  { type: 129, main: { 0: int8(0), 1: int8(1) }, inputs: [1], outputs: [4] },
])

const executorch = flatFile(
  {
    1: tables([
      {
        ...{ 0: text('forward'), 3: int32s([0]), 4: int32s([1]), 7: tables([{ 0: text('Backend') }]) },
        2: tables([
          { 0: int8(5), 1: table({ 2: int32s([1, 4]) }) },
          { 0: int8(5), 1: table({ 2: int32s([1, 4]) }) },
        ]),
        5: tables([{ 2: tables([{ 0: int8(2), 1: table({ 0: int32(0), 1: int32s([0, 1]) }) }]) }]),
        6: tables([{ 0: text('aten::relu'), 1: bytes([0]) }]),
      },
    ]),
  },
  'ET12',
)

const ncnn = new Uint8Array(
  Int32Array.of(
    7_767_517,
    2,
    3,
    16,
    0,
    1,
    0,
    0,
    9,
    1,
    9,
    2,
    4,
    -233,
    6,
    1,
    1,
    0,
    1,
    0,
    8,
    1,
    3,
    4,
    1,
    -23_330,
    4,
    3,
    9,
    9,
    8,
    -233,
  ).buffer,
)

const files = [
  ['TFLite', 'x.tflite', tflite],
  ['MNN', 'x.mnn', mnn],
  ['ExecuTorch', 'x.pte', executorch],
  ['ncnn, binary', 'x.param.bin', ncnn],
  ['Keras', 'x.keras', own('tiny.synthetic.keras')],
  ['Keras H5', 'x.h5', own('tiny.h5')],
] as const

const source = (bytes: Uint8Array) => ({
  read: (begin: number, end: number): Uint8Array => bytes.subarray(begin, end),
  close(): void {},
})

export const binaryFormats: readonly SpoiltFormat[] = files.map(([name, path, file]) => ({
  name,
  isText: false,
  spoil: (_, random) => spoilt(file, random),
  read: (mutant) => readModel({ size: mutant.length, path, whole: mutant, ...source(mutant) }),
}))
