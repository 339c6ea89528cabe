import { describe, expect, it } from 'vitest'
import { relu } from '../../src/functions/plain.ts'
import { type FunctionName, functions, rowOf } from '../../src/functions/rows.ts'
import {
  type Activation,
  activate,
  add,
  averagePool,
  conv,
  convTranspose,
  type ElementwiseStep,
  elementwise,
  elu,
  type FunctionRow,
  gelu,
  type Layer,
  type Layout,
  maxPool,
  memoryUse,
  multiply,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  programTensor,
  type Residual,
  releaseMemory,
  scale,
  silu,
  type Tensor,
} from '../../src/index.ts'
import { probeFeatures } from '../../src/wasm/engine.ts'
import fc from '../fast-check.ts'

const reals = (seed: number, ...shape: number[]): Tensor => {
  const length = shape.reduce((product, size) => product * size, 1)
  return { data: Float32Array.from({ length }, (_, index) => 4 * Math.sin((index + 1) * (seed + 0.37))), shape }
}
const integers = (modulus: number, ...shape: number[]): Tensor => {
  const length = shape.reduce((product, size) => product * size, 1)
  return { data: Float32Array.from({ length }, (_, index) => ((index * 7) % modulus) - 4), shape }
}

/** Layers of each strategy, with what they run on: their outputs are so many that what is between layers is a program too. */
const strategies: Readonly<Record<string, (layout: Layout) => [(activation?: Activation) => Layer, Tensor]>> = {
  dense: (layout) => [
    (activation) => prepareConv(reals(1, 10, 3, 3, 2), { strides: [1, 2], padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 3, 27, 45) : reals(2, 1, 27, 45, 3),
  ],
  transposed: (layout) => [
    (activation) => prepareConvTranspose(reals(1, 3, 10, 3, 2), { strides: 2, padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 3, 13, 21) : reals(2, 1, 13, 21, 3),
  ],
  winograd: (layout) => [
    (activation) => prepareConv(reals(1, 34, 40, 3, 3), { padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 40, 21, 22) : reals(2, 1, 21, 22, 40),
  ],
  pointwise: (layout) => [
    (activation) => prepareConv(reals(1, 14, 9, 1, 1), { layout, activation }),
    layout === 'nchw' ? reals(2, 1, 9, 19, 21) : reals(2, 1, 19, 21, 9),
  ],
  depthwise: (layout) => [
    (activation) => prepareConv(reals(1, 9, 1, 3, 3), { groups: 9, padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 9, 25, 23) : reals(2, 1, 25, 23, 9),
  ],
  maximum: (layout) => [
    (activation) => prepareMaxPool({ kernel: 3, strides: 1, padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 9, 25, 23) : reals(2, 1, 25, 23, 9),
  ],
  average: (layout) => [
    (activation) => prepareAveragePool({ kernel: 3, strides: 1, padding: 'same', layout, activation }),
    layout === 'nchw' ? reals(2, 1, 9, 25, 23) : reals(2, 1, 25, 23, 9),
  ],
}

/** Every function that there is: a row more is tested here with no further word. */
const names = Object.keys(functions) as FunctionName[]

describe.each(Object.keys(strategies))('%s, every function as an activation', (strategy) => {
  it.each(['nchw', 'nhwc'] as const)('gives the bits that it gives on outputs that are there, %s', (layout) => {
    const [prepare, x] = strategies[strategy](layout)
    const plain = prepare().run(x)
    const channels = plain.shape[layout === 'nchw' ? 1 : 3]
    const numbers = reals(5, channels)
    const along = layout === 'nchw' ? [channels, 1, 1] : [channels]
    for (const name of names) {
      const row = rowOf(name)
      for (const perChannel of row.operands.length > 0 ? [false, true] : [false]) {
        const operands = row.operands.map((_, index) => (perChannel ? numbers : 0.75 + index))
        const layer = prepare([row, ...operands])
        const got = layer.run(x)
        expect(layer.engine).toBe('program')
        const views = operands.map((operand) => (typeof operand === 'number' ? operand : { ...operand, shape: along }))
        const step = views.length === 0 ? name : { [name]: views.length === 1 ? views[0] : views }
        expect(got, name).toEqual(elementwise(plain, [step as ElementwiseStep]))
        layer.release()
      }
    }
  })
})

describe('functions of one name', () => {
  const half: FunctionRow = { ...relu, reference: (x) => x / 2, vector: (v, x) => v.multiply(x, v.constant(0.5)) }
  const twice: FunctionRow = { ...relu, reference: (x) => 2 * x, vector: (v, x) => v.add(x, x) }

  it.each(Object.keys(strategies))('are each a program of their own: %s', (strategy) => {
    const [prepare, x] = strategies[strategy]('nchw')
    const plain = prepare().run(x)
    const layers = [half, twice, 'relu' as const].map(prepare)
    for (const [index, expected] of [multiply(plain, 0.5), multiply(plain, 2), activate(plain, 'relu')].entries()) {
      expect(layers[index].run(x)).toEqual(expected)
      expect(layers[index].engine).toBe('program')
    }
  })

  it('that are the same object are the same program', () => {
    const [prepare, x] = strategies.pointwise('nchw')
    releaseMemory()
    const first = prepare(half)
    first.run(x)
    const { code } = memoryUse()
    const second = prepare(half)
    second.run(x)
    expect(memoryUse().code).toBe(code)
    prepare(twice).run(x)
    expect(memoryUse().code).toBeGreaterThan(code)
  })
})

describe('scale and shift', () => {
  const x = integers(9, 2, 6, 20, 17)
  const [factor, shift] = [Float32Array.of(2, -1, 0.5, 3), Float32Array.of(-3, 5, 0, 1)]
  const bias = Float32Array.of(1, -2, 3, 4)

  it.each(['oihw', 'hwio', 'ohwi', 'ihwo'] as const)('are worked into weights %s and bias', (weightsLayout) => {
    const shapes = { oihw: [4, 3, 3, 2], hwio: [3, 2, 3, 4], ohwi: [4, 3, 2, 3], ihwo: [3, 3, 2, 4] }
    const w = integers(7, ...shapes[weightsLayout])
    const options = { groups: 2, strides: 2, padding: 'same', weightsLayout, bias } as const
    const expected = scale(conv(x, w, options), factor, { shift, activation: 'relu' })
    const given = { ...options, scale: factor, shift, activation: 'relu' } as const
    expect(conv(x, w, given)).toEqual(expected)
    expect(prepareConv(w, given).run(x)).toEqual(expected)
    expect(prepareConv(w, { ...given, deterministic: true }).run(x)).toEqual(expected)
  })

  it.each(['iohw', 'hwoi', 'ohwi'] as const)('of transposed convolutions with weights %s', (weightsLayout) => {
    const shapes = { iohw: [6, 2, 3, 2], hwoi: [3, 2, 2, 6], ohwi: [2, 3, 2, 6] }
    const w = integers(7, ...shapes[weightsLayout])
    const options = { groups: 2, strides: 2, padding: 'same', weightsLayout } as const
    const expected = scale(convTranspose(x, w, options), factor, { shift })
    expect(convTranspose(x, w, { ...options, scale: factor, shift })).toEqual(expected)
    expect(prepareConvTranspose(w, { ...options, scale: factor, shift }).run(x)).toEqual(expected)
    const alone = prepareConvTranspose(w, { ...options, shift }).run(x)
    expect(alone).toEqual(scale(convTranspose(x, w, options), new Float32Array(4).fill(1), { shift }))
  })

  it('of pools are computed at the end', () => {
    const six = Float32Array.of(2, -1, 0.5, 4, 1, -2)
    for (const layout of ['nchw', 'nhwc'] as const) {
      const cells = layout === 'nchw' ? x : integers(9, 2, 20, 17, 6)
      const options = { kernel: 3, strides: 2, padding: 'same', layout } as const
      const given = { ...options, scale: six, activation: { leakyRelu: 0.5 } } as const
      const most = scale(maxPool(cells, options), six, { layout, activation: { leakyRelu: 0.5 } })
      expect(maxPool(cells, given)).toEqual(most)
      expect(prepareMaxPool(given).run(cells)).toEqual(most)
      const mean = scale(averagePool(cells, options), six, { layout, activation: { leakyRelu: 0.5 } })
      expect(prepareAveragePool(given).run(cells)).toEqual(mean)
    }
  })
})

describe('a residual', () => {
  const x = integers(9, 2, 3, 21, 33)
  const w = integers(5, 10, 3, 3, 3)
  const joined: Readonly<Record<Residual, (y: Tensor, r: Tensor) => Tensor>> = {
    'add-before': (y, r) => activate(add(y, r), 'relu'),
    'add-after': (y, r) => add(activate(y, 'relu'), r),
    'multiply-before': (y, r) => activate(multiply(y, r), 'relu'),
    'multiply-after': (y, r) => multiply(activate(y, 'relu'), r),
  }

  it.each(Object.keys(joined) as Residual[])('joins the outputs: %s', (residual) => {
    const options = { strides: [1, 2], padding: 'same' } as const
    const y = conv(x, w, options)
    const r = integers(11, ...y.shape)
    const expected = joined[residual](y, r)
    for (const deterministic of [false, true]) {
      const layer = prepareConv(w, { ...options, residual, deterministic, activation: 'relu' })
      expect(layer.run(x, undefined, r)).toEqual(expected)
      expect(layer.engine).toBe('program')
      // In place, in program memory and outside.
      const [inside, outside] = [programTensor(r.shape, r.data), { data: r.data.slice(), shape: r.shape }]
      expect([...layer.run(programTensor(x.shape, x.data), inside, inside).data]).toEqual([...expected.data])
      expect(layer.run(x, outside, outside)).toEqual(expected)
      layer.release()
    }
  })

  it('of a layer that is too large to be copied whole is cut with it, in place too', () => {
    const large = integers(9, 3, 8, 300, 400)
    const layer = prepareConv(integers(5, 8, 1, 3, 3), { groups: 8, padding: 'same', residual: 'add-after' })
    const plain = prepareConv(integers(5, 8, 1, 3, 3), { groups: 8, padding: 'same' }).run(large)
    const r = integers(11, ...plain.shape)
    const expected = add(plain, r)
    const isExpected = ({ data }: Tensor): boolean => data.every((value, index) => value === expected.data[index])
    expect(isExpected(layer.run(large, undefined, r))).toBe(true)
    expect(isExpected(layer.run(large, r, r))).toBe(true)
    expect(layer.engine).toBe('program')
    layer.release()
  })

  it('where the reference computes', () => {
    const one = integers(9, 1, 3, 2, 2)
    const layer = prepareConv(integers(5, 2, 3, 70_000, 1), { padding: 'same', residual: 'add-before' })
    const r = integers(11, 1, 2, 2, 2)
    const got = layer.run(one, undefined, r)
    expect(layer.engine).toBe('reference')
    expect(got).toEqual(add(conv(one, integers(5, 2, 3, 70_000, 1), { padding: 'same' }), r))
    expect(layer.run(one, r, r)).toEqual(got)
  })

  it('is looked at', () => {
    const layer = prepareConv(w, { padding: 'same', residual: 'add-before' })
    const r = integers(11, 2, 10, 21, 33)
    expect(() => layer.run(x)).toThrow('prepareConv: run must be given the residual, got undefined')
    expect(() => layer.run(x, undefined, x)).toThrow('prepareConv: residual must have shape [2,10,21,33], got')
    const longer = new Float32Array(r.data.length + 1)
    const [output, other] = [longer.subarray(1), longer.subarray(0, -1)].map((data) => ({ data, shape: r.shape }))
    expect(() => layer.run(x, output, other)).toThrow('the residual must be the output or not overlap it')
    expect(() => prepareConv(w).run(x, undefined, r)).toThrow("there must be an option 'residual' to run with one")
    expect(() => prepareConv(w, { residual: 'add' as Residual })).toThrow('residual must be one of add-before, ')
    expect(() => conv(x, w, { residual: 'add-before' } as object)).toThrow("got 'residual'")
    const released = programTensor(r.shape)
    released.release()
    expect(() => layer.run(x, undefined, released)).toThrow('programTensor: ')
  })
})

describe('activations as they are written', () => {
  const x = reals(3, 1, 2, 3, 3)
  const w = reals(4, 3, 2, 1, 1)
  const y = conv(x, w)
  const slopes = Float32Array.of(0.5, -1, 2)
  const cases: readonly (readonly [Activation, ElementwiseStep])[] = [
    ['relu', 'relu'],
    ['leakyRelu', 'leakyRelu'],
    ['hardSigmoid', 'hardSigmoid'],
    [{ hardSigmoid: [0.2, 0.5] }, { hardSigmoid: [0.2, 0.5] }],
    ['hardSwish', 'hardSwish'],
    [{ clip: [-1, 1] }, { clip: [-1, 1] }],
    [{ prelu: slopes }, { prelu: { data: slopes, shape: [3, 1, 1] } }],
    [{ prelu: { data: slopes, shape: [3] } }, { prelu: { data: slopes, shape: [3, 1, 1] } }],
    [silu, 'silu'],
    [[gelu], 'gelu'],
    [elu, 'elu'],
    [[elu, 0.5], { elu: 0.5 }],
  ]

  it.each(cases)('%o', (activation, step) => {
    const got = conv(x, w, { activation })
    // Sums are rounded once more by what is computed apart.
    const expected = elementwise(y, [step])
    got.data.forEach((value, index) => {
      expect(Math.abs(value - expected.data[index])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)))
    })
  })

  const wrong: readonly (readonly [unknown, string])[] = [
    ['silu', 'activation must be one of relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish, or a function'],
    ['constructor', 'activation must be one of relu'],
    [null, 'activation must be one of relu'],
    [{ relu: 0, relu6: 0 }, 'activation must be one of relu'],
    ['clip', 'activation clip must take least and most, got nothing'],
    [{ clip: 3 }, 'activation clip must take least and most'],
    [[silu, 3], 'activation silu must take nothing'],
    [{ prelu: Float32Array.of(1, 2) }, 'slope of prelu must have one element for each of the 3 output channels, got 2'],
    [{ prelu: '1' }, 'slope of prelu must be'],
  ]

  it.each(wrong)('%o is refused', (activation, must) => {
    expect(() => conv(x, w, { activation: activation as Activation })).toThrow(must)
  })

  it('of pools as soon as channels are known', () => {
    const layer = prepareMaxPool({ kernel: 2, activation: { prelu: slopes } })
    expect(() => layer.run(x)).toThrow('slope of prelu must have one element for each of the 2 output channels, got 3')
    expect(() => maxPool(x, { kernel: 2, scale: slopes })).toThrow('scale must have one element for each of the 2')
  })
})

it('is the same whatever is done with its lists later', () => {
  const [w, slopes] = [reals(1, 3, 2, 3, 3), Float32Array.of(0.5, -1, 2)]
  const layer = prepareConv(w, { activation: { prelu: slopes } })
  const x = reals(2, 1, 2, 9, 9)
  const before = layer.run(x)
  slopes.fill(9)
  layer.release()
  expect(layer.run(x)).toEqual(before)
})

it('NaN, infinities and zeros pass through as through the reference', () => {
  const special = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -2, 7)
  const w = { data: Float32Array.of(1), shape: [1, 1, 1] }
  expect(probeFeatures().simd).toBe(true)
  fc.assert(
    fc.property(fc.array(special, { minLength: 9, maxLength: 9 }), fc.constantFrom(...names), (values, name) => {
      const row = rowOf(name)
      const x = { data: Float32Array.from(values), shape: [1, 1, 9] }
      const activation = [row, ...row.operands.map((_, index) => index + 0.5)] as const
      const layer = prepareConv(w, { activation })
      const got = layer.run(x)
      expect(layer.engine).toBe('program')
      const expected = conv(x, w, { activation })
      got.data.forEach((value, index) => {
        const right = expected.data[index]
        if (Number.isFinite(right)) expect(Math.abs(value - right)).toBeLessThanOrEqual(2 ** -22 * Math.abs(right))
        else expect(value).toBe(right)
      })
      layer.release()
    }),
    { numRuns: 300 },
  )
})
