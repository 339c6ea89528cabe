import type { NodeOf } from '../onnx-bytes.ts'
import { floats, longs, type NamedCases, type OperatorCase, real, weights } from './case.ts'

// Parts of networks as exporters write them.

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

/** Boxes are joined to others only where there are any, as exporters of detectors write it. */
const choosing: OperatorCase = {
  opset: 17,
  nodes: [
    ['Greater', ['x', 'least'], ['more']],
    ['Compress', ['x', 'more'], ['kept']],
    ['Size', ['kept'], ['count']],
    ['Equal', ['count', 'none'], ['isEmpty']],
    [
      'If',
      ['isEmpty'],
      ['y'],
      {
        then_branch: { graph: { nodes: [['Neg', ['x'], ['n']]], outputs: ['n'] } },
        else_branch: {
          graph: {
            nodes: [
              ['Concat', ['kept', 'own'], ['c'], { axis: 0 }],
              ['Mul', ['c', 'own'], ['m']],
            ],
            outputs: ['m'],
            constants: { own: floats(3) },
          },
        },
      },
    ],
  ],
  inputs: { x: [7] },
  constants: { least: floats(0.1), none: { shape: [], data: [0], type: 7 } },
}

export const networks: NamedCases = [
  ['If by how many are kept', choosing],
  ['attention', attention],
  ['detector', detector],
]
