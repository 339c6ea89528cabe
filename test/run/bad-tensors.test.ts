import { averagePool, conv, convTranspose, maxPool, pad, padsFrom, padsTo } from '../../src/index.ts'
import { type Bad, refuses, type Wrong, w, x, zeros } from './bad-calls.ts'

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

refuses('tensors', tensors)
refuses('empty windows', windows)
refuses('pad', padding)
refuses('argument orders', orders)
