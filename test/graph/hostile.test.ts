import { expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry/error.ts'
import { loadNetwork } from '../../src/graph.ts'
import { type ModelOf, modelBytes, type NodeOf, numbersFrom, tensorFrom } from './onnx-bytes.ts'

const integers = (...data: number[]) => ({ shape: [data.length], data, type: 7 })

/** Models whose numbers say sizes, with the shape of their input. */
const models: readonly (readonly [ModelOf, readonly number[]])[] = [
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

it('3,000 spoilt models run or are refused', async () => {
  let state = 7
  const below = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const counts = { ran: 0, refused: 0 }
  for (let index = 0; index < 3000; index++) {
    const [model, shape] = models[index % models.length]
    const bytes = modelBytes(model)
    for (let change = below(3); change >= 0; change--) bytes[below(bytes.length)] = below(256)
    try {
      const network = await loadNetwork(bytes)
      network.run(Object.fromEntries(network.inputs.map(({ name }) => [name, tensorFrom(3, shape)])))
      network.release()
      counts.ran++
    } catch (error) {
      if (!(error instanceof SamepadError)) throw error
      counts.refused++
    }
  }
  expect(counts.ran).toBeGreaterThan(300)
  expect(counts.refused).toBeGreaterThan(300)
})

it('a number in the file does not decide alone how much is computed', async () => {
  const refusal = async (nodes: readonly NodeOf[], constants: ModelOf['constants']): Promise<unknown> => {
    const network = await loadNetwork(modelBytes({ inputs: { x: [1, 1, 4] }, outputs: ['y'], nodes, constants }))
    return network.run({ x: tensorFrom(1, [1, 1, 4]) })
  }
  const many = integers(1, 10_000, 10_000)
  await expect(refusal([['Tile', ['x', 'k'], ['y']]], { k: many })).rejects.toThrow(
    'must make at most 16777216 elements',
  )
  await expect(
    refusal(
      [
        ['ConstantOfShape', ['k'], ['c']],
        ['Add', ['x', 'c'], ['y']],
      ],
      { k: integers(1, 10_000_000, 4) },
    ),
  ).rejects.toThrow('must make at most 16777216 elements')
  await expect(refusal([['Tile', ['x', 'k'], ['y']]], { k: integers(1, 10, 10) })).resolves.toBeDefined()
})
