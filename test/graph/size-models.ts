import { type ModelOf, numbersFrom } from './onnx-bytes.ts'

export const integers = (...data: number[]) => ({ shape: [data.length], data, type: 7 })

/** Models whose numbers say sizes, with the shape of their input. */
export const sizeModels: readonly (readonly [ModelOf, readonly number[]])[] = [
  [
    {
      inputs: { x: ['n', 3, 'h', 'w'] },
      outputs: ['y'],
      nodes: [
        ['Conv', ['x', 'w'], ['c'], { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
        ['MaxPool', ['c'], ['m'], { kernel_shape: [2, 2], pads: [0, 0, 1, 1] }],
        ['Shape', ['m'], ['s']],
        ['Gather', ['s', 'i'], ['g']],
        ['Concat', ['g', 'k'], ['t'], { axis: 0 }],
        ['Reshape', ['m', 't'], ['f']],
        ['Softmax', ['f'], ['y'], { axis: 1 }],
      ],
      constants: { w: { shape: [5, 3, 3, 3], data: numbersFrom(1, 135) }, i: integers(0), k: integers(-1) },
    },
    [1, 3, 9, 12],
  ],
  [
    {
      inputs: { x: [2, 3, 8] },
      outputs: ['y'],
      nodes: [
        ['Pad', ['x', 'p'], ['q']],
        ['Slice', ['q', 'b', 'e', 'a', 'st'], ['sl']],
        ['Transpose', ['sl'], ['tr'], { perm: [1, 0, 2] }],
        ['Expand', ['tr', 'ex'], ['xx']],
        ['Tile', ['xx', 'ti'], ['tt']],
        ['Split', ['tt'], ['u', 'v'], { axis: 2 }],
        ['Concat', ['u', 'v'], ['cc'], { axis: 1 }],
        ['ReduceMax', ['cc'], ['mx'], { axes: [1] }],
        ['TopK', ['mx', 'kk'], ['y', 'ii'], { axis: -1 }],
      ],
      constants: {
        ...{ p: integers(0, 0, 1, 0, 0, 1), b: integers(1), e: integers(9), a: integers(2), st: integers(1) },
        ...{ ex: integers(3, 2, 8), ti: integers(1, 2, 1), kk: integers(2) },
      },
    },
    [2, 3, 8],
  ],
]
