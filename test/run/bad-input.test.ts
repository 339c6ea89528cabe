import { describe, expect, it } from 'vitest'
import {
  averagePool,
  conv,
  convTranspose,
  explicit,
  maxPool,
  pad,
  padsFrom,
  padsTo,
  resolve,
  SamepadError,
  type Tensor,
} from '../../src/index.ts'

const zeros = (...shape: number[]): Tensor => {
  return { data: new Float32Array(shape.reduce((product, size) => product * size, 1)), shape }
}

const x = zeros(1, 6, 7, 5)
const w = zeros(4, 6, 3, 2)
const pooled = (options: object): unknown => maxPool(x, { kernel: 3, ...options })
const solved = (options: object): unknown => resolve({ input: 5, kernel: 3, ...options })

/** A sparse list of two: nothing, then the value. */
function holes(value: unknown): Wrong {
  const list = new Array(2)
  list[1] = value
  return list
}

/** What is wrong, the call, and the whole message. */
type Bad = [what: string, call: () => unknown, message: string]
// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
type Wrong = any

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

const tensors: Bad[] = [
  ['not a tensor', () => conv([1, 2] as Wrong, w), 'conv: input must be a tensor { data, shape }, got [1, 2]'],
  ['null', () => conv(null as Wrong, w), 'conv: input must be a tensor { data, shape }, got null'],
  [
    'another typed array',
    () => conv({ data: new Float64Array(210), shape: x.shape } as Wrong, w),
    'conv: input.data must be a Float32Array, got a Float64Array of 210 elements',
  ],
  [
    'a plain array',
    () => conv({ data: [1], shape: [1] } as Wrong, w),
    'conv: input.data must be a Float32Array, got [1]',
  ],
  ['no shape', () => conv({ data: x.data } as Wrong, w), 'conv: input.shape must be an array of sizes, got undefined'],
  [
    'a zero in the shape',
    () => conv({ data: x.data, shape: [1, 0, 7] }, w),
    'conv: input.shape[1] must be an integer of at least 1, got 0',
  ],
  [
    'data of another length',
    () => conv({ data: x.data, shape: [1, 6, 7, 4] }, w),
    'conv: input.data must have the 168 elements of shape [1, 6, 7, 4], got 210',
  ],
  [
    'an overflowing shape',
    () => conv({ data: x.data, shape: [2 ** 20, 2 ** 20, 2 ** 20] }, w),
    'conv: the product of input.shape must be at most 2^53 - 1, got [1048576, 1048576, 1048576]',
  ],
  [
    'too few dimensions',
    () => conv(zeros(3, 4), w),
    'conv: input must have batch, channels and 1 to 3 spatial dimensions, got [3, 4]',
  ],
  [
    'too many dimensions',
    () => maxPool(zeros(1, 1, 2, 2, 2, 2), { kernel: 1 }),
    'maxPool: input must have batch, channels and 1 to 3 spatial dimensions, got [1, 1, 2, 2, 2, 2]',
  ],
  [
    'weights of another rank',
    () => conv(x, zeros(4, 6, 3)),
    'conv: input must have 3 dimensions, as the weights have, got [1, 6, 7, 5]',
  ],
  [
    'weights for other channels',
    () => conv(x, zeros(4, 5, 3, 2)),
    'conv: input must have weights.shape[1] * groups = 5 channels, got 6',
  ],
  [
    'weights for other groups',
    () => conv(x, zeros(4, 6, 3, 2), { groups: 2 }),
    'conv: input must have weights.shape[1] * groups = 12 channels, got 6',
  ],
  [
    'groups that do not divide the input',
    () => conv(x, zeros(4, 1, 3, 2), { groups: 4 }),
    'conv: input must have weights.shape[1] * groups = 4 channels, got 6',
  ],
  [
    'groups that do not divide the output',
    () => conv(x, zeros(4, 2, 3, 2), { groups: 3 }),
    'conv: groups must divide the 4 output channels, got 3',
  ],
  ['fractional groups', () => conv(x, w, { groups: 1.5 }), 'conv: groups must be an integer of at least 1, got 1.5'],
  [
    'transposed weights for other channels',
    () => convTranspose(x, zeros(4, 6, 3, 2)),
    'convTranspose: input must have weights.shape[0] = 4 channels, got 6',
  ],
  [
    'transposed groups',
    () => convTranspose(x, zeros(6, 2, 3, 2), { groups: 4 }),
    'convTranspose: groups must divide the 6 input channels, got 4',
  ],
  [
    'a bias of another length',
    () => conv(x, w, { bias: new Float32Array(3) }),
    'conv: bias must have one element for each of the 4 output channels, got 3',
  ],
  [
    'a bias of another type',
    () => conv(x, w, { bias: new Int32Array(4) } as Wrong),
    'conv: bias must be a tensor { data, shape }, got an Int32Array of 4 elements',
  ],
  [
    'an output that no array can hold',
    () => convTranspose(x, zeros(6, 1, 1, 1), { strides: 2 ** 24 }),
    'convTranspose: output must fit into memory, got 6755399608827905 elements',
  ],
]

