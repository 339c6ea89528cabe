import { expect, it } from 'vitest'
import { SamepadError } from '../../src/geometry/error.ts'
import { loadNetwork } from '../../src/graph.ts'
import { type ModelOf, modelBytes, type NodeOf, tensorFrom } from './onnx-bytes.ts'
import { integers, sizeModels } from './size-models.ts'

it('3,000 spoilt models run or are refused', async () => {
  let state = 7
  const below = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const counts = { ran: 0, refused: 0 }
  for (let index = 0; index < 3000; index++) {
    const [model, shape] = sizeModels[index % sizeModels.length]
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

it('what is declared is not believed: steps are made of the tensors that are there', async () => {
  const run = async (model: Partial<ModelOf>, shape: readonly number[] = [1, 2, 4]): Promise<unknown> => {
    const network = await loadNetwork(
      modelBytes({ inputs: { x: ['a', 'b', 'c'] }, outputs: ['y'], nodes: [], ...model }),
    )
    return network.run({ x: tensorFrom(1, shape) })
  }
  // A Tile without numbers of its own, a bias of other channels, an axis that is none, a value that is made twice.
  await expect(run({ nodes: [['Tile', ['x'], ['y']]] })).rejects.toThrow(SamepadError)
  const constants = { w: tensorFrom(2, [3, 2, 1]), b: tensorFrom(3, [4]) }
  await expect(run({ nodes: [['Conv', ['x', 'w', 'b'], ['y']]], constants })).rejects.toThrow(
    "run: Conv 'y' must make [1,3,4] of inputs that fit it, got [[1, 2, 4]]",
  )
  await expect(run({ nodes: [['Softmax', ['x'], ['y'], { axis: 7 }]] })).rejects.toThrow(
    "run: Softmax 'y' must have axes from -3 to 2, got [7]",
  )
  const twice: NodeOf[] = [
    ['Relu', ['x'], ['y']],
    ['Neg', ['x'], ['y']],
  ]
  await expect(run({ nodes: twice })).rejects.toThrow("Neg 'y' makes y, which is there before")
  await expect(run({ nodes: twice.slice(0, 1) })).resolves.toBeDefined()
  // Nodes that wait for each other, and what nothing makes.
  const ordered: NodeOf[] = [
    ['Neg', ['x'], ['z']],
    ['Relu', ['z'], ['y']],
  ]
  const circle: NodeOf[] = [
    ['Add', ['x', 'y'], ['z']],
    ['Relu', ['z'], ['y']],
  ]
  await expect(run({ nodes: circle })).rejects.toThrow(/reads [yz], which nothing before it makes/)
  await expect(run({ nodes: twice.slice(0, 1), outputs: ['z'] })).rejects.toThrow('output z is made by no node')
  await expect(run({ nodes: ordered, outputs: ['y', 'x', 'z'] })).resolves.toBeDefined()
})

it('a region however far away takes no time', async () => {
  const constants = {
    ...{ r: { shape: [6], data: [0, 0, -1e30, 1, 1, 1e30] }, s: { shape: [3], data: [1, 1, 2] } },
  }
  for (const mode of ['linear', 'cubic', 'nearest']) {
    const attributes = { mode, coordinate_transformation_mode: 'tf_crop_and_resize', extrapolation_value: { float: 5 } }
    const nodes: NodeOf[] = [['Resize', ['x', 'r', 's'], ['y'], attributes]]
    const network = await loadNetwork(modelBytes({ inputs: { x: [1, 2, 4] }, outputs: ['y'], nodes, constants }))
    expect([...network.run({ x: tensorFrom(1, [1, 2, 4]) }).y.data]).toEqual(new Array(16).fill(5))
  }
})
