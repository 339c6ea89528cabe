import { type AttributeOf, type ConstantOf, modelBytes, type NodeOf, numbersFrom } from './onnx-bytes.ts'

// Small models of operators as operator sets 8 to 24 have them: what ONNX's own tests (to 17) do not reach, and forms that networks have.

/** An input: a shape of real numbers, or integers (int64) with their shape. */
export type CaseInput = readonly number[] | { readonly shape: readonly number[]; readonly data: readonly number[] }

export interface OperatorCase {
  readonly opset: number
  readonly nodes: readonly NodeOf[]
  readonly inputs: Readonly<Record<string, CaseInput>>
  readonly constants?: Readonly<Record<string, ConstantOf>>
  readonly outputs?: readonly string[]
  /** ONNX's numbers for types of outputs. */
  readonly types?: Readonly<Record<string, number>>
}

const longs = (...data: number[]): ConstantOf => ({ shape: [data.length], data, type: 7 })
const floats = (...data: number[]): ConstantOf => ({ shape: [data.length], data })
const whole = (shape: readonly number[], ...data: number[]): CaseInput => ({ shape, data })
const real = (value: number): ConstantOf => ({ shape: [], data: [value] })

/** One operator on `x`, with constants `k0`, `k1`, ... behind it; undefined is an input that is left out. */
function one(
  opset: number,
  opType: string,
  shape: readonly number[],
  constants: readonly (ConstantOf | undefined)[] = [],
  attributes: Readonly<Record<string, AttributeOf>> = {},
  outputs: readonly string[] = ['y'],
): OperatorCase {
  const names = constants.map((constant, index) => (constant ? `k${index}` : ''))
  const all = Object.fromEntries(names.flatMap((name, index) => (constants[index] ? [[name, constants[index]]] : [])))
  return {
    opset,
    nodes: [[opType, ['x', ...names], outputs, attributes]],
    inputs: { x: shape },
    constants: all,
    outputs,
  }
}

const reductions = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare']
const picture = [2, 3, 7, 9]
const NONE = undefined

const resizes: readonly (readonly [name: string, made: OperatorCase])[] = [
  ['linear, antialias', one(18, 'Resize', picture, [NONE, NONE, longs(2, 3, 4, 5)], { mode: 'linear', antialias: 1 })],
  ['cubic, antialias', one(18, 'Resize', picture, [NONE, NONE, longs(2, 3, 4, 5)], { mode: 'cubic', antialias: 1 })],
  [
    'not larger',
    one(18, 'Resize', picture, [NONE, NONE, longs(4, 6)], {
      mode: 'linear',
      axes: [2, 3],
      keep_aspect_ratio_policy: 'not_larger',
    }),
  ],
  [
    'not smaller',
    one(19, 'Resize', picture, [NONE, NONE, longs(10, 20)], {
      mode: 'nearest',
      axes: [2, 3],
      keep_aspect_ratio_policy: 'not_smaller',
    }),
  ],
  ['axes turned', one(18, 'Resize', picture, [NONE, floats(2, 1.5)], { mode: 'linear', axes: [3, 2] })],
  [
    'half_pixel_symmetric',
    one(19, 'Resize', picture, [NONE, floats(1, 1, 0.6, 1.7)], {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel_symmetric',
    }),
  ],
  [
    'crop',
    one(13, 'Resize', picture, [floats(0, 0, 0.1, -0.2, 1, 1, 0.8, 1.3), NONE, longs(2, 3, 5, 6)], {
      mode: 'linear',
      coordinate_transformation_mode: 'tf_crop_and_resize',
      extrapolation_value: { float: 3 },
    }),
  ],
  [
    'crop, nearest',
    one(13, 'Resize', picture, [floats(0, 0, 0.1, 0.2, 1, 1, 0.8, 0.9), floats(1, 1, 0.9, 0.5)], {
      coordinate_transformation_mode: 'tf_crop_and_resize',
    }),
  ],
  ['operator set 10, smaller', one(10, 'Resize', picture, [floats(1, 1, 0.6, 0.4)], { mode: 'nearest' })],
  ['operator set 10, both', one(10, 'Resize', picture, [floats(1, 1, 0.6, 1.7)], { mode: 'nearest' })],
  ['operator set 10, larger', one(10, 'Resize', picture, [floats(1, 1, 2, 1.7)], { mode: 'nearest' })],
  ['operator set 10, linear', one(10, 'Resize', picture, [floats(1, 1, 0.6, 1.7)], { mode: 'linear' })],
  ['Upsample 9', one(9, 'Upsample', picture, [floats(1, 1, 2, 1.5)], { mode: 'nearest' })],
  [
    'align_corners',
    one(13, 'Resize', picture, [NONE, NONE, longs(2, 3, 13, 5)], {
      mode: 'linear',
      coordinate_transformation_mode: 'align_corners',
    }),
  ],
  [
    'align_corners, whole scales',
    one(13, 'Resize', picture, [NONE, floats(1, 1, 2, 3)], {
      mode: 'cubic',
      coordinate_transformation_mode: 'align_corners',
    }),
  ],
  ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map(
    (nearest_mode) =>
      [
        `nearest ${nearest_mode}`,
        one(13, 'Resize', picture, [NONE, floats(1, 1, 0.7, 1.6)], { nearest_mode }),
      ] as const,
  ),
]

