import { describe, expect, it } from 'vitest'
import { applyEdits, type Edit, fix, readModel, spatialNodes } from '../../src/models.ts'
import { int8, int32 } from '../models/flat.ts'
import { code, type FileOperator, ints, longs, tfliteFile } from '../models/tflite-file.ts'

// A Pad in front of a window, in formats whose operators are neither taken out nor put in: its amounts change.

const [PAD, CONV] = [34, 3]
const VALID = { 0: int8(1), 1: int32(2), 2: int32(2) }
const conv = (input: number, output: number): FileOperator => ({
  ...{ code: code(CONV), inputs: [input, 2, -1], outputs: [output], options: VALID },
})

/** A PAD of rows before a strided convolution, and perhaps what else reads the amounts. */
const padded = (
  data: Uint8Array,
  type: number,
  others: readonly FileOperator[] = [],
  signature?: number[],
): Uint8Array =>
  tfliteFile({
    tensors: [
      { name: 'x', shape: [1, 32, 24, 4] },
      { name: 'amounts', shape: [4, 2], type, data },
      { name: 'w', shape: [4, 3, 3, 4], data: new Uint8Array(0) },
      { name: 'p', shape: [1, 34, 26, 4], ...(signature && { signature }) },
      { name: 'y', shape: [1, 16, 12, 4] },
      { name: 'q', shape: [1, 34, 26, 4] },
    ],
    ...{ inputs: [0], outputs: [4] },
    operators: [{ code: code(PAD), inputs: [0, 1], outputs: [3] }, conv(3, 4), ...others],
  })
const rows = [0, 0, 1, 1, 1, 1, 0, 0]
const windows = async (file: Uint8Array): Promise<unknown> =>
  spatialNodes(await readModel(file))[0].axes.map(({ setting, input, output }) => [setting?.padded, input, output])

describe('a PAD of TFLite', () => {
  it.each([
    ['32', ints(...rows), 2, 4],
    ['64', longs(...rows), 4, 8],
  ])('gets other amounts of %s bits in place, and its output other sizes', async (_, data, type, width) => {
    const before = padded(data, type)
    const { bytes, changes, skipped } = await fix(before, { to: 'tf-same' })
    expect([changes.length, skipped]).toEqual([1, []])
    expect(bytes.length).toBe(before.length)
    // Two begins become 0, and 34 x 26 becomes 33 x 25.
    const places = [...bytes.keys()].filter((at) => bytes[at] !== before[at])
    expect(places.map((at) => [before[at], bytes[at]]).sort()).toEqual(
      [
        [1, 0],
        [1, 0],
        [34, 33],
        [26, 25],
      ].sort(),
    )
    const amounts = places.filter((at) => before[at] === 1)
    expect(amounts[1] - amounts[0]).toBe(2 * width)
    const model = await readModel(bytes)
    expect(model.graph.values.find(({ name }) => name === 'p')?.shape).toEqual([1, 33, 25, 4])
    expect(await windows(bytes)).toEqual([
      [undefined, 33, 16],
      [undefined, 25, 12],
    ])
  })

  it('a size that is open stays open', async () => {
    const { bytes } = await fix(padded(ints(...rows), 2, [], [1, -1, -1, 4]), {
      to: 'tf-same',
      inputs: { x: [1, 32, 24, 4] },
    })
    const model = await readModel(bytes)
    expect(model.graph.values.find(({ name }) => name === 'p')?.shape).toEqual([1, undefined, undefined, 4])
  })

  it('stays where another operator reads the amounts too', async () => {
    const before = padded(ints(...rows), 2, [{ code: code(PAD), inputs: [0, 1], outputs: [5] }])
    const { edits, skipped } = await fix(before, { to: 'tf-same' })
    expect(edits).toEqual([])
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'others read the amounts of the PAD before it, or its shape, too',
    ])
  })
})

const text = (lines: string): Uint8Array => new TextEncoder().encode(lines)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const ncnn = (pad: string): string =>
  `7767517\n3 3\nInput data 0 1 data 0=24 1=32 2=3\n${pad}\nConvolution c 1 1 p out 0=4 1=3 3=2 6=108\n`
const print = (pad: string): string =>
  `Net(\n  (a): Sequential(\n    (0): ${pad}\n    (1): MaxPool2d(kernel_size=3, stride=1, padding=0, dilation=1, ceil_mode=False)\n  )\n)\n`

describe('a Pad of a text', () => {
  it.each([
    [
      'ncnn, with the sizes that it hints at',
      ncnn('Padding pad 1 1 data p -23330=4,3,26,34,3 0=1 1=1 2=1 3=1 4=0'),
      ncnn('Padding pad 1 1 data p -23330=4,3,25,33,3 0=0 1=1 2=0 3=1 4=0'),
    ],
    [
      'ncnn, with keys that were left out',
      ncnn('Padding pad 1 1 data p 0=1 2=1 1=1 3=1 5=0.0'),
      ncnn('Padding pad 1 1 data p 0=0 2=0 1=1 3=1 5=0.0'),
    ],
  ])('%s', async (_, before, after) => {
    const { bytes, skipped } = await fix(text(before), { to: 'tf-same' })
    expect([textOf(bytes), skipped]).toEqual([after, []])
  })

  it.each([
    ['one number', 'ZeroPad2d(padding=(2, 1, 1, 1))', 'ZeroPad2d(padding=(1, 1, 1, 1))'],
    ['without a name', 'ZeroPad2d((2, 1, 1, 1))', 'ZeroPad2d((1, 1, 1, 1))'],
  ])('print, %s', async (_, before, after) => {
    const model = await readModel(text(print(before)))
    const [site] = spatialNodes(model)
    const folded = site.pad
    expect(folded?.pads).toEqual([
      [1, 1],
      [2, 1],
    ])
    const edits = model.respell?.(site, {
      padding: [
        [1, 1],
        [1, 1],
      ],
      folded,
    })
    expect(edits).toHaveLength(1)
    expect(textOf(await applyEdits(text(print(before)), edits as readonly Edit[]))).toBe(print(after))
  })

  it('elsewhere it is said what the Pad should do', async () => {
    const prototxt = await readModel(text(ncnn('Padding pad 1 1 data p 0=1 1=1 2=1 3=1')))
    const [site] = spatialNodes(prototxt)
    expect(
      prototxt.respell?.(site, {
        padding: [[0, 0]],
        inFront: {
          pads: [
            [0, 1],
            [0, 1],
          ],
          holds: { kind: 'zeros' },
        },
      }),
    ).toEqual({
      refused: 'put a Pad of 0,1 before it where the model is made',
    })
  })
})
