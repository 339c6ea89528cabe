import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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
  SamepadError,
  type Tensor,
} from '../../src/index.ts'
import { current } from '../../src/run/memory/memory.ts'
import { MOST_IDLE } from '../../src/run/programs/programs.ts'
import { collect } from './collect.ts'
import { repeating, toChannelsLast } from './tensors.ts'

/** Every operation, prepared and at once, on 6 channels. */
const operations: Record<string, (layout: Layout) => [Layer, (x: Tensor) => Tensor]> = {
  conv(layout) {
    const bias = new Float32Array(9).fill(1)
    const options = { groups: 3, strides: [2, 1], padding: 'same', activation: 'relu6', bias, layout } as const
    const w = repeating([9, 2, 3, 5], 5)
    return [prepareConv(w, options), (x) => conv(x, w, options)]
  },
  depthwise(layout) {
    const [w, options] = [repeating([6, 1, 3, 3], 5), { groups: 6, padding: 'same', dilations: 2, layout } as const]
    return [prepareConv(w, options), (x) => conv(x, w, options)]
  },
  pointwise(layout) {
    const w = repeating([10, 6, 1, 1], 5)
    return [prepareConv(w, { layout }), (x) => conv(x, w, { layout })]
  },
  convTranspose(layout) {
    const [w, options] = [repeating([6, 5, 4, 3], 5), { strides: [2, 3], padding: 'same', layout } as const]
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

const RUNS = 10_000
const compiling = (): { calls: unknown[] } => {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Module: new () => object } }
  return vi.spyOn(WebAssembly, 'Module').mock
}

beforeEach(() => releaseMemory())
afterEach(() => vi.restoreAllMocks())

describe.each(['nchw', 'nhwc'] as const)('prepared layers, %s', (layout) => {
  const input = (height: number, width: number, batch = 2): Tensor => {
    const x = repeating([batch, 6, height, width], 9)
    return layout === 'nchw' ? x : toChannelsLast(x)
  }

  describe.each(Object.keys(operations))('%s', (name) => {
    it('gives what the operation gives, for every size that arrives', () => {
      const [layer, once] = operations[name](layout)
      expect(layer.engine).toBeUndefined()
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
      expect(layer.run(input(9, 14, 3))).toEqual(once(input(9, 14, 3)))
    })

    it('at once, on a large input, is a program', () => {
      const [layer, once] = operations[name](layout)
      const x = input(64, 90)
      const result = once(x)
      expect(lastEngine()).toBe('program')
      expect(result).toEqual(layer.run(x))
    })

    it('runs on after it was released, and after all memory was', () => {
      const [layer, once] = operations[name](layout)
      const [x, y] = [input(9, 14), input(12, 7)]
      const [first, second] = [once(x), once(y)]
      const kept = memoryUse().used
      for (const release of [() => layer.release(), releaseMemory, () => undefined]) {
        expect(layer.run(x)).toEqual(first)
        release()
        release()
        expect(layer.run(y)).toEqual(second)
        expect(layer.engine).toBe('program')
        release()
      }
      layer.release()
      expect(memoryUse().used - kept).toBeLessThan(2048) // tables of two programs
    })

    it('writes into the tensor that it is given, and into nothing around it', () => {
      const [layer, once] = operations[name](layout)
      const x = input(9, 14)
      const expected = once(x)
      const length = expected.data.length
      const shared = new Float32Array(x.data.length + length + 2).fill(Number.NaN)
      // Input and output lie side by side, and neither where a vector would begin.
      const from = { data: shared.subarray(1, 1 + x.data.length), shape: x.shape }
      const to = { data: shared.subarray(1 + x.data.length, 1 + x.data.length + length), shape: expected.shape }
      from.data.set(x.data)
      expect(layer.run(from, to)).toBe(to)
      expect(to).toEqual(expected)
      expect(from.data).toEqual(x.data)
      expect([shared[0], shared.at(-1)]).toEqual([Number.NaN, Number.NaN])
      const tensor = programTensor(expected.shape)
      expect(layer.run(from, tensor)).toBe(tensor)
      expect(tensor.data).toEqual(expected.data)
      const inside = programTensor(x.shape, x.data)
      expect(layer.run(inside)).toEqual(expected)
      expect(layer.run({ data: inside.data, shape: inside.shape }, tensor).data).toEqual(expected.data)
    })

    it(`${RUNS} runs leave memory as it was, also by turns on two sizes`, () => {
      const [layer] = operations[name](layout)
      const inputs = [input(5, 6), input(6, 5), input(3, 4)]
      const [inside, outside] = [programTensor(inputs[0].shape, inputs[0].data), layer.run(inputs[0])]
      const run = (index: number): void => {
        if (index % 100 === 0) layer.run(inputs[1])
        else if (index % 50 === 0) layer.run(inputs[2])
        else layer.run(index % 3 === 0 ? inputs[0] : inside, index % 2 === 0 ? outside : undefined)
      }
      for (let index = 0; index < 200; index++) run(index)
      const before = memoryUse()
      for (let index = 0; index < RUNS; index++) run(index)
      expect(memoryUse()).toEqual(before)
    })
  })
})