const grids: readonly (readonly [name: string, made: OperatorCase])[] = ['zeros', 'border', 'reflection'].flatMap(
  (padding_mode) =>
    ['linear', 'nearest', 'cubic'].flatMap((mode) =>
      [0, 1].map((align_corners) => {
        const nodes: NodeOf[] = [
          ['Mul', ['g', 'two'], ['far']],
          ['GridSample', ['x', 'far'], ['y'], { mode, padding_mode, align_corners }],
        ]
        const made = { opset: 20, nodes, inputs: { x: [2, 3, 5, 6], g: [2, 4, 3, 2] }, constants: { two: real(1.6) } }
        return [`GridSample ${mode} ${padding_mode} ${align_corners}`, made] as const
      }),
    ),
)

const equations: readonly (readonly [equation: string, a: readonly number[], b: readonly number[]])[] = [
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bqhd,bkhd->bhqk', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['bhqk,bkhd->bqhd', [2, 2, 3, 5], [2, 5, 2, 4]],
  ['...ij,...jk->...ik', [2, 2, 3, 4], [1, 2, 4, 5]],
  ['nchw,oc->nohw', [2, 3, 4, 5], [6, 3]],
  ['bchw,bkc->bkhw', [2, 3, 4, 5], [2, 6, 3]],
  ['ij,ij', [3, 4], [3, 4]],
  ['i,j->ij', [3], [4]],
  ['ij,jk->ik', [3, 4], [1, 5]],
  ['ij,jk->ikj', [3, 1], [4, 5]],
  ['bhwc,hkc->bhwk', [2, 3, 4, 5], [3, 6, 5]],
]

