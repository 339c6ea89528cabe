import { describe, expect, it } from 'vitest'
import {
  type Activation,
  averagePoolGradient,
  conv,
  convGradient,
  convTransposeGradient,
  elu,
  gelu,
  type LayerUpdate,
  lastEngine,
  maxPoolGradient,
  memoryUse,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareGradient,
  prepareMaxPool,
  programTensor,
  releaseMemory,
  silu,
  type Tensor,
  updateLayer,
} from '../../src/index.ts'

/** Numbers between -1 and 1, the same for the same seed. */
function noise(shape: readonly number[], seed: number): Tensor<ArrayBuffer> {
  let state = seed
  const length = shape.reduce((product, size) => product * size, 1)
  const data = Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
  return { data, shape }
}

const near = (a: Tensor, b: Tensor): void => {
  expect(a.shape).toEqual(b.shape)
  const most = b.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  a.data.forEach((value, index) => {
    expect(Math.abs(value - b.data[index])).toBeLessThanOrEqual(2e-6 * most)
  })
}

const all = ['input', 'weights', 'bias', 'scale', 'shift'] as const

describe.each(['nchw', 'nhwc'] as const)('prepared gradients, %s', (layout) => {
  const shape = layout === 'nchw' ? [2, 12, 21, 19] : [2, 21, 19, 12]
  const x = noise(shape, 1)
  const channels = (seed: number) => noise([8], seed).data
  const options = { padding: 'same', strides: 2, groups: 2, layout } as const
  const window = { kernel: 3, strides: 2, padding: 'same', layout } as const

  it.each([
    ['conv', prepareConv, convGradient, [8, 6, 3, 3]],
    ['convTranspose', prepareConvTranspose, convTransposeGradient, [12, 4, 3, 3]],
  ] as const)('of %s are those of the plain form, before and after an update', (_, prepare, gradientOf, sizes) => {
    const made = (seed: number) => ({
      ...{ bias: channels(seed), scale: channels(seed + 1), shift: channels(seed + 2) },
    })
    let [w, numbers] = [noise(sizes, 2), made(3)]
    for (const activation of [silu, 'relu', undefined] as const) {
      const layer = prepare(w, { ...options, ...numbers, activation })
      const gradient = prepareGradient(layer)
      for (let step = 0; step < 3; step++) {
        const y = layer.run(x)
        const dy = noise(y.shape, 6 + step)
        const plain = gradientOf(x, w, dy, { ...options, ...numbers, activation, of: all })
        const found = gradient.run(x, dy, { of: all, output: y })
        for (const name of all) near(found[name], plain[name])
        expect(Object.keys(gradient.run(x, dy))).toEqual(['input', 'weights', 'bias'])
        ;[w, numbers] = [noise(sizes, 10 + step), made(20 + step)]
        updateLayer(layer, { weights: w, ...numbers })
      }
    }
  })

  it('of pools are those of the plain form', () => {
    for (const activation of [undefined, gelu, 'relu'] as const) {
      const scaled = { ...window, scale: noise([12], 2).data, activation }
      for (const [prepare, gradientOf] of [
        [prepareMaxPool, maxPoolGradient],
        [prepareAveragePool, averagePoolGradient],
      ] as const) {
        const layer = prepare(scaled)
        const y = layer.run(x)
        const dy = noise(y.shape, 3)
        near(prepareGradient(layer).run(x, dy, { output: y }).input, gradientOf(x, dy, scaled))
      }
    }
  })

  it('are written where they are told, and leave program memory as it was', () => {
    const w = noise([8, 6, 3, 3], 2)
    const layer = prepareConv(w, { ...options, bias: channels(1), activation: 'relu' })
    const gradient = prepareGradient(layer)
    const placed = programTensor(x.shape, x.data)
    const y = layer.run(x)
    const output = programTensor(y.shape)
    const dy = programTensor(y.shape, noise(y.shape, 3).data)
    const into = { input: programTensor(x.shape), weights: programTensor(w.shape), bias: programTensor([8]) }
    const step = (): void => {
      layer.run(placed, output)
      expect(gradient.run(placed, dy, { into, output })).toEqual(into)
      updateLayer(layer, { weights: w })
    }
    step()
    step()
    const before = memoryUse()
    for (let count = 0; count < 50; count++) step()
    expect(memoryUse()).toEqual(before)
    gradient.run(placed, dy, { into: { weights: into.weights }, output })
    expect(lastEngine()).toBe('program')
    const plain = convGradient(x, w, dy, { ...options, bias: channels(1), activation: 'relu' })
    for (const name of ['input', 'weights', 'bias'] as const) near(into[name], plain[name])
    gradient.release()
    layer.release()
    expect(memoryUse().used).toBeLessThan(before.used)
    near(gradient.run(x, dy).weights, plain.weights) // takes it again
    releaseMemory()
  })
})

