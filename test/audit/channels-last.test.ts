import { expect, it } from 'vitest'
import { inputSizes, outputPhases } from '../../src/models.ts'
import { int8, int32 } from '../models/flat.ts'
import { code, type FileTensor, tfliteFile } from '../models/tflite-file.ts'

// The same layer in an ncnn file, whose values have channels first, and in a TFLite file, whose values have them last:
// a window of 5x3 with strides 3 and 2 on 20 rows of 11 cells with 2 channels.

const ncnn = `7767517\n2 2\nInput x 0 1 x 0=11 1=20 2=2\nConvolution c 1 1 x y 0=4 1=3 11=5 3=2 13=3 4=-233 6=120\n`
const tensors: FileTensor[] = [
  { name: 'x', shape: [1, 20, 11, 2] },
  { name: 'w', shape: [4, 5, 3, 2], data: new Uint8Array(0) },
  { name: 'y', shape: [1, 7, 6, 4] },
]
const conv = { code: code(3), options: { 0: int8(0), 1: int32(2), 2: int32(3) }, inputs: [0, 1], outputs: [2] }
const files = [
  ['channels first', new TextEncoder().encode(ncnn), 2],
  ['channels last', tfliteFile({ tensors, inputs: [0], outputs: [2], operators: [conv] }), 1],
] as const

it.each(files)('phase names height and width of a file with %s', async (_, bytes, first) => {
  const [{ axes }] = (await outputPhases(bytes)).outputs
  expect(axes.map(({ name, axis, jump, centres }) => [name, axis, jump, centres])).toEqual([
    ['height', first, 3, [1]],
    ['width', first + 1, 2, [0]],
  ])
})

it.each(files)('sizes are of height and width in a file with %s, and of no channels', async (_, bytes, first) => {
  const { axes } = await inputSizes(bytes)
  expect(axes.map(({ name, dimensions, given }) => [name, dimensions[0].axis, given])).toEqual([
    ['height', first, 20],
    ['width', first + 1, 11],
  ])
})