const cases: readonly (readonly [name: string, made: OperatorCase])[] = [
  ...reductions.flatMap((name) => [
    [`Reduce${name} 18`, one(18, `Reduce${name}`, [2, 3, 4], [longs(0, -1)], { keepdims: 0 })] as const,
    [`Reduce${name} 18, all`, one(18, `Reduce${name}`, [2, 3, 4])] as const,
    [`Reduce${name} 18, none`, one(18, `Reduce${name}`, [2, 3, 4], [], { noop_with_empty_axes: 1 })] as const,
  ]),
  ...resizes,
  ...grids,
  ...equations.map(
    ([equation, a, b]) =>
      [
        `Einsum ${equation}`,
        { opset: 13, nodes: [['Einsum', ['a', 'b'], ['y'], { equation }]] as const, inputs: { a, b } },
      ] as const,
  ),
  ['Einsum of one', one(13, 'Einsum', [2, 3, 4], [], { equation: 'bij->bj' })],
  [
    'Einsum of three',
    {
      opset: 13,
      nodes: [['Einsum', ['a', 'b', 'c'], ['y'], { equation: 'ij,jk,kl->il' }]],
      inputs: { a: [2, 3], b: [3, 4], c: [4, 5] },
    },
  ],
  ['Pad 18, axes', one(18, 'Pad', picture, [longs(1, 2, 0, 3), real(0.5), longs(3, 1)])],
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
  ['Trilu', one(14, 'Trilu', [2, 4, 5], [{ shape: [], data: [1], type: 7 }], { upper: 0 })],
  ['TopK 11', one(11, 'TopK', [3, 7], [longs(3)], { axis: 1, largest: 0 }, ['y', 'at'])],
  [
    'OneHot',
    {
      opset: 11,
      nodes: [['OneHot', ['i', 'd', 'v'], ['y'], { axis: 1 }]],
      inputs: { i: whole([2, 3], 0, 5, -1, 2, 9, 1) },
      constants: { d: longs(6), v: floats(-1, 4) },
    },
  ],
  [
    'ScatterND 18, max',
    {
      opset: 18,
      nodes: [['ScatterND', ['x', 'i', 'u'], ['y'], { reduction: 'max' }]],
      inputs: { x: [4, 5], i: whole([3, 1], 1, 3, 1), u: [3, 5] },
    },
  ],
  [
    'ScatterND 16',
    {
      opset: 16,
      nodes: [['ScatterND', ['x', 'i', 'u'], ['y']]],
      inputs: { x: [4, 5], i: whole([2, 2], 1, 2, 3, -1), u: [2] },
    },
  ],
  [
    'ScatterElements 18, min',
    {
      opset: 18,
      nodes: [['ScatterElements', ['x', 'i', 'u'], ['y'], { axis: 1, reduction: 'min' }]],
      inputs: { x: [3, 5], i: whole([3, 2], 0, 4, 1, 1, -1, 2), u: [3, 2] },
    },
  ],
  [
    'GatherND, batch',
    {
      opset: 13,
      nodes: [['GatherND', ['x', 'i'], ['y'], { batch_dims: 1 }]],
      inputs: { x: [2, 3, 4], i: whole([2, 2, 1], 1, 0, 2, -1) },
    },
  ],
  [
    'GatherElements',
    {
      opset: 13,
      nodes: [['GatherElements', ['x', 'i'], ['y'], { axis: 0 }]],
      inputs: { x: [3, 4], i: whole([2, 4], 0, 2, -1, 1, 1, 1, 0, 2) },
    },
  ],
  [
    'integers',
    {
      opset: 14,
      nodes: [
        ['Add', ['a', 'b'], ['s']],
        ['Sub', ['s', 'c'], ['d']],
        ['Mul', ['d', 'b'], ['p']],
        ['Div', ['p', 'c'], ['q']],
        ['Mod', ['p', 'c'], ['m']],
        ['Less', ['q', 'm'], ['l']],
        ['Equal', ['q', 'm'], ['e']],
        ['Or', ['l', 'e'], ['o']],
        ['Not', ['o'], ['n']],
        ['Where', ['n', 'q', 'm'], ['w']],
        ['ReduceSum', ['w'], ['t'], { keepdims: 0 }],
        ['Cast', ['w'], ['f'], { to: 1 }],
      ],
      inputs: { a: whole([2, 3], 5, -7, 9, -11, 13, 4), b: whole([3], 2, -3, 4) },
      constants: { c: longs(3) },
      outputs: ['q', 'm', 'w', 't', 'f'],
      types: { q: 7, m: 7, w: 7, t: 7 },
    },
  ],
  [
    'CastLike',
    { opset: 15, nodes: [['CastLike', ['x', 'i'], ['y']]], inputs: { x: [2, 3], i: whole([1], 0) }, types: { y: 7 } },
  ],
  [
    'Reshape, Expand and Tile by computed numbers',
    {
      opset: 14,
      nodes: [
        ['Reshape', ['x', 's'], ['r']],
        ['Expand', ['r', 'e'], ['w']],
        ['Tile', ['w', 't'], ['y']],
      ],
      inputs: { x: [2, 6], s: whole([3], 3, 1, -1), e: whole([3], 3, 2, 1), t: whole([3], 1, 2, 1) },
    },
  ],
  [
    'NonZero',
    {
      opset: 13,
      nodes: [
        ['Relu', ['x'], ['r']],
        ['NonZero', ['r'], ['n']],
        ['Transpose', ['n'], ['t']],
        ['GatherND', ['x', 't'], ['y']],
      ],
      inputs: { x: [3, 7] },
    },
  ],
  [
    'Compress',
    {
      opset: 11,
      nodes: [
        ['Greater', ['c', 'zero'], ['b']],
        ['Compress', ['x', 'b'], ['y'], { axis: 1 }],
      ],
      inputs: { x: [3, 7], c: [7] },
      constants: { zero: real(0) },
    },
  ],
  [
    'quantised and back',
    {
      opset: 13,
      nodes: [
        ['QuantizeLinear', ['x', 's', 'z'], ['q']],
        ['DequantizeLinear', ['q', 's', 'z'], ['d']],
        ['Conv', ['d', 'w'], ['y']],
      ],
      inputs: { x: [1, 2, 6, 7] },
      constants: {
        s: real(0.0078125),
        z: { shape: [], data: [], type: 2, raw: Uint8Array.of(128) },
        w: { shape: [3, 2, 1, 1], data: [1, 2, 3, 4, 5, 6] },
      },
    },
  ],
]

