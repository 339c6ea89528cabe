import { describe, expect, it } from 'vitest'
import { conv, type PrepareConvOptions, prepareConv, SamepadError } from '../../src/index.ts'
import { counting } from './tensors.ts'

const modulo = (shape: number[], by: number) => {
  const { data } = counting(...shape)
  return { data: data.map((value) => (value * 7) % by), shape }
}

describe('prepareConv', () => {
  const w = modulo([8, 3, 3, 5], 5)
  const options: PrepareConvOptions = {
    strides: [2, 1],
    dilations: [1, 2],
    padding: 'same',
    bias: new Float32Array(8).fill(2),
  }

  it('gives what conv gives, for every size that arrives, and says what computed it', () => {
    const layer = prepareConv(w, options)
    expect(layer.engine).toBeUndefined()
    for (const [height, width] of [
      [9, 14],
      [10, 14],
      [1, 1],
      [9, 14],
      [31, 6],
    ]) {
      const x = modulo([2, 3, height, width], 9)
      expect(layer.run(x)).toEqual(conv(x, w, options))
      expect(layer.engine).toBe('program')
    }
  })

  it('writes into a tensor that is given', () => {
    const x = modulo([1, 3, 9, 14], 9)
    const output = { data: new Float32Array(8 * 5 * 14).fill(Number.NaN), shape: [1, 8, 5, 14] }
    expect(prepareConv(w, options).run(x, output)).toEqual(conv(x, w, options))
    expect(output).toEqual(conv(x, w, options))
  })

  it('keeps its weights when the caller changes them', () => {
    const own = modulo([8, 3, 3, 5], 5)
    const layer = prepareConv(own, options)
    own.data.fill(0)
    expect(layer.run(modulo([1, 3, 9, 14], 9))).toEqual(conv(modulo([1, 3, 9, 14], 9), w, options))
  })

  it('runs the reference where no program fits', () => {
    const wide = modulo([3, 1, 5000], 5)
    const layer = prepareConv(wide, { padding: 'same' })
    const x = modulo([1, 1, 4000], 9)
    expect(layer.run(x)).toEqual(conv(x, wide, { padding: 'same' }))
    expect(layer.engine).toBe('reference')
  })

  it('is as near to the exact sums as float32 sums can be', () => {
    const x = { data: Float32Array.from({ length: 64 * 400 }, (_, index) => Math.sin(index)), shape: [1, 64, 20, 20] }
    const noise = {
      data: Float32Array.from({ length: 64 * 64 * 9 }, (_, index) => Math.cos(index * index)),
      shape: [64, 64, 3, 3],
    }
    const sizes = [x, noise].map(({ data, shape }) => ({ data: data.map(Math.abs), shape }))
    const magnitude = conv(sizes[0], sizes[1], { padding: 'same' }).data
    const exact = conv(x, noise, { padding: 'same' }).data
    for (const deterministic of [false, true]) {
      const { data } = prepareConv(noise, { padding: 'same', deterministic }).run(x)
      // Each of the 576 additions and multiplications may round the sum so far, which the magnitudes bound.
      const within = data.every((value, index) => Math.abs(value - exact[index]) <= 577 * 2 ** -24 * magnitude[index])
      expect(within).toBe(true)
    }
  })

  it.each(['reflect', 'replicate', 'circular'] as const)('takes the padding from the input: %s', (paddingMode) => {
    const x = modulo([1, 3, 9, 14], 9)
    expect(prepareConv(w, { ...options, paddingMode }).run(x)).toEqual(conv(x, w, { ...options, paddingMode }))
  })

  it.each<[string, () => unknown, string]>([
    [
      'weights of no kernel',
      () => prepareConv(modulo([2, 2], 3)),
      'prepareConv: weights must have output and input channels and 1 to 3 kernel dimensions, got [2, 2]',
    ],
    [
      'groups that do not divide',
      () => prepareConv(w, { groups: 3 }),
      'prepareConv: groups must divide the 8 output channels, got 3',
    ],
    [
      'an unknown option',
      () => prepareConv(w, { kernel: 3 } as never),
      "prepareConv: options are strides, dilations, padding, layout, groups, bias, activation, paddingMode, deterministic, got 'kernel'",
    ],
    [
      'a deterministic that is no boolean',
      () => prepareConv(w, { deterministic: 1 } as never),
      'prepareConv: deterministic must be true or false, got 1',
    ],
    [
      'an input of another rank',
      () => prepareConv(w).run(counting(1, 3, 9)),
      'prepareConv: input must have 4 dimensions, as the weights have, got [1, 3, 9]',
    ],
    [
      'an input of other channels',
      () => prepareConv(w).run(counting(1, 4, 9, 9)),
      'prepareConv: input must have weights.shape[1] * groups = 3 channels, got 4',
    ],
    [
      'an output of another shape',
      () => prepareConv(w).run(counting(1, 3, 9, 9), counting(1, 8, 7, 4)),
      'prepareConv: output must have shape [1,8,7,5], got [1, 8, 7, 4]',
    ],
    [
      'a kernel that does not fit',
      () => prepareConv(w).run(counting(1, 3, 2, 9)),
      'resolve: the effective kernel of axis 0, 3, must fit into the padded input, got 2 + 0 + 0 = 2',
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    expect(call).toThrow(message)
  })
})