describe('what the caller does later changes nothing in a layer:', () => {
  const x = repeating([1, 4, 9, 12], 9)
  const pairs = (): [number, number][] => [
    [1, 2],
    [0, 3],
  ]

  it.each([
    ['prepareConv', prepareConv, conv, [8, 2, 3, 4]],
    ['prepareConvTranspose', prepareConvTranspose, convTranspose, [4, 4, 3, 4]],
  ] as const)('%s', (_, prepare, operation, shape) => {
    const w = repeating(shape, 5)
    const options = () => ({
      ...{ strides: [2, 1], dilations: [1, 2], padding: pairs(), groups: 2 },
      bias: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      activation: 'relu' as const,
    })
    const [own, changed] = [repeating(shape, 5), options()]
    const layer = prepare(own, changed)
    own.data.fill(0)
    Object.assign(own, { shape: [8, 2, 4, 3] })
    changed.bias.fill(0)
    changed.strides[0] = 1
    changed.dilations.reverse()
    changed.padding[0][1] = 0
    Object.assign(changed, { groups: 1, activation: undefined, layout: 'nhwc' })
    expect(layer.run(x)).toEqual(operation(x, w, options()))
  })

  it('pools', () => {
    const options = { kernel: [3, 4], strides: [1, 2], padding: pairs() }
    const layer = prepareMaxPool(options)
    const expected = maxPool(x, { kernel: [3, 4], strides: [1, 2], padding: pairs() })
    options.kernel[0] = 2
    options.strides.push(1)
    options.padding[1] = [0, 0]
    expect(layer.run(x)).toEqual(expected)
  })

  it('the size of an input', () => {
    const shape = [1, 4, 9, 12]
    const layer = prepareMaxPool({ kernel: 2 })
    const first = layer.run({ data: x.data, shape })
    shape[2] = 12
    shape[3] = 9
    expect(layer.run({ data: x.data, shape })).toEqual(maxPool({ data: x.data, shape: [1, 4, 12, 9] }, { kernel: 2 }))
    ;(first.shape as number[])[1] = 7
    expect(layer.run(x)).toEqual(maxPool(x, { kernel: 2 }))
  })
})

/** Pools whose programs take up to 100 kB of code each, since they have wide windows, all different. */
const wordyOptions = [5, 6, 7, 8].flatMap((height) =>
  [5, 6, 7, 8, 9].flatMap((width) =>
    [1, 2].flatMap((down) =>
      [1, 2].map((across) => ({ kernel: [height, width], strides: [down, across], padding: 'same' }) as const),
    ),
  ),
)
const wordy = (): Layer[] => wordyOptions.map((options) => prepareMaxPool(options))
const image = repeating([1, 1, 20, 60], 9)
const large = repeating([1, 2, 80, 60], 9)

