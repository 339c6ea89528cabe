import { longs, type NamedCases, real, whole } from './case.ts'

// Integers, truth values, and numbers of few levels.

/** Reductions of integers, with what they make cut to one. */
const reductions = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'SumSquare'].map(
  (name) =>
    [
      `Reduce${name} of integers`,
      {
        opset: 18,
        nodes: [[`Reduce${name}`, ['i', 'axes'], ['y'], { keepdims: 0 }]],
        inputs: {
          i: whole([3, 2, 4], ...[3, -4, 2, 1, 2, 1, 3, -3, 6, 2, 4, 1], ...[3, 8, 1, 5, 2, 7, 2, 1, 1, 6, 1, 3]),
        },
        constants: { axes: longs(0, -1) },
        types: { y: 7 },
      },
    ] as const,
)

export const types: NamedCases = [
  ...reductions,
  ...['Sum', 'L1', 'L2', 'LogSum', 'SumSquare'].map(
    (name) =>
      [
        `Reduce${name} of a size along no axis`,
        {
          opset: 18,
          nodes: [
            ['Size', ['x'], ['n']],
            [`Reduce${name}`, ['n'], ['y'], { noop_with_empty_axes: 1 }],
          ] as const,
          inputs: { x: [2, 3] },
          types: { y: 7 },
        },
      ] as const,
  ),
  [
    'places of maxima are integers, and maxima of bytes are bytes',
    {
      opset: 18,
      nodes: [
        ['MaxPool', ['x'], ['m', 'places'], { kernel_shape: [3, 2] }],
        ['ReduceMean', ['places', 'axes'], ['y'], { keepdims: 0 }],
        ['Cast', ['i'], ['bytes'], { to: 2 }],
        ['MaxPool', ['bytes'], ['most'], { kernel_shape: [2] }],
        ['Add', ['most', 'most'], ['twice']],
        ['Cast', ['twice'], ['z'], { to: 1 }],
      ],
      inputs: { x: [2, 3, 7, 9], i: whole([1, 1, 4], 200, 100, 7, 250) },
      constants: { axes: longs(2, 3) },
      outputs: ['y', 'z', 'm'],
      types: { y: 7 },
    },
  ],
  [
    'a size as a truth value, and as a power',
    {
      opset: 17,
      nodes: [
        ['Size', ['x'], ['n']],
        ['Cast', ['n'], ['t'], { to: 9 }],
        ['Cast', ['t'], ['y'], { to: 1 }],
        ['Pow', ['two', 'less'], ['z']],
        ['Add', ['n', 'z'], ['s']],
      ],
      inputs: { x: [2, 3] },
      constants: { two: longs(2), less: longs(-1) },
      outputs: ['y', 's'],
      types: { s: 7 },
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
