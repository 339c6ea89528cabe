import { describe, expect, it } from 'vitest'
import {
  conv,
  prepareAveragePool,
  prepareConv,
  prepareConvTranspose,
  prepareMaxPool,
  resolve,
  SamepadError,
} from '../../src/index.ts'
import { conv as reference } from '../../src/reference/conv.ts'
import { filterOf } from '../emit/layers.ts'
import { counting, repeating } from './tensors.ts'

const w = repeating([8, 3, 3, 5], 5)
const v = repeating([6, 2, 3, 5], 5)
const x = counting(1, 3, 9, 9)

describe('prepareConv', () => {
  it('is the reference where no program fits', () => {
    const wide = repeating([3, 1, 1, 1, 700], 5)
    const layer = prepareConv(wide, { padding: 'same' })
    const line = repeating([1, 1, 2, 2, 600], 9)
    const { geometry, ...sizes } = {
      geometry: resolve({ input: [2, 2, 600], kernel: [1, 1, 700], padding: 'same' }),
      ...{ batch: 1, inChannels: 1, outChannels: 3, groups: 1, layout: 'nchw' as const },
    }
    const expected = new Float32Array(3 * 2 * 2 * 600)
    const problem = { geometry, ...sizes }
    reference(problem, line.data, filterOf(problem, wide.data, undefined), expected)
    expect(layer.run(line).data).toEqual(expected)
    expect(layer.engine).toBe('reference')
  })

  it('is as near to the exact sums as float32 sums can be', () => {
    const noise = (shape: number[], wave: (index: number) => number) => {
      const length = shape.reduce((product, size) => product * size, 1)
      return { data: Float32Array.from({ length }, (_, index) => wave(index)), shape }
    }
    const image = noise([1, 64, 20, 20], Math.sin)
    const filter = noise([64, 64, 3, 3], (index) => Math.cos(index * index))
    const geometry = resolve({ input: [20, 20], kernel: [3, 3], padding: 'same' })
    const problem = { geometry, batch: 1, inChannels: 64, outChannels: 64, groups: 1, layout: 'nchw' } as const
    const [exact, magnitude] = [new Float32Array(64 * 400), new Float32Array(64 * 400)]
    reference(problem, image.data, filterOf(problem, filter.data, undefined), exact)
    const positive = filterOf(problem, filter.data.map(Math.abs), undefined)
    reference(problem, image.data.map(Math.abs), positive, magnitude)
    for (const deterministic of [false, true]) {
      const layer = prepareConv(filter, { padding: 'same', deterministic })
      const { data } = layer.run(image)
      expect(layer.engine).toBe('program')
      // Each of the 576 additions and multiplications may round the sum so far, which the magnitudes bound.
      const within = data.every((value, index) => Math.abs(value - exact[index]) <= 577 * 2 ** -24 * magnitude[index])
      expect(within).toBe(true)
    }
  })
})

/** What is wrong, the call, and the whole message. */
type Bad = [what: string, call: () => unknown, message: string]

const convs: Bad[] = [
  [
    'weights of no kernel',
    () => prepareConv(repeating([2, 2], 3)),
    'prepareConv: weights must have output and input channels and 1 to 3 kernel dimensions, got [2, 2]',
  ],
  [
    'weights with four kernel dimensions',
    () => prepareConv(repeating([2, 2, 1, 1, 1, 1], 3)),
    'prepareConv: weights must have output and input channels and 1 to 3 kernel dimensions, got [2, 2, 1, 1, 1, 1]',
  ],
  [
    'groups that do not divide',
    () => prepareConv(w, { groups: 3 }),
    'prepareConv: groups must divide the 8 output channels, got 3',
  ],
  [
    'an unknown option',
    () => prepareConv(w, { kernel: 3 } as never),
    'prepareConv: options are strides, dilations, padding, layout, weightsLayout, groups, bias, scale, shift, ' +
      "activation, paddingMode, deterministic, threads, residual, got 'kernel'",
  ],
  [
    'an activation that there is not',
    () => prepareConv(w, { activation: 'tanh' as never }),
    "prepareConv: activation must be one of relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish, or a function that is imported, as silu, got 'tanh'",
  ],
  [
    'an activation that is null',
    () => prepareConv(w, { activation: null as never }),
    'prepareConv: activation must be one of relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish, or a function that is imported, as silu, got null',
  ],
  [
    'an activation at once',
    () => conv(x, w, { activation: 'constructor' as never }),
    "conv: activation must be one of relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish, or a function that is imported, as silu, got 'constructor'",
  ],
  [
    'padding values that there are not',
    () => prepareConv(w, { paddingMode: 'edge' as never }),
    "prepareConv: paddingMode must be one of zeros, reflect, replicate, circular, got 'edge'",
  ],
  [
    'padding that cannot be reflected',
    () => prepareConv(w, { paddingMode: 'reflect', padding: 9 }).run(x),
    'prepareConv: padding of axis 0 must be at most 8 with paddingMode reflect, got 9',
  ],
  [
    'a deterministic that is no boolean',
    () => prepareConv(w, { deterministic: 1 } as never),
    'prepareConv: deterministic must be true or false, got 1',
  ],
  [
    'a bias of another length',
    () => prepareConv(w, { bias: new Float32Array(3) }),
    'prepareConv: bias must have one element for each of the 8 output channels, got 3',
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
    'an input of other channels, last',
    () => prepareConv(w, { layout: 'nhwc' }).run(counting(1, 3, 9, 9)),
    'prepareConv: input must have weights.shape[1] * groups = 3 channels, got 9',
  ],
  [
    'a layout that there is not',
    () => prepareConv(w, { layout: 'chwn' as never }).run(x),
    "prepareConv: layout must be one of nchw, nhwc, got 'chwn'",
  ],
  [
    'strides of no axis',
    () => prepareConv(w, { strides: [2] }).run(x),
    'resolve: strides must have one entry for each of the 2 axes, got [2]',
  ],
  [
    'an output of another shape',
    () => prepareConv(w).run(x, counting(1, 8, 7, 4)),
    'prepareConv: output must have shape [1,8,7,5], got [1, 8, 7, 4]',
  ],
  [
    'a kernel that does not fit',
    () => prepareConv(w).run(counting(1, 3, 2, 9)),
    'resolve: the effective kernel of axis 0, 3, must fit into the padded input, got 2 + 0 + 0 = 2',
  ],
]

