import { expect, it } from 'vitest'
import { type ResizeOptions, resize } from '../../src/index.ts'
import { engine } from './engine.ts'

/** TensorFlow.js's calls, by aligned corners and half-pixel centres, as options of `resize` by docs/layers.md. */
const calls: readonly (readonly [call: string, corners: boolean, centres: boolean, options: ResizeOptions])[] = [
  ['resizeNearestNeighbor', false, true, { nearest: 'round_prefer_ceil' }],
  ['resizeNearestNeighbor', true, false, { coordinates: 'align_corners', nearest: 'round_prefer_ceil' }],
  ['resizeNearestNeighbor', false, false, { coordinates: 'asymmetric', nearest: 'floor' }],
  ['resizeBilinear', false, true, { mode: 'linear' }],
  ['resizeBilinear', true, false, { mode: 'linear', coordinates: 'align_corners' }],
  ['resizeBilinear', false, false, { mode: 'linear', coordinates: 'asymmetric' }],
]

it.each(calls)('TensorFlow.js, %s, align corners %s, half-pixel centres %s', (call, corners, centres, options) => {
  const tf = engine('@tensorflow/tfjs-core')
  engine('@tensorflow/tfjs-backend-cpu')
  for (let height = 1; height < 12; height++) {
    const shape = [1, height, 5, 2]
    const x = { data: Float32Array.from({ length: 10 * height }, (_, index) => Math.sin(index * index)), shape }
    const tensor = tf.tensor(x.data, shape)
    for (let rows = 1; rows < 16; rows++) {
      const expected: Float32Array = tf.image[call](tensor, [rows, 7], corners, centres).dataSync()
      const result = resize(x, { ...options, sizes: [rows, 7], layout: 'nhwc' })
      expect(result.shape).toEqual([1, rows, 7, 2])
      const off = expected.map((value, index) => Math.abs(value - result.data[index]))
      expect(Math.max(...off), `${height} to ${rows} rows`).toBeLessThan(1e-5)
    }
  }
})
