import { floats, longs, type NamedCases, NONE, one, picture, real } from './case.ts'

// Single operators with the attributes and inputs that later operator sets gave them.

const reductions = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare']
export const single: NamedCases = [
  ...reductions.flatMap((name) => [
    [`Reduce${name} 18`, one(18, `Reduce${name}`, [2, 3, 4], [longs(0, -1)], { keepdims: 0 })] as const,
    [`Reduce${name} 18, all`, one(18, `Reduce${name}`, [2, 3, 4])] as const,
    [`Reduce${name} 18, none`, one(18, `Reduce${name}`, [2, 3, 4], [], { noop_with_empty_axes: 1 })] as const,
  ]),
  ['Pad 18, axes', one(18, 'Pad', picture, [longs(1, 2, 0, 3), real(0.5), longs(3, 1)])],
  // Upsampling of StyleGAN and blur pools: zeros between cells, along axes of six.
  ['Pad of six dimensions', one(11, 'Pad', [2, 3, 1, 4, 1, 5], [longs(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0)])],
  [
    'Pad of seven dimensions, six of them',
    one(13, 'Pad', [2, 3, 2, 4, 3, 2, 2], [longs(1, 0, 1, -1, 2, 1, 1, 0, 2, 0, 1, 0, 2, 0), real(0.5)]),
  ],
  [
    'Pad of six dimensions, reflect',
    one(13, 'Pad', [2, 3, 4, 2, 3, 5], [longs(1, 2, 0, 1, 0, 3, 0, 1, 2, 0, 0, 2)], { mode: 'reflect' }),
  ],
  ['Pad 19, wrap', one(19, 'Pad', picture, [longs(2, 1, 1, 0), NONE, longs(2, 3)], { mode: 'wrap' })],
  ['Pad 18, reflect', one(18, 'Pad', picture, [longs(2, 1, 1, 0), NONE, longs(-2, -1)], { mode: 'reflect' })],
  ['Gelu 20', one(20, 'Gelu', [3, 5])],
  ['Gelu 20, tanh', one(20, 'Gelu', [3, 5], [], { approximate: 'tanh' })],
  [
    'GroupNormalization 21',
    one(21, 'GroupNormalization', [2, 6, 4, 5], [floats(1, 2, 3, 4, 5, 6), floats(6, 5, 4, 3, 2, 1)], {
      num_groups: 3,
    }),
  ],
  [
    'LayerNormalization 17',
    one(17, 'LayerNormalization', [2, 3, 4], [floats(1, 2, 3, 4), floats(4, 3, 2, 1)], { axis: -1 }),
  ],
  ['Split 18, num_outputs', one(18, 'Split', [2, 7], [], { num_outputs: 3, axis: 1 }, ['a', 'b', 'c'])],
  [
    'Slice back from before the first cell',
    one(13, 'Slice', [4, 5], [longs(-9, 9), longs(-99, 1), longs(0, 1), longs(-1, -2)]),
  ],
  [
    'Slice on from before the first cell',
    one(13, 'Slice', [4, 5], [longs(-9, -9), longs(99, -2), longs(0, 1), longs(3, 2)]),
  ],
  ['Split 13', one(13, 'Split', [2, 7], [longs(2, 5)], { axis: 1 }, ['a', 'b'])],
  [
    'AveragePool 19, dilations',
    one(19, 'AveragePool', picture, [], {
      kernel_shape: [3, 2],
      dilations: [2, 3],
      pads: [1, 1, 0, 1],
      strides: [1, 2],
    }),
  ],
  [
    'AveragePool 19, ceil, counted',
    one(19, 'AveragePool', picture, [], {
      kernel_shape: [3, 3],
      pads: [1, 1, 1, 1],
      strides: [2, 2],
      ceil_mode: 1,
      count_include_pad: 1,
    }),
  ],
  [
    'MaxPool 12, places',
    one(12, 'MaxPool', picture, [], { kernel_shape: [3, 2], pads: [1, 0, 1, 1], strides: [2, 2], dilations: [1, 2] }, [
      'y',
      'at',
    ]),
  ],
  ['LpPool 18, dilations', one(18, 'LpPool', picture, [], { kernel_shape: [2, 2], dilations: [2, 1], p: 2 })],
  [
    'Dropout that drops nothing',
    one(13, 'Dropout', [3, 5], [real(0), { shape: [], data: [], type: 9, raw: Uint8Array.of(1) }]),
  ],
  [
    'Clip of a number by lists of one',
    {
      opset: 13,
      nodes: [
        ['ReduceMax', ['x'], ['m'], { keepdims: 0 }],
        ['ReduceMean', ['x'], ['low'], { axes: [0], keepdims: 1 }],
        ['Clip', ['m', '', 'low'], ['y']],
      ],
      inputs: { x: [5] },
    },
  ],
  ['HardSwish 14', one(14, 'HardSwish', [3, 5])],
  ['Mish 18', one(18, 'Mish', [3, 5])],
  ['Celu 12', one(12, 'Celu', [3, 5], [], { alpha: { float: 0.7 } })],
  ['Shrink', one(9, 'Shrink', [3, 5], [], { bias: { float: 0.1 }, lambd: { float: 0.3 } })],
  ['ThresholdedRelu', one(10, 'ThresholdedRelu', [3, 5], [], { alpha: { float: 0.3 } })],
  ['Softplus', one(1, 'Softplus', [3, 5])],
  ['Softsign', one(1, 'Softsign', [3, 5])],
  ['LogSoftmax 11', one(11, 'LogSoftmax', [2, 3, 4], [], { axis: 1 })],
  ['Hardmax 13', one(13, 'Hardmax', [2, 3, 4])],
  ['CumSum', one(14, 'CumSum', [3, 5], [longs(1)], { exclusive: 1, reverse: 1 })],
  [
    'CumSum whose rounding shows',
    {
      opset: 14,
      nodes: [
        ['Abs', ['x'], ['a']],
        ['Mul', ['a', 'hundred'], ['h']],
        ['CumSum', ['h', 'axis'], ['s']],
        ['Sin', ['s'], ['y']],
      ],
      inputs: { x: [2, 300] },
      constants: { hundred: real(100), axis: longs(1) },
    },
  ],
  ['Trilu', one(14, 'Trilu', [2, 4, 5], [{ shape: [], data: [1], type: 7 }], { upper: 0 })],
  ['TopK 11', one(11, 'TopK', [3, 7], [longs(3)], { axis: 1, largest: 0 }, ['y', 'at'])],
]