describe('programs', () => {
  const w = repeating([4, 3, 3], 5)
  const x = (width: number): Tensor => repeating([1, 3, width], 9)

  it('of many sizes: old layers run right', () => {
    const layer = prepareConv(w, { padding: 'same' })
    const deep = prepareConv(repeating([4, 3, 3, 3], 5), { padding: 'same' })
    const first = layer.run(x(20))
    const image = repeating([1, 3, 4, 5], 9)
    const tall = deep.run(image)
    for (let round = 0; round < 2; round++) {
      for (let width = 21; width < 21 + 150; width++) layer.run(x(width))
      for (let height = 1; height < 150; height++) deep.run(repeating([1, 3, height, 2], 9))
      expect(layer.run(x(20))).toEqual(first)
      expect(deep.run(image)).toEqual(tall)
    }
  })

  it('of 1,000 sizes, in 10,000 runs, leave nothing behind', () => {
    const layers = [prepareConv(w, { padding: 'same' }), prepareMaxPool({ kernel: 3, padding: 'same' })]
    const pass = (): void => {
      for (let width = 20; width < 520; width++) {
        const input = x(width)
        for (const layer of layers) for (let run = 0; run < 5; run++) layer.run(input)
      }
    }
    pass()
    const before = memoryUse()
    pass()
    const after = memoryUse()
    expect([after.bytes, after.used]).toEqual([before.bytes, before.used])
    expect(after.code).toBeLessThan(MOST_IDLE)
  })

  describe('of more code than is kept for nobody', () => {
    it('stay while a layer holds them, and are then dropped, the oldest first', () => {
      const { calls } = compiling()
      const layers = wordy()
      const results = layers.map((layer) => layer.run(image))
      const { code, used } = memoryUse()
      expect(code).toBeGreaterThan(1.1 * MOST_IDLE)
      expect(calls.length).toBe(layers.length)
      expect(layers.map((layer) => layer.run(image))).toEqual(results)
      expect(calls.length).toBe(layers.length)

      for (const layer of layers) layer.release()
      const kept = memoryUse()
      expect(kept.code).toBeLessThan(MOST_IDLE)
      expect(kept.code).toBeGreaterThan(0.8 * MOST_IDLE)
      expect(used - kept.used).toBeGreaterThanOrEqual(64 * layers.length) // a line of a cache for the tables of each
      layers.at(-1)?.run(image)
      expect(calls.length).toBe(layers.length)
      expect(layers[0].run(image)).toEqual(results[0])
      expect(calls.length).toBe(layers.length + 1)
    })

    it('stay for operations at once as far as there is room', () => {
      const pools = wordyOptions.map((options) => () => maxPool(large, options))
      const first = pools[0]()
      for (const pool of pools) pool()
      const { calls } = compiling()
      pools.at(-1)?.()
      expect(calls.length).toBe(0)
      expect(pools[0]()).toEqual(first)
      expect(calls.length).toBe(1)
      expect(memoryUse().code).toBeLessThan(1.1 * MOST_IDLE)
    })
  })

  it('are shared by layers that are alike and by sizes, and kept for sizes that come back', () => {
    prepareConv(w, { padding: 'same' }).run(x(20))
    const { calls } = compiling()
    const layer = prepareConv(repeating([4, 3, 3], 7), { padding: 'same' })
    for (const width of [20, 30, 20, 31, 20]) layer.run(x(width))
    expect(calls.length).toBe(0)
    for (const width of [7, 20, 7]) layer.run(x(width)) // a row of 7 is cut into tiles of other kinds
    layer.release()
    layer.run(x(20))
    expect(calls.length).toBe(1)
    releaseMemory()
    layer.run(x(20))
    expect(calls.length).toBe(2)
  })
})

if (collect) {
  const collected = collect

  it('layers that are dropped give their weights back', async () => {
    const x = repeating([1, 3, 20], 9)
    const make = (): Layer => prepareConv(repeating([40, 3, 3], 5), { padding: 'same' })
    const kept = make()
    const first = kept.run(x)
    const { used } = memoryUse()
    for (let index = 0; index < 50; index++) make().run(x)
    expect(memoryUse().used).toBeGreaterThan(used)
    await collected()
    expect(memoryUse().used).toBe(used)
    expect(kept.run(x)).toEqual(first)
  })

  it('and their programs, but for some that are kept for more', async () => {
    for (const layer of wordy()) layer.run(image)
    expect(memoryUse().code).toBeGreaterThan(1.1 * MOST_IDLE)
    await collected()
    expect(memoryUse().code).toBeLessThan(MOST_IDLE)
  })

  it('memory that was released is collected, whoever still has layers and tensors', async () => {
    const x = repeating([2, 3, 20], 9)
    const layer = prepareConv(repeating([4, 3, 3], 5), { padding: 'same' })
    const tensor = programTensor([2, 3, 20], x.data)
    const first = layer.run(tensor)
    const memory = new WeakRef(current())
    releaseMemory()
    await collected()
    expect(memory.deref()).toBeUndefined()
    expect(() => tensor.data).toThrow(SamepadError)
    expect(layer.run(x)).toEqual(first)
  })
}
