import { describe, expect, it } from 'vitest'
import { type ArgumentOrder, type Pads, padsFrom, padsTo } from '../../src/index.ts'
import fc from '../fast-check.ts'

/** Height and width, every number different, so that no two orders can be confused. */
const pads: Pads[] = [
  [1, 2],
  [3, 4],
]

describe.each<[ArgumentOrder, readonly unknown[]]>([
  ['pytorch', [3, 4, 1, 2]],
  ['onnx', [1, 3, 2, 4]],
  [
    'tensorflow',
    [
      [0, 0],
      [1, 2],
      [3, 4],
      [0, 0],
    ],
  ],
  [
    'jax',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['webnn', [1, 2, 3, 4]],
  ['coreml', [1, 2, 3, 4]],
  ['openvino', [1, 3, 2, 4]],
  ['paddle', [1, 2, 3, 4]],
  ['nnapi', [3, 4, 1, 2]],
  ['ncnn', [3, 4, 1, 2]],
  ['burn', [1, 3, 2, 4]],
])('%s', (order, argument) => {
  it('has its own order on two axes', () => {
    expect(padsTo(order, pads)).toEqual(argument)
    expect(padsFrom(order, argument as number[], 2)).toEqual(pads)
  })

  it('leads there and back on any number of axes', () => {
    const side = fc.integer({ min: -9, max: 9 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(side, side), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('nchw', 'nhwc'),
        (list, layout) => {
          expect(padsFrom(order, padsTo(order, list, layout), list.length, layout)).toEqual(list)
        },
      ),
    )
  })
})

it('TensorFlow puts the pairs where the layout has the axes', () => {
  expect(padsTo('tensorflow', pads, 'nchw')).toEqual([
    [0, 0],
    [0, 0],
    [1, 2],
    [3, 4],
  ])
})

it("PyTorch's order may leave out the first axes", () => {
  expect(padsFrom('pytorch', [3, 4], 2)).toEqual([
    [0, 0],
    [3, 4],
  ])
})