/** A layer in one dimension by its definition, in float64: kernel 3, stride 1, padding 1. */
function layerOf(
  x: readonly number[][],
  w: readonly number[][][],
  numbers: Readonly<Record<string, readonly number[]>>,
) {
  return (activation: (value: number, channel: number) => number): number[][] =>
    w.map((filter, out) =>
      x[0].map((_, cell) => {
        let sum = numbers.bias[out]
        filter.forEach((taps, channel) => {
          taps.forEach((weight, tap) => {
            sum += weight * (x[channel][cell + tap - 1] ?? 0)
          })
        })
        return activation(sum * numbers.scale[out] + numbers.shift[out], out)
      }),
    )
}

// The loss is the sum of outputs times dy; how it changes is measured by steps to both sides, in float64.
describe('gradients are differences of finite steps, in float64', () => {
  const slopes = Float32Array.of(0.25, 0.5, -0.125)
  const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)
  const cases: readonly (readonly [string, Activation, (x: number, channel: number) => number])[] = [
    ['relu', 'relu', (x) => Math.max(x, 0)],
    ['relu6', 'relu6', (x) => clamp(x, 0, 6)],
    ['clip', { clip: [-0.5, 0.75] }, (x) => clamp(x, -0.5, 0.75)],
    ['leakyRelu', { leakyRelu: 0.1 }, (x) => (x > 0 ? x : 0.1 * x)],
    ['prelu', { prelu: slopes }, (x, channel) => (x > 0 ? x : slopes[channel] * x)],
    ['hardSigmoid', 'hardSigmoid', (x) => clamp(x / 6 + 0.5, 0, 1)],
    ['hardSwish', 'hardSwish', (x) => x * clamp(x / 6 + 0.5, 0, 1)],
    ['silu', silu, (x) => x / (1 + Math.exp(-x))],
    ['elu', [elu, 0.5], (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
    ['gelu', gelu, gelu.reference],
  ]
  const names = ['input', 'weights', 'bias', 'scale', 'shift', 'slopes'] as const

  it.each(cases)('%s', (name, activation, reference) => {
    const [x, w, dy] = [noise([1, 2, 7], 1), noise([3, 2, 3], 2), noise([1, 3, 7], 3)]
    const numbers = { bias: noise([3], 4).data, scale: noise([3], 5).data, shift: noise([3], 6).data }
    const of = names.filter((own) => own !== 'slopes' || name === 'prelu')
    const gradients = convGradient(x, w, dy, { ...numbers, activation, padding: 1, of })
    const wide: Record<string, Float64Array> = { input: Float64Array.from(x.data), weights: Float64Array.from(w.data) }
    for (const [own, data] of Object.entries({ ...numbers, slopes })) wide[own] = Float64Array.from(data)
    const loss = (): number => {
      const rows = (data: Float64Array, length: number): number[][] =>
        Array.from({ length: data.length / length }, (_, row) => [...data.slice(row * length, (row + 1) * length)])
      const filters = [0, 1, 2].map((out) => rows(wide.weights, 3).slice(2 * out, 2 * out + 2))
      const own = { bias: [...wide.bias], scale: [...wide.scale], shift: [...wide.shift] }
      const y = layerOf(
        rows(wide.input, 7),
        filters,
        own,
      )((value, channel) =>
        name === 'prelu' ? (value > 0 ? value : wide.slopes[channel] * value) : reference(value, channel),
      )
      return y.flat().reduce((sum, value, index) => sum + value * dy.data[index], 0)
    }
    for (const own of of) {
      gradients[own].data.forEach((value, index) => {
        const given = wide[own][index]
        const [above, below] = [1e-6, -1e-6].map((step) => {
          wide[own][index] = given + step
          return loss()
        })
        wide[own][index] = given
        expect(Math.abs(value - (above - below) / 2e-6)).toBeLessThanOrEqual(1e-5)
      })
    }
  })
})

// PyTorch 1.13 gave these: of a NaN relu, relu6, hardSwish and elu pass all of it, leakyRelu and prelu the slope, bounds nothing.
it.each<[Activation, number[]]>([
  ['relu', [2, 0, 0, 2, 0]],
  ['relu6', [2, 0, 0, 0, 0]],
  [{ clip: [-0.5, 0.75] }, [0, 2, 2, 0, 0]],
  [{ leakyRelu: 0.25 }, [0.5, 0.5, 0.5, 2, 0.5]],
  ['hardSwish', [2, 1, 1, 2, 0]],
  [
    [elu, 0.5],
    [2, 1, 1, 2, 0],
  ],
])('gradients at NaN, zeros and infinities are those of PyTorch: %j', (activation, expected) => {
  const [count, one] = [2000, { data: Float32Array.of(1), shape: [1, 1, 1] }]
  const special = [Number.NaN, 0, -0, Infinity, -Infinity]
  const x = {
    data: Float32Array.from({ length: 5 * count }, (_, index) => special[index % 5]),
    shape: [1, 1, 5 * count],
  }
  const dy = { data: new Float32Array(5 * count).fill(2), shape: x.shape }
  const layer = prepareConv(one, { activation })
  const gradient = prepareGradient(layer)
  for (const output of [undefined, layer.run(x)]) {
    const { data } = gradient.run(x, dy, { of: ['input'], output }).input
    expect(lastEngine()).toBe('program')
    for (const begin of [0, data.length - 5]) expect([...data.subarray(begin, begin + 5)]).toEqual(expected)
  }
  const { data } = convGradient(
    { ...x, data: Float32Array.from(special), shape: [1, 1, 5] },
    one,
    { data: dy.data.slice(0, 5), shape: [1, 1, 5] },
    { activation },
  ).input
  expect([...data]).toEqual(expected)
})

it.each([
  ['nchw', 1],
  ['nhwc', 1],
  ['nchw', 4],
] as const)('a prepared gradient of slopes is that of the plain form, %s in %i groups', (layout, groups) => {
  const x = noise(layout === 'nchw' ? [1, 4, 9, 7] : [1, 9, 7, 4], 1)
  const made = (seed: number) => ({ prelu: noise([8], seed).data })
  const options = { padding: 'same', groups, layout, bias: noise([8], 2).data } as const
  const weights = noise([8, 4 / groups, 3, 3], 3)
  const layer = prepareConv(weights, { ...options, activation: made(4) })
  const dy = noise(layer.run(x).shape, 5)
  const gradient = prepareGradient(layer)
  const of = ['slopes', 'bias'] as const
  for (const seed of [4, 6]) {
    updateLayer(layer, { slopes: made(seed).prelu })
    const found = gradient.run(x, dy, { of })
    const plain = convGradient(x, weights, dy, { ...options, activation: made(seed), of })
    for (const name of of) near(found[name], plain[name])
  }
})

it('prepared gradients and updates say what does not fit', () => {
  const layer = prepareConv(noise([2, 1, 3], 1))
  const x = noise([1, 1, 5], 2)
  const dy = noise([1, 2, 3], 3)
  const gradient = prepareGradient(layer)
  expect(() => prepareGradient({} as never)).toThrow('prepareGradient: layer must be what prepareConv')
  expect(() => prepareGradient(prepareConv(noise([2, 1, 3], 1), { residual: 'add-before' })).run(x, dy)).toThrow(
    'prepareGradient: the layer must take no residual',
  )
  expect(() => gradient.run(x, dy, { of: ['scale'] })).toThrow('of must be a list of input, weights, bias, got')
  expect(() => gradient.run(x, x)).toThrow("outputGradient must have the output's shape [1,2,3], got [1, 1, 5]")
  expect(() => gradient.run(x, dy, { into: { weights: x } })).toThrow('into.weights must have shape [2,1,3], got')
  expect(() => gradient.run(x, dy, { into: { input: x } })).toThrow('into.input must not overlap what is read')
  const { derivative: _, ...flat } = silu
  expect(() => convGradient(x, noise([2, 1, 3], 1), dy, { activation: flat })).toThrow(
    'convGradient: activation must have a derivative, got',
  )
  const update = (change: LayerUpdate) => () => updateLayer(layer, change)
  expect(update({ weights: x })).toThrow('updateLayer: weights must have shape [2,1,3], got [1, 1, 5]')
  expect(update({ bias: new Float32Array(2) })).toThrow(
    'updateLayer: the layer must be made with bias, got one without',
  )
  expect(() => updateLayer(prepareMaxPool({ kernel: 1 }), {})).toThrow('updateLayer: layer must be what prepareConv')
  near(layer.run(x), conv(x, noise([2, 1, 3], 1)))
})
