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
