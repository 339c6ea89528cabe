import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { audit } from '../../src/models.ts'

// Models that people use, in other formats than ONNX: of packages of npm, and of Debian's package darknet.

const packages = join(import.meta.dirname, '../../bench/node_modules')
const darknet = '/usr/share/darknet/cfg'

/** Format, windows, how many of them have known sizes, family, and what the first window reads and the last one makes. */
type Row = readonly [file: string, format: string, windows: number, sized: number, family: string, cells: string]

const models: readonly Row[] = [
  ['@mediapipe/face_detection/face_detection_full_range.tflite', 'TFLite', 93, 93, 'tf-same', '192x192 > 48x48'],
  [
    '@mediapipe/face_detection/face_detection_full_range_sparse.tflite',
    'TFLite',
    91,
    91,
    'symmetric',
    '192x192 > 24x24',
  ],
  ['@mediapipe/face_detection/face_detection_short_range.tflite', 'TFLite', 40, 40, 'tf-same', '128x128 > 8x8'],
  ['@mediapipe/selfie_segmentation/selfie_segmentation.tflite', 'TFLite', 64, 64, 'tf-same', '256x256 > 128x128'],
  [
    '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite',
    'TFLite',
    54,
    54,
    'tf-same',
    '144x256 > 72x128',
  ],
  ['@spotify/basic-pitch/model/model.json', 'TensorFlow.js graph-model', 32, 32, 'symmetric', '1x43844 > 172x88'],
  ['@upscalerjs/esrgan-slim/models/x2/model.json', 'TensorFlow.js layers-model', 12, 0, 'either', '?x? > ?x?'],
  ['@upscalerjs/esrgan-slim/models/x8/model.json', 'TensorFlow.js layers-model', 12, 0, 'either', '?x? > ?x?'],
]

const networks: readonly Row[] = [
  ['alexnet.cfg', 'Darknet', 8, 8, 'either', '227x227 > 6x6'],
  ['darknet19.cfg', 'Darknet', 24, 24, 'either', '256x256 > 8x8'],
  ['darknet53.cfg', 'Darknet', 53, 53, 'symmetric', '256x256 > 1x1'],
  ['densenet201.cfg', 'Darknet', 205, 205, 'symmetric', '256x256 > 8x8'],
  ['resnet18.cfg', 'Darknet', 19, 19, 'symmetric', '256x256 > 1x1'],
  ['resnext152-32x4d.cfg', 'Darknet', 153, 153, 'symmetric', '256x256 > 1x1'],
  ['strided.cfg', 'Darknet', 21, 21, 'symmetric', '224x224 > 4x4'],
  ['yolov1.cfg', 'Darknet', 28, 28, 'symmetric', '448x448 > 7x7'],
  ['yolov3.cfg', 'Darknet', 75, 75, 'symmetric', '608x608 > 76x76'],
  ['yolov3-tiny.cfg', 'Darknet', 19, 19, 'either', '416x416 > 26x26'],
]

async function found(path: string): Promise<(string | number)[]> {
  const { format, nodes, style } = await audit(path)
  const size = (list: readonly (number | undefined)[] = []): string => list.map((one) => one ?? '?').join('x')
  const sized = nodes.filter(({ axes }) =>
    axes.every(({ input, output }) => input !== undefined && output !== undefined),
  )
  const [first, last] = [nodes[0]?.axes.map(({ input }) => input), nodes.at(-1)?.axes.map(({ output }) => output)]
  return [format, nodes.length, sized.length, style, `${size(first)} > ${size(last)}`]
}

it.each(models)('%s', async (file, ...expected) => expect(await found(join(packages, file))).toEqual(expected))

it('what a file cannot tell is named: MediaPipe’s own transposed convolution', async () => {
  const { unknownOperators } = await audit(join(packages, '@mediapipe/selfie_segmentation/selfie_segmentation.tflite'))
  expect(unknownOperators).toEqual(['Convolution2DTransposeBias'])
})

describe('Darknet', () => {
  it('is installed (.ci/run does that)', () => expect(existsSync(darknet), darknet).toBe(true))

  it.each(networks)('%s', async (file, ...expected) => expect(await found(join(darknet, file))).toEqual(expected))

  it('every network of the package is read', async () => {
    const files = readdirSync(darknet).filter((name) => name.endsWith('.cfg'))
    expect(files.length).toBeGreaterThan(40)
    const hidden = new Set<string>()
    for (const file of files) {
      for (const name of (await audit(join(darknet, file))).unknownOperators) hidden.add(name)
    }
    // Where a picture is cut is not known, and a locally connected layer has weights of its own at every place.
    expect([...hidden].sort()).toEqual(['crop', 'local'])
  })
})
