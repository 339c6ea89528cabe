import { expect, it } from 'vitest'
import { type Layer, prepareAveragePool, prepareConv, prepareConvTranspose, type Tensor } from '../../src/index.ts'
import { sizeOf } from './tensors.ts'

/** Numbers with all the bits of a float32, the same on every machine: no function of `Math` is asked. */
function noise(seed: number, shape: readonly number[]): Tensor {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  return { data: Float32Array.from({ length: sizeOf(shape) }, next), shape }
}

/** A number for all bits of a tensor (FNV-1a). */
function digest({ data }: Tensor): string {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length)
  return words.reduce((hash, word) => Math.imul(hash ^ word, 16777619) >>> 0, 2166136261).toString(16)
}

const own = { padding: 'same', deterministic: true } as const

// The sums of these layers are rounded at every step, so their last bits tell the order in which they are added.
it.each<[string, () => Layer, readonly number[], string]>([
  ['3x3', () => prepareConv(noise(1, [13, 6, 3, 3]), own), [2, 6, 17, 19], 'c17e6462'],
  ['3x3 nhwc', () => prepareConv(noise(1, [13, 6, 3, 3]), { ...own, layout: 'nhwc' }), [2, 17, 19, 6], 'b98307b9'],
  ['5x3 stride 2', () => prepareConv(noise(2, [9, 7, 5, 3]), { ...own, strides: 2 }), [1, 7, 41, 23], '9f6d5ecb'],
  ['single taps', () => prepareConv(noise(3, [17, 37, 1, 1]), own), [1, 37, 19, 18], '87ae3b04'],
  ['depthwise', () => prepareConv(noise(4, [24, 1, 3, 3]), { ...own, groups: 24 }), [1, 24, 29, 31], '71217f99'],
  [
    'depthwise nhwc',
    () => prepareConv(noise(4, [24, 1, 5, 5]), { ...own, groups: 24, layout: 'nhwc' }),
    [1, 29, 31, 24],
    'aa41a715',
  ],
  ['wide', () => prepareConv(noise(5, [8, 2, 91]), { ...own, strides: 3 }), [1, 2, 777], '50b481a7'],
  ['three axes', () => prepareConv(noise(6, [5, 3, 2, 3, 4]), { ...own, dilations: 2 }), [1, 3, 9, 11, 14], 'b9f9dad4'],
  [
    'transposed',
    () => prepareConvTranspose(noise(7, [11, 9, 4, 4]), { ...own, strides: 2 }),
    [1, 11, 13, 12],
    '53a8c102',
  ],
  ['average', () => prepareAveragePool({ kernel: [5, 3], strides: 1, padding: 'same' }), [1, 16, 43, 41], '5fd89d4c'],
])('with deterministic, %s gives the same bits on every machine', (_, prepare, shape, expected) => {
  const layer = prepare()
  const output = layer.run(noise(99, shape))
  expect(layer.engine).toBe('program')
  expect(digest(output)).toBe(expected)
})
