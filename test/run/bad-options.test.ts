import { expect, it } from 'vitest'
import { averagePool, conv, convTranspose, maxPool, resolve } from '../../src/index.ts'
import { type Bad, pooled, refuses, solved, type Wrong, w, x } from './bad-calls.ts'

const sizes: Bad[] = [
  ['zero', () => solved({ strides: 0 }), 'resolve: strides of axis 0 must be an integer of at least 1, got 0'],
  [
    'negative',
    () => solved({ dilations: -2 }),
    'resolve: dilations of axis 0 must be an integer of at least 1, got -2',
  ],
  ['fractional', () => solved({ kernel: 2.5 }), 'resolve: kernel of axis 0 must be an integer of at least 1, got 2.5'],
  ['NaN', () => solved({ input: Number.NaN }), 'resolve: input of axis 0 must be an integer of at least 1, got NaN'],
  [
    'infinite',
    () => solved({ input: 1 / 0 }),
    'resolve: input of axis 0 must be an integer of at least 1, got Infinity',
  ],
  ['text', () => solved({ strides: '2' }), "resolve: strides of axis 0 must be an integer of at least 1, got '2'"],
  [
    'missing',
    () => solved({ kernel: undefined }),
    'resolve: kernel of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'null',
    () => solved({ dilations: [null] }),
    'resolve: dilations of axis 0 must be an integer of at least 1, got null',
  ],
  ['a big integer', () => solved({ input: 5n }), 'resolve: input of axis 0 must be an integer of at least 1, got 5n'],
  [
    'huge',
    () => solved({ input: 2 ** 53 }),
    'resolve: input of axis 0 must be at most 9007199254740991 (2^53 - 1), got 9007199254740992',
  ],
  [
    'a huge kernel',
    () => solved({ kernel: 2 ** 40, dilations: 2 ** 20 }),
    'resolve: the effective kernel of axis 0 must be at most 9007199254740991 (2^53 - 1), got 1152921504605798400',
  ],
  [
    'a huge padded input',
    () => solved({ padding: 2 ** 53 - 1 }),
    'resolve: the padded input of axis 0 must be at most 9007199254740991 (2^53 - 1), got 18014398509481988',
  ],
  [
    'a huge transposed output',
    () => solved({ op: 'convTranspose', input: 2 ** 30, strides: 2 ** 30 }),
    'resolve: the full output of axis 0 must be at most 9007199254740991 (2^53 - 1), got 1152921503533105200',
  ],
  [
    'too few entries',
    () => solved({ input: [5, 6], strides: [2] }),
    'resolve: strides must have one entry for each of the 2 axes, got [2]',
  ],
  ['no axis', () => solved({ input: [] }), 'resolve: there must be 1 to 16 axes, got 0'],
  [
    'another op',
    () => solved({ op: 'pool' }),
    "resolve: op must be one of conv, convTranspose, maxPool, averagePool, got 'pool'",
  ],
]

const paddings: Bad[] = [
  ['negative', () => solved({ padding: -1 }), 'resolve: padding of axis 0 must be an integer of at least 0, got -1'],
  [
    'negative in a pair',
    () => solved({ padding: [[0, -1]] }),
    'resolve: padding of axis 0 must be an integer of at least 0, got -1',
  ],
  [
    'an unknown mode',
    () => solved({ padding: 'mirrored' }),
    "resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got 'mirrored'",
  ],
  [
    'three numbers',
    () => solved({ padding: [[1, 2, 3]] }),
    'resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got [1, 2, 3]',
  ],
  [
    'for too many axes',
    () => solved({ padding: [1, 2], input: [5] }),
    'resolve: padding must have one entry for each of the 1 axes, got [1, 2]',
  ],
  [
    'a kernel larger than the padded input',
    () => solved({ kernel: 4, dilations: 2, padding: [[0, 1]] }),
    'resolve: the effective kernel of axis 0, 7, must fit into the padded input, got 5 + 0 + 1 = 6',
  ],
  [
    'cropping all of a transposed output',
    () => solved({ op: 'convTranspose', padding: 4 }),
    'resolve: the padding of axis 0 must leave at least one cell of the output, got -1',
  ],
]

const transposed: Bad[] = [
  [
    'too much outputPadding',
    () => solved({ op: 'convTranspose', strides: 2, outputPadding: 2 }),
    'resolve: outputPadding of axis 0 must be below the larger of stride and dilation, so at most 1, got 2',
  ],
  [
    'negative outputPadding',
    () => solved({ op: 'convTranspose', outputPadding: -1 }),
    'resolve: outputPadding of axis 0 must be an integer of at least 0, got -1',
  ],
  [
    'outputPadding with same',
    () => solved({ op: 'convTranspose', strides: 2, padding: 'same', outputPadding: 1 }),
    'resolve: outputPadding of axis 0 must be 0 with padding same, which settles the output at 10 (outputShape can ask for another), got 1',
  ],
  [
    'both targets',
    () => solved({ op: 'convTranspose', outputPadding: 0, outputShape: 7 }),
    'resolve: only one of outputPadding and outputShape must be given, got both',
  ],
  [
    'an illegal outputShape',
    () => solved({ op: 'convTranspose', strides: 2, padding: 'same', outputShape: 8 }),
    'resolve: outputShape of axis 0 must lead back to the input of 5 (it leads to 4), got 8',
  ],
]

