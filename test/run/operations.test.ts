import { describe, expect, it } from 'vitest'
import {
  type AxisPadding,
  averagePool,
  conv,
  convTranspose,
  maxPool,
  type PaddingValues,
  type Pads,
  pad,
  padsFrom,
  padsTo,
  resolve,
  type Tensor,
} from '../../src/index.ts'
import fc from '../fast-check.ts'
import { counting, integersOf, toChannelsLast } from './tensors.ts'

/** A layer on one to three axes whose sizes all differ more often than not. */
const layer = fc
  .record({
    axes: fc.array(
      fc.record({
        input: fc.integer({ min: 1, max: 8 }),
        kernel: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 5 }),
        dilation: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'keep', 'full', 'causal'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    batch: fc.integer({ min: 1, max: 2 }),
    inGroup: fc.integer({ min: 1, max: 3 }),
    outGroup: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ axes, batch, inGroup, outGroup, groups }) => {
    const kernel = axes.map((axis) => axis.kernel)
    const moves = {
      strides: axes.map((axis) => axis.stride),
      dilations: axes.map((axis) => axis.dilation),
      padding: axes.map((axis) => axis.padding),
    }
    return fc.record({
      kernel: fc.constant(kernel),
      moves: fc.constant(moves),
      groups: fc.constant(groups),
      x: integersOf([batch, inGroup * groups, ...axes.map((axis) => axis.input)]),
      w: integersOf([outGroup * groups, inGroup, ...kernel]),
      v: integersOf([inGroup * groups, outGroup, ...kernel]),
      bias: integersOf([outGroup * groups]),
    })
  })

