import { expect, it } from 'vitest'
import { ordered } from '../../src/graph/model/order.ts'
import { loadNetwork } from '../../src/graph.ts'
import type { Node } from '../../src/network/model.ts'
import { modelBytes, type NodeOf, tensorFrom } from './onnx-bytes.ts'

const named = (name: string, ...inputs: string[]): Node =>
  ({ name, opType: 'Sum', domain: '', inputs, outputs: [name], attributes: [] }) as unknown as Node

const namesOf = (nodes: readonly Node[]): string =>
  ordered(nodes)
    .map(({ name }) => name)
    .join('')

it('nodes that are in order stay as they are, and others come behind what they read', () => {
  const [a, b, c, d] = [named('a', 'x'), named('b', 'a'), named('c', 'a', '', 'b'), named('d', 'x')]
  expect(namesOf([a, d, b, c])).toBe('adbc')
  expect(namesOf([c, d, b, a])).toBe('abcd')
  expect(namesOf([b, c, a, d])).toBe('abcd')
  expect(namesOf([named('a', 'c'), named('b', 'a'), named('c', 'b')])).toHaveLength(3)
  // As deep as a file makes it, and each node once.
  const chain = Array.from({ length: 20_000 }, (_, at) => named(`n${at}`, at === 0 ? 'x' : `n${at - 1}`, `n${at - 2}`))
  expect(ordered(chain.toReversed())).toEqual(chain)
})

it('a file whose nodes are in no order gives what it gives in order', async () => {
  const nodes: NodeOf[] = [
    ['Conv', ['x', 'w'], ['c']],
    ['Relu', ['c'], ['r']],
    ['Shape', ['r'], ['s']],
    ['ConstantOfShape', ['s'], ['zeros']],
    ['Sub', ['zeros', 'r'], ['n']],
  ]
  const constants = { w: tensorFrom(2, [4, 3, 1, 1]) }
  const x = tensorFrom(1, [1, 3, 5, 4])
  const results: Float32Array[] = []
  for (const list of [nodes, nodes.toReversed(), [...nodes.slice(3), ...nodes.slice(0, 3)]]) {
    const network = await loadNetwork(
      modelBytes({ inputs: { x: [1, 3, 'h', 'w'] }, outputs: ['n'], nodes: list, constants }),
    )
    results.push(network.run({ x }).n.data)
    network.release()
  }
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
  expect(results[0].some((one) => one !== 0)).toBe(true)
})
