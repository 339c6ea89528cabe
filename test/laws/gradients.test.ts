import { describe, expect, it } from 'vitest'
import {
  type AxisPadding,
  averagePool,
  averagePoolGradient,
  conv,
  convGradient,
  convTranspose,
  convTransposeGradient,
  type Layout,
  lastEngine,
  maxPool,
  maxPoolGradient,
  memoryUse,
  programTensor,
  releaseMemory,
  type Tensor,
} from '../../src/index.ts'
import fc from '../fast-check.ts'
import { does, integers, layerOf, layers, shapeOf, tried, upTo } from './gradient-layers.ts'

const dot = (a: Tensor, b: Tensor): number => a.data.reduce((sum, value, index) => sum + value * b.data[index], 0)

/** What a layer computes of integers: integers, which Winograd's algorithm misses by its rounding, far less than this. */
function whole({ data, shape }: Tensor): Tensor {
  const integers = data.map(Math.round)
  const worst = data.reduce((most, value, index) => Math.max(most, Math.abs(value - integers[index])), 0)
  expect(worst).toBeLessThan(0.01)
  return { shape, data: integers }
}

// A convolution is linear in its input and in its weights. So <dy, conv(x', w)> = <gradient of x, x'> for every x', and the same for
// weights: on integers exactly, where differences of finite steps would be rounded.
describe.each([
  ['conv', conv, convGradient, false],
  ['convTranspose', convTranspose, convTransposeGradient, true],
] as const)('gradients of %s', (_, run, gradientOf, transposed) => {
  it('are the adjoints of the layer as a function of its input, weights and bias', {
    timeout: 120_000,
  }, () => {
    let programs = 0
    fc.assert(
      fc.property(
        layers.filter((setting) => {
          const { x, w, options } = layerOf(setting, transposed)
          return does(() => run(x, w, options))
        }),
        (setting) => {
          const { x, w, options } = layerOf(setting, transposed)
          const y = run(x, w, options)
          const dy = integers(y.shape, 3)
          const { input, weights, bias } = gradientOf(x, w, dy, options)
          expect([input.shape, weights.shape]).toEqual([x.shape, w.shape])
          const [x2, w2] = [integers(x.shape, 4), integers(w.shape, 5)]
          expect(dot(whole(input), x2)).toBe(dot(whole(run(x2, w, options)), dy))
          expect(dot(weights, w2)).toBe(dot(whole(run(x, w2, options)), dy))
          const b = integers(bias.shape, 6)
          const still = { data: new Float32Array(x.data.length), shape: x.shape }
          expect(dot(bias, b)).toBe(dot(whole(run(still, w, { ...options, bias: b })), dy))
          const [only] = [gradientOf(x, w, dy, { ...options, of: ['weights'] })]
          expect(Object.keys(only)).toEqual(['weights'])
          if (lastEngine() === 'program') programs++
        },
      ),
      tried,
    )
    expect(programs).toBeGreaterThan(0)
  })

  it.each([
    ['relu', (y: number) => y > 0],
    ['relu6', (y: number) => y > 0 && y < 6],
  ] as const)('pass through %s where its output moves', (activation, moves) => {
    const x = integers([1, 2, 7, 5], 1)
    const w = integers([2, 2, 3, 2], 2)
    const y = run(x, w, { padding: 'same' })
    const dy = integers(y.shape, 3)
    const masked = { shape: dy.shape, data: dy.data.map((value, index) => (moves(y.data[index]) ? value : 0)) }
    expect(gradientOf(x, w, dy, { padding: 'same', activation })).toEqual(gradientOf(x, w, masked, { padding: 'same' }))
  })

  it('says what does not fit', () => {
    const x = integers([1, 2, 7, 5], 1)
    const w = integers([2, 2, 3, 2], 2)
    const stage = transposed ? 'convTransposeGradient' : 'convGradient'
    expect(() => gradientOf(x, w, x, { strides: 2 })).toThrow(/outputGradient must have the output's shape \[.*, got/)
    expect(() => gradientOf(x, w, x, { of: ['inputs'] as never })).toThrow(
      `${stage}: of must be a list of input, weights, bias, got`,
    )
    expect(() => gradientOf(x, w, x, { stride: 2 } as never)).toThrow(`${stage}: `)
  })
})

const pools = fc.record({
  axes: fc.array(
    fc.record({
      input: upTo(9),
      kernel: upTo(4),
      stride: upTo(4),
      dilation: upTo(2),
      padding: fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'valid'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  channels: upTo(5),
  layout: fc.constantFrom<Layout>('nchw', 'nhwc'),
  countIncludePad: fc.boolean(),
})

const poolOf = ({ axes, channels, layout }: typeof pools extends fc.Arbitrary<infer T> ? T : never) => ({
  x: integers(
    shapeOf(
      2,
      channels,
      axes.map(({ input }) => input),
      layout,
    ),
    1,
  ),
  options: {
    ...{ kernel: axes.map(({ kernel }) => kernel), strides: axes.map(({ stride }) => stride), layout },
    ...{ dilations: axes.map(({ dilation }) => dilation), padding: axes.map(({ padding }) => padding) },
    emptyWindow: 'identity' as const,
  },
})

it('the gradient of an average pool is its adjoint, over 500 pools', () => {
  fc.assert(
    fc.property(
      pools.filter((setting) => {
        const { x, options } = poolOf(setting)
        return does(() => averagePool(x, options))
      }),
      (setting) => {
        const { x, options } = poolOf(setting)
        const all = { ...options, countIncludePad: setting.countIncludePad }
        const y = averagePool(x, all)
        const dy = integers(y.shape, 3)
        const gradient = averagePoolGradient(x, dy, all)
        expect(gradient.shape).toEqual(x.shape)
        const [one, other] = [dot(gradient, x), dot(y, dy)]
        expect(Math.abs(one - other)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(other)))
      },
    ),
    { numRuns: 500, seed: tried.seed },
  )
})

it('the gradient of a maximum pool is what a change of each cell changes, over 300 pools without ties', () => {
  fc.assert(
    fc.property(
      pools.filter((setting) => {
        const { x, options } = poolOf(setting)
        return x.data.length < 500 && does(() => maxPool(x, options))
      }),
      (setting) => {
        const { x: given, options } = poolOf(setting)
        // No two cells are equal: a cell's own number comes behind its value.
        const x = { ...given, data: given.data.map((value, index) => value * 1024 + index) }
        const y = maxPool(x, options)
        const dy = integers(y.shape, 3)
        const gradient = maxPoolGradient(x, dy, options)
        const changed = x.data.map((_, cell) => {
          const moved = maxPool({ ...x, data: x.data.with(cell, x.data[cell] + 0.5) }, options)
          const finite = (data: Float32Array) => data.map((value) => (Number.isFinite(value) ? value : 0))
          return 2 * (dot({ ...moved, data: finite(moved.data) }, dy) - dot({ ...y, data: finite(y.data) }, dy))
        })
        expect(gradient.data).toEqual(changed.map((value) => value + 0))
      },
    ),
    { numRuns: 300, seed: tried.seed },
  )
})

it('of equal cells the first one takes the gradient of a maximum, and the last NaN before them', () => {
  const dy = { data: Float32Array.of(5), shape: [1, 1, 1] }
  const gradient = (...cells: number[]): number[] => [
    ...maxPoolGradient({ data: Float32Array.from(cells), shape: [1, 1, cells.length] }, dy, { kernel: cells.length })
      .data,
  ]
  expect(gradient(1, 3, 3, 2)).toEqual([0, 5, 0, 0])
  expect(gradient(1, 3, Number.NaN, 9, Number.NaN, 7)).toEqual([0, 0, 0, 0, 5, 0])
  expect(gradient(-Infinity, -Infinity)).toEqual([5, 0])
})

// Several programs run one after the other, and each may move program memory, which empties arrays that lie there.
it('of tensors in program memory are those of arrays, whichever of them lies there and whenever memory grows', () => {
  const [x, w] = [integers([1, 16, 40, 40], 1), integers([16, 16, 3, 3], 2)]
  const dy = integers([1, 16, 40, 40], 3)
  const options = { padding: 1, activation: 'relu' } as const
  const expected = convGradient(x, w, dy, options)
  for (let which = 0; which < 8; which++) {
    releaseMemory()
    const placed = [x, w, dy].map((tensor, index) => {
      return which & (1 << index) ? programTensor(tensor.shape, tensor.data) : tensor
    })
    const { bytes, used } = memoryUse()
    const rest = bytes - used > 4096 ? programTensor([(bytes - used - 1024) >> 2]) : undefined
    expect(convGradient(placed[0], placed[1], placed[2], options)).toEqual(expected)
    rest?.release()
  }
})

it('refuse tensors whose program memory was given back', () => {
  const stale = programTensor([1, 1, 4])
  const { data } = stale
  stale.release()
  const x = { data: new Float32Array(4), shape: [1, 1, 4] }
  expect(() => maxPoolGradient({ data, shape: [1, 1, 4] }, x, { kernel: 1 })).toThrow('released')
  expect(() => convGradient(x, integers([1, 1, 1], 1), { data, shape: [1, 1, 4] }, {})).toThrow('released')
})