const windows: Bad[] = [
  [
    'a maximum',
    () => maxPool(zeros(1, 1, 4), { kernel: 2, padding: [[2, 0]] }),
    "maxPool: every window must have a real cell (or emptyWindow be 'identity'), got only padding for output 0 of axis 0",
  ],
  [
    'an average',
    () => averagePool(zeros(1, 1, 5, 4), { kernel: [2, 1], strides: 1, padding: [0, 1] }),
    "averagePool: every window must have a real cell (or emptyWindow be 'identity'), got only padding for output 0 of axis 1",
  ],
  [
    'taps that step over the input',
    () => maxPool(zeros(1, 1, 1), { kernel: 2, dilations: 2, strides: 1, padding: 'same' }),
    "maxPool: every window must have a real cell (or emptyWindow be 'identity'), got only padding for output 0 of axis 0",
  ],
]

const padding: Bad[] = [
  [
    'reflect as wide as the input',
    () =>
      pad(
        x,
        [
          [0, 0],
          [5, 0],
        ],
        { mode: 'reflect' },
      ),
    'pad: pads of dimension 3 must be at most 4 with mode reflect, got 5',
  ],
  [
    'reflect in a convolution',
    () => conv(x, w, { padding: [7, 0], paddingMode: 'reflect' }),
    'conv: padding of axis 0 must be at most 6 with paddingMode reflect, got 7',
  ],
  [
    'cropping everything',
    () =>
      pad(x, [
        [-3, -4],
        [0, 0],
      ]),
    'pad: cropping must leave at least one of the 7 cells of dimension 2, got 0',
  ],
  [
    'cropping more',
    () =>
      pad(x, [
        [-8, 4],
        [0, 0],
      ]),
    'pad: pads of dimension 2 must be an integer of at least -7, got -8',
  ],
  [
    'pads for three axes',
    () =>
      pad(x, [
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    'pad: pads must have a [begin, end] for each of 2 spatial axes or 4 dimensions, got [[1, 1], [1, 1], [1, 1]]',
  ],
  ['flat pads', () => pad(x, [1, 1] as Wrong), 'pad: pads of dimension 2 must be [begin, end], got 1'],
  [
    'an unknown mode',
    () => pad(x, 1, { mode: 'zeros' } as Wrong),
    "pad: mode must be one of constant, reflect, replicate, circular, got 'zeros'",
  ],
  ['a text as value', () => pad(x, 1, { value: '0' } as Wrong), "pad: value must be a number, got '0'"],
]

const orders: Bad[] = [
  [
    'an unknown framework',
    () => padsTo('theano' as Wrong, [[1, 1]]),
    "padsTo: the order must be one of pytorch, onnx, tensorflow, jax, webnn, coreml, openvino, paddle, nnapi, ncnn, burn, got 'theano'",
  ],
  [
    'an odd list',
    () => padsFrom('onnx', [1, 2, 3], 2),
    'padsFrom: pads must have 4 entries for 2 axes in the order of onnx, got [1, 2, 3]',
  ],
  [
    'pads for another rank',
    () => padsFrom('pytorch', [1, 2, 3, 4, 5, 6], 2),
    'padsFrom: pads must have an even number of entries, at most 4, for 2 axes in the order of pytorch, got [1, 2, 3, 4, 5, 6]',
  ],
  [
    'padded channels',
    () =>
      padsFrom(
        'tensorflow',
        [
          [0, 0],
          [1, 1],
          [1, 0],
        ],
        1,
      ),
    'padsFrom: batch and channels must not be padded, got [[0, 0], [1, 1], [1, 0]]',
  ],
  [
    'a fraction',
    () => padsTo('jax', [[0.5, 1]]),
    'padsTo: pads of axis 0 must be two integers, begin and end, got [0.5, 1]',
  ],
  [
    'one pair of three numbers',
    () =>
      padsFrom(
        'tensorflow',
        [
          [0, 0],
          [1, 2],
          [0, 0, 9],
        ] as Wrong,
        1,
      ),
    'padsFrom: pads of dimension 2 must be two integers, begin and end, got [0, 0, 9]',
  ],
  [
    'flat numbers for pairs',
    () => padsFrom('tensorflow', [0, 0, 9], 1),
    'padsFrom: pads of dimension 0 must be two integers, begin and end, got 0',
  ],
  [
    'pairs for the spatial axes only',
    () => padsFrom('tensorflow', [[1, 2]], 1),
    'padsFrom: pads must have 3 entries for 1 axes in the order of tensorflow, got [[1, 2]]',
  ],
  [
    'a short list where only PyTorch has one',
    () => padsFrom('nnapi', [1, 2], 2),
    'padsFrom: pads must have 4 entries for 2 axes in the order of nnapi, got [1, 2]',
  ],
  [
    'another short list',
    () => padsFrom('ncnn', [1, 2], 2),
    'padsFrom: pads must have 4 entries for 2 axes in the order of ncnn, got [1, 2]',
  ],
  [
    "an odd list in PyTorch's order",
    () => padsFrom('pytorch', [1, 2, 3], 2),
    'padsFrom: pads must have an even number of entries, at most 4, for 2 axes in the order of pytorch, got [1, 2, 3]',
  ],
  ['no axis', () => padsTo('onnx', []), 'padsTo: there must be 1 to 16 axes, got 0'],
  ['no list', () => padsFrom('onnx', 1 as Wrong, 1), 'padsFrom: pads must be an array, got 1'],
]

const wide = new Array(2 ** 32 - 1) // as long as an array can be, without an entry
const sparse: Bad[] = [
  [
    'strides',
    () => solved({ input: [5, 5], strides: holes(2) }),
    'resolve: strides of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'input',
    () => solved({ input: holes(5) }),
    'resolve: input of axis 0 must be an integer of at least 1, got undefined',
  ],
  [
    'padding',
    () => solved({ padding: holes(1) }),
    'resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got undefined',
  ],
  [
    'a pair',
    () => solved({ padding: [holes(1)] }),
    'resolve: padding of axis 0 must be an integer of at least 0, got undefined',
  ],
  [
    'outputPadding',
    () => solved({ op: 'convTranspose', input: [5, 5], outputPadding: holes(0) }),
    'resolve: outputPadding of axis 0 must be an integer of at least 0, got undefined',
  ],
  [
    'a shape',
    () => conv({ data: x.data, shape: holes(7) }, w),
    'conv: input.shape[0] must be an integer of at least 1, got undefined',
  ],
  ['pads', () => pad(x, holes([1, 1])), 'pad: pads of dimension 2 must be [begin, end], got undefined'],
  [
    'a pair of pads',
    () => pad(x, [holes(1), [0, 0]] as Wrong),
    'pad: pads of dimension 2 must be an integer of at least -7, got undefined',
  ],
  [
    'pads to write',
    () => padsTo('onnx', holes([1, 1])),
    'padsTo: pads of axis 0 must be two integers, begin and end, got undefined',
  ],
  [
    'a pair to write',
    () => padsTo('onnx', [holes(1)]),
    'padsTo: pads of axis 0 must be two integers, begin and end, got [undefined, 1]',
  ],
  [
    'pads to read',
    () => padsFrom('jax', new Array(2), 2),
    'padsFrom: pads of axis 0 must be two integers, begin and end, got undefined',
  ],
  [
    'flat pads to read',
    () => padsFrom('onnx', holes(1), 1),
    'padsFrom: pads of axis 0 must be two integers, begin and end, got [undefined, 1]',
  ],
]

const huge: Bad[] = [
  ['input', () => solved({ input: wide }), 'resolve: there must be 1 to 16 axes, got 4294967295'],
  ['strides', () => solved({ strides: wide }), 'resolve: there must be 1 to 16 axes, got 4294967295'],
  [
    'one list of many',
    () => solved({ input: [5, 5], dilations: wide }),
    `resolve: dilations must have one entry for each of the 2 axes, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  [
    'shape',
    () => conv({ data: x.data, shape: wide }, w),
    'conv: input must have at most 64 dimensions, got 4294967295',
  ],
  [
    'pads',
    () => pad(x, wide),
    `pad: pads must have a [begin, end] for each of 2 spatial axes or 4 dimensions, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  ['rank to read', () => padsFrom('pytorch', [], 1e8), 'padsFrom: there must be 1 to 16 axes, got 100000000'],
  [
    'pads to read',
    () => padsFrom('pytorch', wide, 2),
    `padsFrom: pads must have an even number of entries, at most 4, for 2 axes in the order of pytorch, got [${'undefined, '.repeat(7).trimEnd()}...`,
  ],
  ['pads to write', () => padsTo('jax', new Array(4e8)), 'padsTo: there must be 1 to 16 axes, got 400000000'],
  [
    'outputs of a pooling',
    () => maxPool(zeros(1, 1, 5), { kernel: 2 ** 45, strides: 1, padding: 'full' }),
    'maxPool: output must fit into memory, got 35184372088836 elements',
  ],
]

const nulls: Bad[] = [
  ...['strides', 'dilations', 'kernel', 'input'].map((name): Bad => {
    const must = `resolve: ${name} of axis 0 must be an integer of at least 1, got null`
    return [name, () => solved({ [name]: null }), must]
  }),
  [
    'padding',
    () => solved({ padding: null }),
    'resolve: padding of axis 0 must be one of same, same-upper, same-lower, keep, valid, full, causal, a number, or [begin, end], got null',
  ],
  ['op', () => solved({ op: null }), 'resolve: op must be one of conv, convTranspose, maxPool, averagePool, got null'],
  ['ceilMode', () => pooled({ ceilMode: null }), 'resolve: ceilMode must be true or false, got null'],
  [
    'outputShape',
    () => solved({ op: 'convTranspose', outputShape: null }),
    'resolve: outputShape of axis 0 must be an integer of at least 1, got null',
  ],
  [
    'paddingMode',
    () => conv(x, w, { paddingMode: null } as Wrong),
    'conv: paddingMode must be one of zeros, reflect, replicate, circular, got null',
  ],
  ['layout', () => conv(x, w, { layout: null } as Wrong), 'conv: layout must be one of nchw, nhwc, got null'],
  ['groups', () => conv(x, w, { groups: null } as Wrong), 'conv: groups must be an integer of at least 1, got null'],
  ['bias', () => conv(x, w, { bias: null } as Wrong), 'conv: bias must be a tensor { data, shape }, got null'],
  [
    'shape',
    () => conv({ data: x.data, shape: null, dims: x.shape } as Wrong, w),
    'conv: input.shape must be an array of sizes, got null',
  ],
  ['emptyWindow', () => pooled({ emptyWindow: null }), 'maxPool: emptyWindow must be one of error, identity, got null'],
  [
    'countIncludePad',
    () => averagePool(x, { kernel: 2, countIncludePad: null } as Wrong),
    'averagePool: countIncludePad must be true or false, got null',
  ],
  ['value', () => pad(x, 1, { value: null } as Wrong), 'pad: value must be a number, got null'],
  [
    'mode',
    () => pad(x, 1, { mode: null } as Wrong),
    'pad: mode must be one of constant, reflect, replicate, circular, got null',
  ],
]

class Defaults {
  get kernel(): number {
    return 2
  }
}

const objects: Bad[] = [
  ['a Map', () => conv(x, w, new Map([['strides', 2]]) as Wrong), 'conv: options must be a plain object, got a Map'],
  ['a Date', () => conv(x, w, new Date(0) as Wrong), 'conv: options must be a plain object, got a Date'],
  [
    'an instance, which inherits',
    () => maxPool(x, new Defaults()),
    'maxPool: options must be a plain object, got an object with no keys',
  ],
  [
    'an inherited misspelling',
    () => conv(x, w, Object.create({ stride: 2 })),
    'conv: options must be a plain object, got an object with no keys',
  ],
  [
    'a typed array for strides',
    () => solved({ strides: Int32Array.of(1) }),
    'resolve: strides must be an array, got an Int32Array of 1 elements',
  ],
  [
    'a typed array for padding',
    () => solved({ padding: Uint8Array.of(1) }),
    'resolve: padding must be an array, got a Uint8Array of 1 elements',
  ],
  [
    'a typed array for a shape',
    () => conv({ data: x.data, shape: Int32Array.from(x.shape) } as Wrong, w),
    'conv: input.shape must be an array of sizes, got an Int32Array of 4 elements',
  ],
  [
    'null for a geometry',
    () => explicit(null as Wrong),
    'explicit: the geometry must be one that resolve returned, got null',
  ],
  [
    'a geometry made by hand',
    () => explicit({ op: 'conv', axes: [] } as Wrong),
    'explicit: the geometry must be one that resolve returned, got an object with keys op, axes',
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

describe.each([
  ['sizes', sizes],
  ['padding', paddings],
  ['transposed', transposed],
  ['misspelt options', names],
  ['option values', values],
  ['tensors', tensors],
  ['empty windows', windows],
  ['pad', padding],
  ['argument orders', orders],
  ['holes in lists', sparse],
  ['lists as long as can be', huge],
  ['null, which is not undefined', nulls],
  ['other objects', objects],
])('%s', (_, list) => {
  it.each(list)('%s', (_, call, message) => {
    let thrown: unknown
    try {
      call()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(SamepadError)
    expect((thrown as SamepadError).message).toBe(message)
  })
})

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
