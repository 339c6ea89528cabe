import { floats, longs, type NamedCases, real, whole } from './case.ts'

// Elements that are read and written at places which the model computes, and sizes that it computes.

export const places: NamedCases = [
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
]