const weights = (shape: readonly number[], seed: number): ConstantOf => {
  return {
    shape,
    data: numbersFrom(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ),
  }
}

/** Operators of every network, as the newest set that onnxruntime takes has them. */
const newest: readonly (readonly [name: string, made: OperatorCase])[] = [
  one(22, 'Conv', picture, [weights([4, 3, 3, 2], 1), weights([4], 2)], { pads: [1, 0, 1, 1], strides: [2, 1] }),
  one(22, 'ConvTranspose', picture, [weights([3, 2, 3, 3], 1)], { strides: [2, 2], output_padding: [1, 1] }),
  one(22, 'MaxPool', picture, [], { kernel_shape: [3, 3], auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  one(22, 'AveragePool', picture, [], { kernel_shape: [3, 3], auto_pad: 'SAME_LOWER', strides: [2, 2] }),
  one(22, 'LpPool', picture, [], { kernel_shape: [3, 3], p: 3 }),
  one(22, 'GlobalAveragePool', picture),
  one(22, 'GlobalMaxPool', picture),
  one(13, 'GlobalLpPool', picture, [], { p: 1 }),
  one(22, 'InstanceNormalization', picture, [floats(1, 2, 3), floats(3, 2, 1)]),
  one(22, 'LpNormalization', [3, 4], [], { axis: 0, p: 1 }),
  ...[
    'Elu',
    'Selu',
    'HardSigmoid',
    'HardSwish',
    'Softplus',
    'Softsign',
    'Mish',
    'ThresholdedRelu',
    'Round',
    'Sin',
    'Cos',
  ].map((name) => one(22, name, [3, 5])),
  one(21, 'Reshape', picture, [longs(2, -1, 3)]),
  one(21, 'Flatten', picture, [], { axis: 2 }),
  one(21, 'Squeeze', [2, 1, 3, 1], [longs(1, -1)]),
  one(21, 'Unsqueeze', [2, 3], [longs(0, -1)]),
  one(21, 'Transpose', picture, [], { perm: [0, 2, 3, 1] }),
  one(21, 'Pad', picture, [longs(0, 0, 1, 2, 0, 0, 2, 1), NONE], { mode: 'edge' }),
  one(20, 'DepthToSpace', [1, 8, 2, 3], [], { blocksize: 2, mode: 'CRD' }),
  one(20, 'SpaceToDepth', [1, 2, 4, 6], [], { blocksize: 2 }),
  one(16, 'PRelu', picture, [weights([3, 1, 1], 4)]),
  one(16, 'LeakyRelu', [3, 5], [], { alpha: { float: 0.2 } }),
  one(13, 'LRN', [1, 6, 3, 4], [], { size: 3, alpha: { float: 0.3 }, beta: { float: 0.6 } }),
  one(15, 'BatchNormalization', picture, [floats(1, 2, 3), floats(3, 2, 1), floats(0.1, 0.2, 0.3), floats(1, 2, 0.5)]),
  one(13, 'Gemm', [4, 3], [weights([5, 4], 1), weights([3, 1], 2)], {
    transA: 1,
    transB: 1,
    alpha: { float: 0.5 },
    beta: { float: 2 },
  }),
  one(13, 'ArgMax', [3, 5], [], { axis: 1, select_last_index: 1 }, ['at']),
  one(13, 'Slice', picture, [longs(-2, 8), longs(-9, 1), longs(2, -1), longs(-2, -3)]),
  one(13, 'MeanVarianceNormalization', picture),
].map((made) => [`${made.nodes[0][0]} of operator set ${made.opset}`, made] as const)

/** Attention as exporters write it, whose sizes are computed from those of the input. */
const attention: OperatorCase = {
  opset: 17,
  nodes: [
    ['LayerNormalization', ['x', 'g', 'b'], ['n'], { axis: -1 }],
    ['MatMul', ['n', 'qkv'], ['all']],
    ['Shape', ['x'], ['s'], { start: 0, end: 2 }],
    ['Concat', ['s', 'heads'], ['target'], { axis: 0 }],
    ['Reshape', ['all', 'target'], ['split']],
    ['Transpose', ['split'], ['turned'], { perm: [2, 0, 3, 1, 4] }],
    ['Split', ['turned'], ['q5', 'k5', 'v5'], { axis: 0 }],
    ...['q', 'k', 'v'].map((name): NodeOf => ['Squeeze', [`${name}5`, 'first'], [name]]),
    ['Transpose', ['k'], ['kt'], { perm: [0, 1, 3, 2] }],
    ['MatMul', ['q', 'kt'], ['scores']],
    ['Mul', ['scores', 'scale'], ['scaled']],
    ['Softmax', ['scaled'], ['p'], { axis: -1 }],
    ['MatMul', ['p', 'v'], ['o']],
    ['Transpose', ['o'], ['ot'], { perm: [0, 2, 1, 3] }],
    ['Concat', ['s', 'last'], ['joined'], { axis: 0 }],
    ['Reshape', ['ot', 'joined'], ['flat']],
    ['Gather', ['flat', 'zero'], ['cls'], { axis: 1 }],
    ['Gemm', ['cls', 'proj'], ['y']],
  ],
  inputs: { x: [2, 7, 12] },
  constants: {
    ...{ g: weights([12], 1), b: weights([12], 2), qkv: weights([12, 36], 3), heads: longs(3, 3, 4), first: longs(0) },
    ...{ scale: real(0.5), last: longs(12), proj: weights([12, 5], 4), zero: { shape: [], data: [0], type: 7 } },
  },
}

/** The end of a detector: distances become boxes, of which those are left that no better one overlaps, with class and score. */
const detector: OperatorCase = {
  opset: 17,
  nodes: [
    ['Sigmoid', ['raw'], ['all']],
    ['Split', ['all', 'parts'], ['centre', 'size', 'classes'], { axis: 2 }],
    ['Mul', ['size', 'half'], ['reach']],
    ['Sub', ['centre', 'reach'], ['least']],
    ['Add', ['centre', 'reach'], ['most']],
    ['Concat', ['least', 'most'], ['boxes'], { axis: 2 }],
    ['Transpose', ['classes'], ['scores'], { perm: [0, 2, 1] }],
    ['NonMaxSuppression', ['boxes', 'scores', 'count', 'overlap', 'threshold'], ['kept']],
    ['Gather', ['kept', 'two'], ['place'], { axis: 1 }],
    ['Gather', ['kept', 'one'], ['class'], { axis: 1 }],
    ['Squeeze', ['boxes', 'zeros'], ['list']],
    ['Gather', ['list', 'place'], ['found']],
    ['Gather', ['kept', 'none'], ['pictures'], { axis: 1 }],
    ['Concat', ['pictures', 'class', 'place'], ['order'], { axis: 1 }],
    ['GatherND', ['scores', 'order'], ['score']],
    ['Squeeze', ['found', 'ones'], ['y']],
  ],
  inputs: { raw: [1, 60, 7] },
  constants: {
    ...{ parts: longs(2, 2, 3), half: real(0.2), count: longs(8), overlap: floats(0.3), threshold: floats(0.55) },
    ...{ none: longs(0), one: longs(1), two: longs(2), zeros: longs(0), ones: longs(1) },
  },
  outputs: ['kept', 'y', 'score'],
  types: { kept: 7 },
}

/** All of them, by what they show. */
export const operatorCases: ReadonlyMap<string, OperatorCase> = new Map([
  ...cases,
  ...newest,
  ['attention', attention],
  ['detector', detector],
])

export const isWhole = (input: CaseInput): input is Exclude<CaseInput, readonly number[]> => !Array.isArray(input)

/** A case as a model's bytes. */
export function caseBytes({ opset, nodes, inputs, constants, outputs = ['y'], types = {} }: OperatorCase): Uint8Array {
  const all = Object.entries(inputs)
  const shapes = Object.fromEntries(all.map(([name, one]) => [name, isWhole(one) ? one.shape : one]))
  const whole = Object.fromEntries(all.flatMap(([name, one]) => (isWhole(one) ? [[name, 7]] : [])))
  const at = Object.fromEntries(outputs.includes('at') ? [['at', 7]] : [])
  return modelBytes({ inputs: shapes, outputs, nodes, constants, opset, types: { ...whole, ...types, ...at } })
}
