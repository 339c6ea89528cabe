import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  conv,
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
import { MOST_COPIED } from '../../src/run/programs/schedule.ts'
import { failGrowing } from './scarcity.ts'
import { repeating } from './tensors.ts'

const PAGE = 65_536
const layouts = ['nchw', 'nhwc'] as const

beforeEach(() => releaseMemory())
afterEach(() => vi.restoreAllMocks())

/** Layers whose tensors are too large to be copied at once, and the input's batch, channels and cells. */
const large: Record<string, [make: (layout: Layout) => Layer, shape: readonly [number, number, ...number[]]]> = {
  conv: [
    (layout) => {
      const options = { padding: 'same', strides: [2, 1], bias: repeating([5], 7).data, deterministic: true } as const
      return prepareConv(repeating([5, 3, 5, 3], 5), { ...options, layout })
    },
    [1, 3, 1102, 801],
  ],
  'conv on images': [
    (layout) =>
      prepareConv(repeating([2, 2, 3, 3], 5), { padding: [1, 2], layout, deterministic: true, activation: 'relu' }),
    [37, 2, 200, 190],
  ],
  'depthwise conv on a line': [
    (layout) =>
      prepareConv(repeating([3, 1, 9], 5), { padding: 'causal', groups: 3, dilations: 4, layout, deterministic: true }),
    [1, 3, 900_001],
  ],
  'pointwise conv on cells': [
    (layout) => prepareConv(repeating([7, 6, 1, 1, 1], 5), { layout, deterministic: true }),
    [1, 6, 41, 97, 101],
  ],
  'conv of few wide rows': [
    (layout) => prepareConv(repeating([4, 2, 3, 5], 5), { padding: 'same', layout, deterministic: true }),
    [1, 2, 3, 300_007],
  ],
  convTranspose: [
    (layout) =>
      prepareConvTranspose(repeating([3, 4, 3, 4], 5), {
        strides: [3, 2],
        padding: 'same',
        layout,
        deterministic: true,
      }),
    [1, 3, 317, 501],
  ],
  maxPool: [
    (layout) => prepareMaxPool({ kernel: [3, 2], strides: [2, 1], padding: 'same', layout }),
    [1, 4, 1001, 803],
  ],
  averagePool: [
    (layout) =>
      prepareAveragePool({ kernel: 4, strides: 3, padding: 1, ceilMode: true, countIncludePad: true, layout }),
    [2, 3, 901, 802],
  ],
}

describe.each(Object.keys(large))('%s, on tensors that are too large to be copied at once', (name) => {
  it.each(layouts)('is computed in bands, to the same bits as on tensors in program memory, %s', (layout) => {
    const [make, [batch, channels, ...cells]] = large[name]
    const shape = layout === 'nchw' ? [batch, channels, ...cells] : [batch, ...cells, channels]
    // No integers: sums in another order would show.
    const x = { data: repeating(shape, 9).data.map((value) => value / 7), shape }
    const layer = make(layout)
    const banded = layer.run(x)
    expect(layer.engine).toBe('program')
    expect(4 * (x.data.length + banded.data.length)).toBeGreaterThan(MOST_COPIED)
    expect(memoryUse().bytes).toBeLessThan(MOST_COPIED)

    const [inside, outside] = [programTensor(shape, x.data), programTensor(banded.shape)]
    expect(same(layer.run(inside, outside), banded)).toBe(true)
    outside.data.fill(0)
    expect(same(layer.run(x, outside), banded)).toBe(true)
    expect(same(layer.run(inside), banded)).toBe(true)
    expect(layer.engine).toBe('program')
    layer.release()
  })
})

/** Whether values are the same; `toEqual` takes seconds for millions of them. */
function same(a: Tensor, b: Tensor): boolean {
  return String(a.shape) === String(b.shape) && a.data.every((value, index) => value === b.data[index])
}

describe('where there is too little memory for a layer as a whole', () => {
  const x = repeating([1, 3, 512, 500], 9)
  const w = repeating([4, 3, 3, 3], 5)
  const options = { padding: 'same', deterministic: true } as const

  it.each(layouts)('it is computed in bands, %s', (layout) => {
    const input = layout === 'nchw' ? x : { data: x.data, shape: [1, 512, 500, 3] }
    const expected = prepareConv(w, { ...options, layout }).run(input)
    releaseMemory()
    let pages = 0
    failGrowing((more) => {
      const fails = pages + more > 100
      if (!fails) pages += more
      return fails
    })
    const layer = prepareConv(w, { ...options, layout })
    for (let round = 0; round < 3; round++) {
      expect(same(layer.run(input), expected)).toBe(true)
      expect(layer.engine).toBe('program')
    }
    expect(memoryUse().bytes).toBeLessThanOrEqual(100 * PAGE)
    conv(input, w, { padding: 'same', layout })
    expect(lastEngine()).toBe('program')
    layer.release()
    expect(memoryUse().used).toBe(0)
  })

  it('and where that is too much, by the reference', () => {
    const expected = prepareConv(w, options).run(x)
    releaseMemory()
    failGrowing((pages) => pages > 20)
    const layer = prepareConv(w, options)
    expect(same(layer.run(x), expected)).toBe(true)
    expect(layer.engine).toBe('reference')
  })
})

it('a line of more outputs than a program may have is computed in bands', () => {
  const length = 2 ** 24 + 5
  const line = new Float32Array(length)
  for (let index = 0; index < length; index++) line[index] = (index * 7) % 13
  const { data } = maxPool({ data: line, shape: [1, 1, length] }, { kernel: 2, strides: 1, padding: 'causal' })
  expect(lastEngine()).toBe('program')
  let wrong = 0
  for (let index = 1; index < length; index++) {
    if (data[index] !== Math.max(line[index - 1], line[index])) wrong++
  }
  expect([data.length, data[0], wrong]).toEqual([length, line[0], 0])
})
