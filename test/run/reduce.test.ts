import { describe, expect, it } from 'vitest'
import { averagePool, lastEngine, maxPool, programTensor, reduce, SamepadError } from '../../src/index.ts'
import { counting, repeating, toChannelsLast } from './tensors.ts'

describe.each([
  [5, 'reference'],
  [40, 'program'],
] as const)('over cells of images of %i x %i, by the %s', (size, engine) => {
  it.each(['nchw', 'nhwc'] as const)('is a global pool, %s', (layout) => {
    const nchw = repeating([2, 5, size, size], 13)
    const x = layout === 'nchw' ? nchw : toChannelsLast(nchw)
    const axes = layout === 'nchw' ? [2, -1] : [1, 2]
    const pool = { kernel: size, layout }
    const mean = reduce(x, 'mean', { axes, keepDims: true })
    expect(lastEngine()).toBe(engine)
    expect(mean).toEqual(averagePool(x, pool))
    expect(reduce(x, 'maximum', { axes, keepDims: true })).toEqual(maxPool(x, pool))
    expect(reduce(x, 'mean', { axes }).shape).toEqual([2, 5])
    const output = programTensor([2, 5])
    expect(reduce(programTensor(x.shape, x.data), 'sum', { axes, output })).toBe(output)
    expect(output.data).toEqual(mean.data.map((value) => value * size ** 2).map(Math.round))
  })
})

it('takes all dimensions by default, and none when told so', () => {
  const x = counting(3, 4)
  expect(reduce(x, 'sum')).toEqual({ data: Float32Array.of(78), shape: [] })
  expect(reduce(x, 'minimum', { keepDims: true })).toEqual({ data: Float32Array.of(1), shape: [1, 1] })
  expect(reduce(x, 'mean', { axes: [] })).toEqual(x)
})

it('a sum of n numbers is at most n 2^-24 of the sum of their sizes off', () => {
  for (const [shape, axes] of [
    [[3, 50_000], [1]],
    [[50_000, 6], [0]],
  ] as const) {
    const x = { data: Float32Array.from({ length: shape[0] * shape[1] }, (_, index) => Math.sin(index * index)), shape }
    const absolute = { shape, data: x.data.map(Math.abs) }
    const [sums, sizes] = [reduce(x, 'sum', { axes }), reduce(absolute, 'sum', { axes })]
    expect(lastEngine()).toBe('program')
    sums.data.forEach((sum, at) => {
      const exact = x.data.reduce((total, value, index) => {
        const output = axes[0] === 1 ? Math.floor(index / shape[1]) : index % shape[1]
        return output === at ? total + value : total
      }, 0)
      expect(Math.abs(sum - exact)).toBeLessThanOrEqual(50_000 * 2 ** -24 * sizes.data[at])
    })
  }
})

// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
type Wrong = any
it.each([
  [
    'another combination',
    () => reduce(counting(2), 'product' as Wrong),
    "reduce: combine must be one of sum, mean, maximum, minimum, got 'product'",
  ],
  [
    'a dimension twice',
    () => reduce(counting(2, 2), 'sum', { axes: [1, -1] }),
    'reduce: axes must name each dimension once, got [1, -1]',
  ],
  [
    'a dimension that is not there',
    () => reduce(counting(2), 'sum', { axes: [1] }),
    'reduce: axes[0] must be below the 1 dimensions, got 1',
  ],
  [
    'axes that are no list',
    () => reduce(counting(2), 'sum', { axes: 0 as Wrong }),
    'reduce: axes must be a list, got 0',
  ],
  ['null as axes', () => reduce(counting(2), 'sum', { axes: null as Wrong }), 'reduce: axes must be a list, got null'],
  [
    'null as keepDims',
    () => reduce(counting(2), 'sum', { keepDims: null as Wrong }),
    'reduce: keepDims must be true or false, got null',
  ],
  [
    'another output',
    () => reduce(counting(2), 'sum', { output: counting(2) }),
    'reduce: output must have shape [], got [2]',
  ],
])('%s is an error', (_, call, message) => {
  expect(call).toThrow(SamepadError)
  expect(call).toThrow(message)
})
