import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bytes, flatFile, int8, int32, int32s, table, tables, text } from './flat.ts'
import { constant, input, mnnFile } from './mnn-file.ts'
import { code, ints, tfliteFile } from './tflite-file.ts'
import { tryMutants } from './try-bytes.ts'

const own = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'files', name)))

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

it.each([
  ['x.tflite', tflite],
  ['x.mnn', mnn],
  ['x.pte', executorch],
  ['x.param.bin', ncnn],
  ['x.keras', own('tiny.synthetic.keras')],
  ['x.h5', own('tiny.h5')],
])('no spoilt %s hangs or crashes its reader', async (name, file) => {
  const { failures, refused } = await tryMutants(name, file, 1, 500)
  expect(failures).toEqual([])
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(500)
})
