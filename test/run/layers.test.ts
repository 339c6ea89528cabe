import { describe, expect, it } from 'vitest'
import {
  averagePool,
  conv,
  convTranspose,
  type Layer,
  type Layout,
  lastEngine,
  maxPool,
  memoryUse,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  programTensor,
  releaseMemory,
  type Tensor,
} from '../../src/index.ts'
import { counting, toChannelsLast } from './tensors.ts'

const modulo = (shape: number[], by: number): Tensor => {
  const { data } = counting(...shape)
  return { data: data.map((value) => ((value * 7) % by) - 2), shape }
}

/** Every operation, prepared and at once, on 6 channels. */
const operations: Record<string, (layout: Layout) => [Layer, (x: Tensor) => Tensor]> = {
  conv(layout) {
    const options = { groups: 3, strides: [2, 1], padding: 'same', layout } as const
    const w = modulo([9, 2, 3, 5], 5)
    const bias = new Float32Array(9).fill(1)
    return [
      prepareConv(w, { ...options, bias, activation: 'relu6' }),
      (x) => conv(x, w, { ...options, bias, activation: 'relu6' }),
    ]
  },
  depthwise(layout) {
    const [w, options] = [modulo([6, 1, 3, 3], 5), { groups: 6, padding: 'same', dilations: 2, layout } as const]
    return [prepareConv(w, options), (x) => conv(x, w, options)]
  },
  pointwise(layout) {
    const w = modulo([10, 6, 1, 1], 5)
    return [prepareConv(w, { layout }), (x) => conv(x, w, { layout })]
  },
  convTranspose(layout) {
    const [w, options] = [modulo([6, 5, 4, 3], 5), { strides: [2, 3], padding: 'same', layout } as const]
    return [prepareConvTranspose(w, options), (x) => convTranspose(x, w, options)]
  },
  maxPool(layout) {
    const options = { kernel: [2, 3], strides: 2, padding: 'same', layout } as const
    return [prepareMaxPool(options), (x) => maxPool(x, options)]
  },
  averagePool(layout) {
    const options = { kernel: 3, strides: 1, padding: 'same', layout } as const
    return [prepareAveragePool(options), (x) => averagePool(x, options)]
  },
}

describe.each(['nchw', 'nhwc'] as const)('prepared layers, %s', (layout) => {
  const input = (height: number, width: number): Tensor => {
    const x = modulo([2, 6, height, width], 9)
    return layout === 'nchw' ? x : toChannelsLast(x)
  }

  it.each(Object.keys(operations))('%s gives what the operation gives, for every size that arrives', (name) => {
    const [layer, once] = operations[name](layout)
    for (const [height, width] of [
      [9, 14],
      [10, 31],
      [1, 3],
      [9, 14],
      [64, 90],
      [9, 14],
    ]) {
      const x = input(height, width)
      expect(layer.run(x)).toEqual(once(x))
      expect(layer.engine).toBe('program')
    }
    const { engine } = layer
    layer.release()
    expect(layer.run(input(9, 14))).toEqual(once(input(9, 14)))
    releaseMemory()
    expect(layer.run(input(9, 14))).toEqual(once(input(9, 14)))
    expect(layer.engine).toBe(engine)
  })

  it.each(Object.keys(operations))('%s at once, on a large input, is a program', (name) => {
    const [layer, once] = operations[name](layout)
    const x = input(64, 90)
    const result = once(x)
    expect(lastEngine()).toBe('program')
    expect(result).toEqual(layer.run(x))
  })

  it('10,000 runs leave program memory as it was', () => {
    const [layer] = operations.conv(layout)
    const sizes = [input(5, 6), input(6, 5)]
    const places = sizes.map(({ data, shape }) => programTensor(shape, data))
    const runs = (count: number): void => {
      for (let index = 0; index < count; index++) layer.run(index % 3 === 0 ? sizes[0] : places[0])
    }
    runs(10)
    const before = memoryUse()
    runs(10_000)
    expect(memoryUse()).toEqual(before)
    for (const one of [layer, ...places]) one.release()
  })
})

it('more programs than are kept: old layers still run right', () => {
  const w = modulo([4, 3, 3], 5)
  const layer = prepareConv(w, { padding: 'same' })
  const x = modulo([1, 3, 20], 9)
  const first = layer.run(x)
  const { used } = memoryUse()
  for (let width = 21; width < 21 + 150; width++) layer.run(modulo([1, 3, width], 9))
  expect(layer.run(x)).toEqual(first)
  expect(memoryUse().used - used).toBeLessThan(150 * 1024)
})