const transposed: Bad[] = [
  [
    'groups that do not divide',
    () => prepareConvTranspose(v, { groups: 4 }),
    'prepareConvTranspose: groups must divide the 6 input channels, got 4',
  ],
  [
    'an unknown option',
    () => prepareConvTranspose(v, { paddingMode: 'reflect' } as never),
    "prepareConvTranspose: the option is called padding, got 'paddingMode'",
  ],
  [
    'an activation that there is not',
    () => prepareConvTranspose(v, { activation: 'RELU' as never }),
    "prepareConvTranspose: activation must be one of relu, relu6, clip, leakyRelu, prelu, hardSigmoid, hardSwish, or a function that is imported, as silu, got 'RELU'",
  ],
  [
    'a bias for a group only',
    () => prepareConvTranspose(v, { groups: 2, bias: new Float32Array(2) }),
    'prepareConvTranspose: bias must have one element for each of the 4 output channels, got 2',
  ],
  [
    'an input of other channels',
    () => prepareConvTranspose(v).run(x),
    'prepareConvTranspose: input must have weights.shape[0] = 6 channels, got 3',
  ],
  [
    'more output padding than there is',
    () => prepareConvTranspose(v, { outputPadding: 1 }).run(counting(1, 6, 4, 4)),
    'resolve: outputPadding of axis 0 must be below the larger of stride and dilation, so at most 0, got 1',
  ],
]

const pools: Bad[] = [
  [
    'no kernel',
    () => prepareMaxPool({} as never).run(x),
    'resolve: kernel of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'a divisor for a maximum',
    () => prepareMaxPool({ kernel: 2, countIncludePad: true } as never),
    'prepareMaxPool: options are kernel, strides, dilations, padding, ceilMode, layout, emptyWindow, ' +
      "scale, shift, activation, residual, got 'countIncludePad'",
  ],
  [
    'a divisor that is no boolean',
    () => prepareAveragePool({ kernel: 2, countIncludePad: 'yes' as never }),
    "prepareAveragePool: countIncludePad must be true or false, got 'yes'",
  ],
  [
    'deterministic, which every pooling is',
    () => prepareAveragePool({ kernel: 2, deterministic: true } as never),
    'prepareAveragePool: options are kernel, strides, dilations, padding, ceilMode, layout, emptyWindow, ' +
      "scale, shift, activation, countIncludePad, residual, got 'deterministic'",
  ],
  [
    'an output that is the input',
    () => prepareMaxPool({ kernel: 1 }).run(x, x),
    'prepareMaxPool: output must not overlap the input, got shared memory',
  ],
]

describe.each([
  ['prepareConv', convs],
  ['prepareConvTranspose', transposed],
  ['preparing a pooling', pools],
])('%s', (_, list) => {
  it.each(list)('%s is an error', (_, call, message) => {
    expect(call).toThrow(SamepadError)
    let thrown: unknown
    try {
      call()
    } catch (error) {
      thrown = error
    }
    expect((thrown as Error).message).toBe(message)
  })
})
