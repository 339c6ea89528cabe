import { expect } from 'vitest'
import {
  type Layer,
  type Layout,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  type Tensor,
  threadsUsed,
} from '../../src/index.ts'
import { current } from '../../src/run/memory/memory.ts'
import { repeating } from './tensors.ts'

const layouts = ['nchw', 'nhwc'] as const

/** No integers: sums in another order would show. */
export function fractions(shape: readonly number[], modulus: number): Tensor {
  return { data: repeating(shape, modulus).data.map((value) => value / 7), shape }
}

/** Large enough to be shared out, of each strategy: what makes the layer, and the input's batch, channels and cells. */
const kinds: Record<string, [make: (layout: Layout) => Layer, shape: readonly [number, number, ...number[]]]> = {
  winograd: [(layout) => prepareConv(fractions([32, 24, 3, 3], 11), { padding: 'same', layout }), [1, 24, 41, 39]],
  'winograd on few cells': [
    (layout) => prepareConv(fractions([96, 96, 3, 3], 11), { padding: 'same', layout }),
    [1, 96, 9, 7],
  ],
  strided: [
    (layout) =>
      prepareConv(fractions([21, 24, 3, 5], 11), {
        ...{ padding: 'same', strides: [2, 1], bias: repeating([21], 5).data, activation: 'relu', layout },
      }),
    [1, 24, 31, 29],
  ],
  'on few cells': [
    (layout) => prepareConv(fractions([130, 128, 3, 3], 11), { padding: 'same', deterministic: true, layout }),
    [1, 128, 3, 4],
  ],
  groups: [(layout) => prepareConv(fractions([36, 12, 3, 3], 11), { groups: 3, strides: 2, layout }), [1, 36, 29, 31]],
  pointwise: [(layout) => prepareConv(fractions([50, 48, 1, 1], 11), { layout }), [1, 48, 23, 21]],
  'pointwise on few cells': [(layout) => prepareConv(fractions([200, 256, 1, 1], 11), { layout }), [1, 256, 5, 3]],
  depthwise: [
    (layout) => prepareConv(fractions([37, 1, 3, 3], 11), { groups: 37, padding: 'same', layout }),
    [1, 37, 61, 59],
  ],
  images: [(layout) => prepareConv(fractions([16, 12, 3, 3], 11), { padding: 'same', layout }), [5, 12, 27, 25]],
  'one axis': [(layout) => prepareConv(fractions([33, 32, 7], 11), { padding: 'causal', layout }), [1, 32, 401]],
  'three axes': [
    (layout) => prepareConv(fractions([8, 6, 3, 3, 3], 11), { padding: 'same', layout }),
    [1, 6, 9, 21, 19],
  ],
  transposed: [
    (layout) => prepareConvTranspose(fractions([24, 13, 4, 4], 11), { strides: 2, padding: 'same', layout }),
    [1, 24, 19, 17],
  ],
  maxPool: [(layout) => prepareMaxPool({ kernel: 3, strides: 2, padding: 'same', layout }), [1, 33, 71, 69]],
  averagePool: [
    (layout) => prepareAveragePool({ kernel: [5, 3], padding: 'same', strides: 1, layout }),
    [2, 17, 41, 43],
  ],
}

/** Whether all bits are the same. */
export const same = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]))

/** Runs until several threads took part, which workers may take a while to do; whether they did. */
export async function untilShared(run: () => void): Promise<boolean> {
  for (let round = 0; round < 20_000; round++) {
    run()
    if (threadsUsed() > 1) return true
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return false
}

/** Each kind in both layouts, with an input. */
export const threadCases = Object.entries(kinds).flatMap(([name, [make, [batch, channels, ...cells]]]) =>
  layouts.map((layout) => {
    const shape = layout === 'nchw' ? [batch, channels, ...cells] : [batch, ...cells, channels]
    return { name: `${name}, ${layout}`, layer: make(layout), x: fractions(shape, 13) }
  }),
)

/** What one thread computes of each case, in memory that no thread shares yet. */
export function onOneThread(): Map<string, Float32Array> {
  expect(current().buffer).toBeInstanceOf(ArrayBuffer)
  const expected = new Map<string, Float32Array>()
  for (const { name, layer, x } of threadCases) {
    expected.set(name, layer.run(x).data)
    expect([layer.engine, threadsUsed()]).toEqual(['program', 1])
  }
  return expected
}