describe('layout', () => {
  it('nhwc gives what nchw gives, with channels last', () => {
    fc.assert(
      fc.property(layer, ({ x, w, v, bias, kernel, moves, groups }) => {
        const last = toChannelsLast(x)
        const layout = 'nhwc'
        const options = { ...moves, groups, bias }
        expect(conv(last, w, { ...options, layout })).toEqual(toChannelsLast(conv(x, w, options)))

        const pool = { ...moves, kernel, emptyWindow: 'identity' } as const
        expect(maxPool(last, { ...pool, layout })).toEqual(toChannelsLast(maxPool(x, pool)))
        expect(averagePool(last, { ...pool, layout })).toEqual(toChannelsLast(averagePool(x, pool)))

        const up = { ...moves, groups, padding: 'same' } as const
        expect(convTranspose(last, v, { ...up, layout })).toEqual(toChannelsLast(convTranspose(x, v, up)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('padding', () => {
  it('a padding mode gives what the same layer gives on a copy padded by hand', () => {
    fc.assert(
      fc.property(layer, ({ x, w, bias, kernel, moves, groups }) => {
        const { axes } = resolve({ input: x.shape.slice(2), kernel, ...moves })
        const pads = axes.map(({ padBegin, padEnd }): Pads => [padBegin, padEnd])
        const options = { ...moves, groups, bias }
        const valid = { ...options, padding: 'valid' } as const
        expect(conv(x, w, options)).toEqual(conv(pad(x, pads), w, valid))

        const pool = { kernel, strides: moves.strides, dilations: moves.dilations }
        const lowest = pad(x, pads, { value: Number.NEGATIVE_INFINITY })
        expect(maxPool(x, { ...pool, padding: pads, emptyWindow: 'identity' })).toEqual(maxPool(lowest, pool))
        expect(averagePool(x, { ...pool, padding: pads, countIncludePad: true, emptyWindow: 'identity' })).toEqual(
          averagePool(pad(x, pads), pool),
        )
      }),
      { numRuns: 300 },
    )
  })

  it.each(['reflect', 'replicate', 'circular'] as const)('paddingMode %s takes the padding from the input', (mode) => {
    const x = counting(2, 3, 6, 5)
    const w = counting(2, 3, 3, 4)
    const options = {
      strides: [2, 1],
      dilations: [1, 2],
      padding: [
        [1, 2],
        [4, 3],
      ],
    } as const
    const narrow = { ...options, padding: 'valid' } as const
    const expected = conv(pad(x, options.padding, { mode }), w, narrow)
    expect(conv(x, w, { ...options, paddingMode: mode as PaddingValues })).toEqual(expected)
    expect(conv(toChannelsLast(x), w, { ...options, paddingMode: mode, layout: 'nhwc' })).toEqual(
      toChannelsLast(expected),
    )
  })

  it("PyTorch's Conv2d(padding=(1, 0)) reads what F.pad(x, (0, 0, 1, 1)) reads: one starts at the first axis, the other at the last", () => {
    const x = counting(1, 2, 5, 4)
    const w = counting(3, 2, 3, 2)
    const byConv = conv(x, w, { padding: [1, 0] })
    const byPad = conv(pad(x, padsFrom('pytorch', [0, 0, 1, 1], 2)), w)
    expect(byPad).toEqual(byConv)
    expect(byConv.shape).toEqual([1, 3, 5, 3])
    expect(
      padsTo('pytorch', [
        [1, 1],
        [0, 0],
      ]),
    ).toEqual([0, 0, 1, 1])
  })

  it('same is worked out from the input that arrives', () => {
    const w: Tensor = { data: Float32Array.of(1, 10, 100), shape: [1, 1, 3] }
    const run = (length: number): number[] => [...conv(counting(1, 1, length), w, { strides: 2, padding: 'same' }).data]
    expect(run(6)).toEqual([321, 543, 65]) // begin 0, end 1
    expect(run(5)).toEqual([210, 432, 54]) // begin 1, end 1
  })

  it('a mode of its own for each axis: causal in time, same in frequency', () => {
    const { axes } = resolve({ input: [10, 8], kernel: [3, 4], dilations: [2, 1], padding: ['causal', 'same'] })
    expect(axes.map(({ padBegin, padEnd }) => [padBegin, padEnd])).toEqual([
      [4, 0],
      [1, 2],
    ])
  })
})

describe('convolution', () => {
  it('an outputPadding of the stride or more leaves the last windows of the convolution out', () => {
    const x: Tensor = { data: Float32Array.of(1, 10), shape: [1, 1, 2] }
    const w: Tensor = { data: Float32Array.of(1, 2), shape: [1, 1, 2] }
    const options = { strides: 1, dilations: 3 }
    const out = convTranspose(x, w, { ...options, outputPadding: 2 })
    expect([...out.data]).toEqual([1, 10, 0, 2, 20, 0, 0])
    expect(conv(out, w, options).shape).toEqual([1, 1, 4])
  })

  it('groups are convolutions of their own, side by side', () => {
    const x = counting(1, 6, 5)
    const w = counting(4, 3, 2)
    const half = (part: number): number[] => {
      const group = { data: x.data.slice(part * 15, part * 15 + 15), shape: [1, 3, 5] }
      const filters = { data: w.data.slice(part * 12, part * 12 + 12), shape: [2, 3, 2] }
      return [...conv(group, filters, { padding: 'same' }).data]
    }
    expect([...conv(x, w, { groups: 2, padding: 'same' }).data]).toEqual([...half(0), ...half(1)])
  })

  it('a dilated kernel is a kernel with zeros between its taps', () => {
    const x = counting(1, 1, 9)
    const dilated = conv(
      x,
      { data: Float32Array.of(1, 2, 3), shape: [1, 1, 3] },
      { dilations: 3, strides: 2, padding: 'same' },
    )
    const spread = conv(
      x,
      { data: Float32Array.of(1, 0, 0, 2, 0, 0, 3), shape: [1, 1, 7] },
      { strides: 2, padding: 'same' },
    )
    expect(dilated).toEqual(spread)
  })

  it('takes tensors that say dims, and leaves its inputs alone', () => {
    const x = { data: Float32Array.of(1, 2, 3), dims: [1, 1, 3] }
    const w = { data: Float32Array.of(1, 10), dims: [1, 1, 2] }
    expect(conv(x, w, { bias: { data: Float32Array.of(5), dims: [1] } })).toEqual({
      data: Float32Array.of(26, 37),
      shape: [1, 1, 2],
    })
    expect([...x.data]).toEqual([1, 2, 3])
  })

  it.each([
    ['upper', 'same-upper', [1, 2, 14, 20]],
    ['lower', 'same-lower', [2, 14, 20, 40]],
  ] as const)('transposed SAME crops the odd cell at the %s side', (_, padding, expected) => {
    const x: Tensor = { data: Float32Array.of(1, 10), shape: [1, 1, 2] }
    const w: Tensor = { data: Float32Array.of(1, 2, 4), shape: [1, 1, 3] }
    expect([...convTranspose(x, w, { strides: 2, padding }).data]).toEqual(expected)
  })

  it('transposed SAME fills up with zeros where the kernel is smaller than the stride', () => {
    const x: Tensor = { data: Float32Array.of(1, 10, 100), shape: [1, 1, 3] }
    const w: Tensor = { data: Float32Array.of(1), shape: [1, 1, 1] }
    expect([...convTranspose(x, w, { strides: 2, padding: 'same' }).data]).toEqual([1, 0, 10, 0, 100, 0])
  })

  it('transposed SAME to a smaller output loses the first sample, as in TensorFlow', () => {
    const x: Tensor = { data: Float32Array.of(1, 10), shape: [1, 1, 2] }
    const w: Tensor = { data: Float32Array.of(1, 2, 4), shape: [1, 1, 3] }
    expect([...convTranspose(x, w, { strides: 2, padding: 'same', outputShape: 3 }).data]).toEqual([2, 14, 20])
  })
})

describe('pooling', () => {
  const falling: Tensor = { data: Float32Array.of(-1, -2, -3, -4, -5), shape: [1, 1, 5] }
  const ones: Tensor = { data: new Float32Array(25).fill(1), shape: [1, 1, 5, 5] }

  it('a maximum never sees a padded zero', () => {
    expect([...maxPool(falling, { kernel: 3, strides: 1, padding: 'same' }).data]).toEqual([-1, -1, -2, -3, -4])
  })

  it('an average divides by real cells, unless countIncludePad', () => {
    const pool = { kernel: 3, strides: 2, padding: 'same' } as const
    expect(averagePool(ones, pool).data[0]).toBe(1)
    expect(averagePool(ones, { ...pool, countIncludePad: true }).data[0]).toBe(Math.fround(4 / 9))
  })

  it('countIncludePad counts no cell past the end padding, where ceilMode lets a window reach', () => {
    const six: Tensor = { data: new Float32Array(6).fill(1), shape: [1, 1, 6] }
    const pool = { kernel: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true }
    expect(averagePool(six, pool).data.at(-1)).toBe(0.5)
  })

  it('strides default to the kernel', () => {
    expect([...maxPool(counting(1, 1, 7), { kernel: 3 }).data]).toEqual([3, 6])
  })

  it.each([2 ** 31, 2 ** 32, 2 ** 33 + 1])('kernels as long as 2^31 taps and more count right: %d', (kernel) => {
    const five: Tensor = { data: Float32Array.of(1, 5, 3, 2, 4), shape: [1, 1, 5] }
    const pool = { kernel, strides: 1, padding: 'same' } as const
    expect([...maxPool(five, pool).data]).toEqual([5, 5, 5, 5, 5])
    expect([...averagePool(five, pool).data]).toEqual([3, 3, 3, 3, 3])
    const all = averagePool(five, { ...pool, countIncludePad: true }).data
    expect([...all]).toEqual(new Array(5).fill(Math.fround(15 / kernel)))
    // Taps so far apart that each window has only its last one on the input.
    const apart = { kernel: 2 ** 31 + 1, dilations: 5, strides: 1, padding: [[5 * 2 ** 31, 0]] } as const
    expect([...maxPool(five, apart).data]).toEqual([...five.data])
  })

  it('a window without a real cell gives the identity when asked for it', () => {
    const pool = { kernel: 2, padding: [[2, 0]], emptyWindow: 'identity' } as const
    expect([...maxPool(falling, pool).data]).toEqual([Number.NEGATIVE_INFINITY, -1, -3])
    expect([...averagePool(falling, pool).data]).toEqual([0, -1.5, -3.5])
  })

  it('NaN wins a maximum, and stays where it was', () => {
    const data = Float32Array.of(1, Number.NaN, 3, 4, 5, 6)
    expect([...maxPool({ data, shape: [1, 1, 6] }, { kernel: 2 }).data]).toEqual([Number.NaN, 4, 6])
  })
})

describe('pad', () => {
  it('pads any dimension, so that channels can be appended', () => {
    const out = pad(
      counting(1, 2, 2),
      [
        [0, 0],
        [0, 1],
        [0, 0],
      ],
      { value: 9 },
    )
    expect(out).toEqual({ data: Float32Array.of(1, 2, 3, 4, 9, 9), shape: [1, 3, 2] })
  })

  it('a number pads both sides of every spatial axis', () => {
    expect(pad(counting(1, 1, 1, 2), 1).shape).toEqual([1, 1, 3, 4])
    expect(pad(counting(1, 1, 2, 3), 1, { layout: 'nhwc' }).shape).toEqual([1, 3, 4, 3])
  })

  it('a negative number cuts cells off, as in F.pad', () => {
    expect([...pad(counting(1, 1, 5), [[-1, -2]]).data]).toEqual([2, 3])
    expect([...pad(counting(1, 1, 5), [[-2, 2]], { mode: 'reflect' }).data]).toEqual([3, 4, 5, 4, 3])
  })

  it.each([
    ['reflect', [3, 2, 1, 2, 3, 4, 3, 2, 1]],
    ['replicate', [1, 1, 1, 2, 3, 4, 4, 4, 4]],
    ['circular', [3, 4, 1, 2, 3, 4, 1, 2, 3]],
    ['constant', [0, 0, 1, 2, 3, 4, 0, 0, 0]],
  ] as const)('%s', (mode, expected) => {
    expect([...pad(counting(1, 1, 4), [[2, 3]], { mode }).data]).toEqual(expected)
  })

  it('circular padding wider than the input goes round as often as it must, in a convolution too', () => {
    expect([...pad(counting(1, 1, 3), [[5, 7]], { mode: 'circular' }).data]).toEqual([
      ...[2, 3, 1, 2, 3],
      ...[1, 2, 3],
      ...[1, 2, 3, 1, 2, 3, 1],
    ])
    expect([...pad(counting(1, 1, 1), [[2, 1]], { mode: 'circular' }).data]).toEqual([1, 1, 1, 1])
    const taps = { data: Float32Array.of(1, 10, 100, 1000, 10_000), shape: [1, 1, 5] }
    const wrapped = conv(counting(1, 1, 2), taps, { padding: [[4, 4]], paddingMode: 'circular' })
    expect([...wrapped.data]).toEqual([12121, 21212, 12121, 21212, 12121, 21212])
  })
})