const names: Bad[] = [
  ['stride', () => conv(x, w, { stride: 2 } as Wrong), "conv: the option is called strides, got 'stride'"],
  [
    'dilation_rate',
    () => convTranspose(x, w, { dilation_rate: 2 } as Wrong),
    "convTranspose: the option is called dilations, got 'dilation_rate'",
  ],
  ['pads', () => pooled({ pads: 1 }), "maxPool: the option is called padding, got 'pads'"],
  ['kernelSize', () => solved({ kernelSize: 1 }), "resolve: the option is called kernel, got 'kernelSize'"],
  [
    'ceilMode of a convolution',
    () => solved({ ceilMode: true }),
    "resolve: options are op, input, kernel, strides, dilations, padding, got 'ceilMode'",
  ],
  [
    'auto_pad',
    () => averagePool(x, { kernel: 2, auto_pad: 'SAME_UPPER' } as Wrong),
    'averagePool: options are kernel, strides, dilations, padding, ceilMode, layout, emptyWindow, ' +
      "scale, shift, activation, countIncludePad, got 'auto_pad'",
  ],
  ['no options at all', () => (maxPool as Wrong)(x), 'maxPool: options must be a plain object, got undefined'],
  ['a list for options', () => conv(x, w, [2] as Wrong), 'conv: options must be a plain object, got [2]'],
  ['null for options', () => (resolve as Wrong)(null), 'resolve: options must be a plain object, got null'],
]

const values: Bad[] = [
  [
    'an unknown layout',
    () => conv(x, w, { layout: 'NHWC' } as Wrong),
    "conv: layout must be one of nchw, nhwc, got 'NHWC'",
  ],
  [
    'an unknown paddingMode',
    () => conv(x, w, { paddingMode: 'mirror' } as Wrong),
    "conv: paddingMode must be one of zeros, reflect, replicate, circular, got 'mirror'",
  ],
  [
    'an unknown emptyWindow',
    () => pooled({ emptyWindow: 'zero' }),
    "maxPool: emptyWindow must be one of error, identity, got 'zero'",
  ],
  ['ceilMode 1', () => pooled({ ceilMode: 1 }), 'resolve: ceilMode must be true or false, got 1'],
  [
    'countIncludePad "no"',
    () => averagePool(x, { kernel: 2, countIncludePad: 'no' } as Wrong),
    "averagePool: countIncludePad must be true or false, got 'no'",
  ],
]

const spelt: Bad[] = [
  ['output_shape', () => solved({ op: 'convTranspose', output_shape: 9 }), 'outputShape'],
  ['output_padding', () => solved({ op: 'convTranspose', output_padding: 1 }), 'outputPadding'],
  ['padding_mode', () => conv(x, w, { padding_mode: 'reflect' } as Wrong), 'paddingMode'],
  ['Strides', () => solved({ Strides: 2 }), 'strides'],
  ['ceil_mode', () => pooled({ ceil_mode: true }), 'ceilMode'],
  ['count_include_pad', () => averagePool(x, { kernel: 2, count_include_pad: true } as Wrong), 'countIncludePad'],
  ['outputSize', () => solved({ op: 'convTranspose', outputSize: 9 }), 'outputShape'],
  ['kernel_size', () => solved({ kernel_size: 3 }), 'kernel'],
  ['dilation_rate', () => solved({ dilation_rate: 3 }), 'dilations'],
  ['group', () => conv(x, w, { group: 2 } as Wrong), 'groups'],
].map(([name, call, meant]) => [name, call, `the option is called ${meant}, got '${name}'`] as Bad)

refuses('sizes', sizes)
refuses('padding', paddings)
refuses('transposed', transposed)
refuses('misspelt options', names)
refuses('option values', values)

it.each(spelt)('suggests the option meant by %s', (_, call, message) => {
  expect(call).toThrow(message)
})

it('suggests nothing where two options are as near', () => {
  expect(() => solved({ op: 'convTranspose', output: 9 })).toThrow(/options are op, .*, got 'output'$/)
  expect(() => conv(x, w, { data_format: 'NHWC' } as Wrong)).toThrow(/options are strides, .*, got 'data_format'$/)
})

it('takes undefined for not given', () => {
  const options = { op: undefined, strides: undefined, dilations: undefined, padding: undefined, ceilMode: undefined }
  expect(solved(options)).toEqual(solved({}))
})
