import { describe, expect, it } from 'vitest'
import { readModel, spatialNodes } from '../models/onnx/all.ts'
import { graph, model, node } from '../models/onnx/make-model.ts'
import { nodesOf, only, w } from './nodes-of.ts'

describe('subgraphs and functions', () => {
  const conv = (input: string, output: string, name: string) =>
    node('Conv', `${input} w`, output, { strides: [2] }, { name })
  const initializers = [w(3, 3, 3)]
  const branch = (name: string) => ({ graph: graph({ nodes: [conv('x', 'b', name)], outputs: { b: undefined } }) })
  const choice = node('If', 'flag', 'i', { then_branch: branch('a'), else_branch: branch('b') }, { name: 'choice' })

  it('are listed in order with their paths, and what leaves them is known', async () => {
    const nodes = await nodesOf({
      nodes: [choice, conv('i', 'y', 'after')],
      inputs: { x: [1, 3, 21], flag: [] },
      initializers,
    })
    expect(nodes.map(({ path, name, outputShape }) => [path, name, outputShape?.[2]])).toEqual([
      ['main / choice.then_branch', 'a', 10],
      ['main / choice.else_branch', 'b', 10],
      ['main', 'after', 4],
    ])
    expect(nodes[0].graph?.nodes).toContain(nodes[0].node)
  })

  it('a condition that is known takes its branch', async () => {
    const still = { graph: graph({ nodes: [node('Identity', 'x', 'b')], outputs: { b: undefined } }) }
    const made = (flag: number) => [
      node('Constant', '', 'flag', { value: { tensor: { dims: [], dataType: 9, int32Data: [flag] } } }),
      node('If', 'flag', 'i', { then_branch: branch('a'), else_branch: still }),
      conv('i', 'y', 'after'),
    ]
    const inputs = { x: [1, 3, 21] }
    expect((await nodesOf({ nodes: made(1), inputs, initializers })).at(-1)?.outputShape).toEqual([1, 3, 4])
    expect((await nodesOf({ nodes: made(1), inputs, initializers })).map(({ isSkipped }) => isSkipped)).toEqual([
      false,
      false,
    ])
    expect((await nodesOf({ nodes: made(0), inputs, initializers })).map(({ isSkipped }) => isSkipped)).toEqual([
      true,
      false,
    ])
    expect((await nodesOf({ nodes: made(0), inputs, initializers })).at(-1)?.outputShape).toEqual([1, 3, 10])
  })

  it('of Scan know their states and slices, of Loop what they declare', async () => {
    const body = graph({
      nodes: [node('Identity', 's', 't'), conv('z', 'o', 'inside')],
      inputs: { s: undefined, z: undefined },
      outputs: { t: undefined, o: undefined },
    })
    const scan = node('Scan', 'state xs', 'final ys', { num_scan_inputs: 1, body: { graph: body } })
    const inputs = { state: [4], xs: [6, 1, 3, 21], x: [1, 3, 21] }
    expect((await only({ nodes: [scan], inputs, initializers })).outputShape).toEqual([1, 3, 10])
    const loop = (shape?: number[]) =>
      node('Loop', 'm c x', 'l', {
        body: {
          graph: graph({
            nodes: [conv('v', 'o', 'inside')],
            inputs: { i: [], c: [], v: shape },
            outputs: { c: [], o: undefined },
          }),
        },
      })
    expect((await only({ nodes: [loop([1, 3, 9])], inputs, initializers })).outputShape).toEqual([1, 3, 4])
    expect((await only({ nodes: [loop()], inputs, initializers })).axes[0].input).toBeUndefined()
  })

  const functions = (nodes: ReturnType<typeof node>[]) => [
    {
      name: 'block',
      domain: 'mine',
      input: ['a', 'w'],
      output: ['b'],
      attribute: ['steps'],
      opsetImport: [{ domain: '', version: 17n }],
      node: nodes,
    },
  ]
  const call = (input: string, output: string, steps: number) =>
    node('block', `${input} w`, output, { steps: [steps] }, { domain: 'mine', name: `call ${output}` })
  const list = async (nodes: ReturnType<typeof node>[], called: Parameters<typeof model>[2]) =>
    spatialNodes(await readModel(model({ nodes, inputs: { x: [1, 3, 21] }, initializers }, 17, called)))

  it('functions are listed for each call, with the attributes of the call', async () => {
    const body = [node('Conv', 'a w', 'b', { strides: { ref: 'steps' } })]
    const nodes = await list([call('x', 'i', 1), call('i', 'y', 3)], functions(body))
    expect(nodes.map(({ path, calls, graph, outputShape }) => [path, calls, graph, outputShape])).toEqual([
      ['main / call i', 2, undefined, [1, 3, 19]],
      ['main / call y', 2, undefined, [1, 3, 6]],
    ])
    expect(nodes[0].node).toBe(nodes[1].node)
  })

  it('attributes of the call reach a branch that the function takes or not, as those of torchlib do', async () => {
    // Whether there is a batch: the rank of the input, as a size of a shape, is compared with that of the weights.
    const inside = [node('Conv', 'a w', 'c', { strides: { ref: 'steps' } })]
    const branchOf = (nodes: ReturnType<typeof node>[]) => ({ graph: graph({ nodes, outputs: { c: undefined } }) })
    const without = [node('Unsqueeze', 'a zero', 'u'), node('Conv', 'u w', 'c')]
    const body = [
      ...[node('Shape', 'a', 's'), node('Size', 's', 'rank'), node('Constant', '', 'three', { value_int: 3 })],
      ...[node('Equal', 'rank three', 'batch'), node('Not', 'batch', 'none')],
      node('If', 'none', 'b', { then_branch: branchOf(without), else_branch: branchOf(inside) }),
    ]
    const nodes = await list([call('x', 'y', 4)], functions(body))
    expect(nodes.map(({ path, isSkipped, outputShape }) => [path, isSkipped, outputShape?.[2]])).toEqual([
      ["main / call y / If 'b'.then_branch", true, undefined],
      ["main / call y / If 'b'.else_branch", false, 5],
    ])
  })

  it('that call themselves, or each other without end, are refused', async () => {
    await expect(list([call('x', 'y', 1)], functions([call('a', 'b', 1)]))).rejects.toThrow(
      /^model: a function must not call itself, got 'block' \(at byte \d+\)$/,
    )
    const tower = Array.from({ length: 30 }, (_, level) => ({
      ...{ name: `f${level}`, domain: 'mine', input: ['a'], output: ['b'] },
      node: ['m', 'b'].map((output) => node(`f${level + 1}`, 'a', output, {}, { domain: 'mine' })),
    }))
    await expect(list([node('f0', 'x', 'y', {}, { domain: 'mine' })], tower)).rejects.toThrow(
      /^model: calls of functions must come to at most \d+ nodes and values, got more \(at byte \d+\)$/,
    )
  })
})
