import { create, createRegistry, equals, fromBinary } from '@bufbuild/protobuf'
import { AttributeProtoSchema, type GraphProto, type ModelProto, ModelProtoSchema, NodeProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import {
  addInitializer,
  applyEdits,
  attributeOf,
  type Edit,
  editedChunks,
  type Graph,
  insertNode,
  type Node,
  readModel,
  remove,
  removeAttribute,
  setAttribute,
  setInput,
} from './all.ts'
import { floats, graph, model, node } from './make-model.ts'
import { bytesOf, realModels, realNames } from './real-models.ts'

/** The model as another library reads it. */
const oracle = (bytes: Uint8Array): ModelProto => fromBinary(ModelProtoSchema, bytes)

/** Checks that edits do what the same change does to the other library's objects, and nothing else. */
async function expectChange(
  bytes: Uint8Array,
  edits: readonly Edit[],
  change: (model: ModelProto) => void,
): Promise<void> {
  const wanted = oracle(bytes)
  change(wanted)
  expect(
    equals(ModelProtoSchema, oracle(await applyEdits(bytes, edits)), wanted, {
      unknown: true,
      registry: createRegistry(),
    }),
  ).toBe(true)
}

const nodesOf = ({ nodes }: Graph): Node[] =>
  nodes.flatMap((one) => [one, ...one.attributes.flatMap(({ graph }) => (graph ? nodesOf(graph) : []))])
const eachNode = ({ node }: GraphProto, change: (node: GraphProto['node'][number]) => void): void => {
  for (const one of node) {
    for (const { g } of one.attribute) if (g) eachNode(g, change)
    change(one)
  }
}

describe('real models', () => {
  it.each(realNames)('%s: no edit gives the very same bytes', async (name) => {
    const bytes = bytesOf(name)
    expect(Buffer.compare(await applyEdits(realModels[name].path, []), bytes)).toBe(0)
  })

  it.each(realNames)('%s: an attribute for every node, those of subgraphs too', async (name) => {
    const bytes = bytesOf(name)
    const { graph } = await readModel(bytes)
    const edits = nodesOf(graph).map((one, index) => setAttribute(one, 'mark', index - 3))
    let index = nodesOf(graph).length
    expect(edits).toHaveLength(index)
    const marks = new Map(nodesOf(graph).map((one, mark) => [one.outputs.join(), mark - 3]))
    await expectChange(bytes, edits.reverse(), ({ graph }) =>
      eachNode(graph as GraphProto, (one) => {
        index--
        const i = BigInt(marks.get(one.output.join()) ?? 0)
        one.attribute.push(create(AttributeProtoSchema, { name: 'mark', type: 2, i }))
      }),
    )
    expect(index).toBe(0)
  })

  it('BlazeFace: pads become auto_pad, and every byte between the changes stays', async () => {
    const bytes = bytesOf('blazeface')
    const { graph } = await readModel(bytes)
    const convs = graph.nodes.filter((one) => attributeOf(one, 'pads'))
    const edits = convs.flatMap((one) => [removeAttribute(one, 'pads'), setAttribute(one, 'auto_pad', 'SAME_UPPER')])
    const edited = await applyEdits(bytes, edits)
    // What lies before, between and after the nodes that changed is found in the result, in this order.
    let at = 0
    for (const [index, { frame }] of convs.entries()) {
      const next = convs[index + 1]?.frame.start ?? bytes.length
      const between = bytes.subarray(frame.end, next)
      at = Buffer.from(edited.buffer).indexOf(between, at)
      expect(at).toBeGreaterThan(0)
      at += between.length
    }
    expect(at).toBe(edited.length)
    expect(convs.length).toBeGreaterThan(20)
  })

  it('chunks make the same file, from a path and from bytes', async () => {
    const bytes = bytesOf('recognition')
    const { graph } = await readModel(bytes)
    const edits = [remove(graph.nodes[4]), setAttribute(graph.nodes[500], 'k', [1, 2])]
    const chunks: Uint8Array[] = []
    for await (const chunk of editedChunks(realModels.recognition.path, edits)) chunks.push(chunk)
    expect(Math.max(...chunks.map(({ length }) => length))).toBe(2 ** 20)
    expect(Buffer.compare(Buffer.concat(chunks), await applyEdits(bytes, edits))).toBe(0)
  })
})

describe('each change', () => {
  const inner = graph({ nodes: [node('Relu', 'x', 'r')], outputs: { r: [1] } })
  const called = { name: 'f', domain: 'mine', input: ['a'], output: ['b'], node: [node('Neg', 'a', 'b')] }
  const bytes = model(
    {
      nodes: [
        node('Conv', 'x w', 'c', { pads: [0, 1, 0, 1], group: 1 }, { name: 'first' }),
        node('If', 'flag', 'y', { then_branch: { graph: inner }, else_branch: { graph: inner } }),
      ],
      initializers: [floats('w', [7, 5, 3, 2])],
    },
    17,
    [called],
  )

  it('attributes are set, replaced and taken away', async () => {
    const { graph } = await readModel(bytes)
    const [conv, branch] = graph.nodes
    const edits = [
      ...[setAttribute(conv, 'pads', [-1, 2 ** 40]), removeAttribute(conv, 'group'), setAttribute(conv, 'k', 'text')],
      setAttribute(nodesOf(graph)[2], 'alpha', 5),
    ]
    expect(branch.attributes[0].graph?.nodes[0]).toBe(nodesOf(graph)[2])
    await expectChange(bytes, edits, ({ graph }) => {
      const [first, second] = graph?.node ?? []
      const text = new TextEncoder().encode('text')
      first.attribute = [
        create(AttributeProtoSchema, { name: 'pads', type: 7, ints: [-1n, 2n ** 40n] }),
        create(AttributeProtoSchema, { name: 'k', type: 3, s: text }),
      ]
      second.attribute[0].g?.node[0].attribute.push(create(AttributeProtoSchema, { name: 'alpha', type: 2, i: 5n }))
    })
  })

  it('nodes are put in and taken out, inputs are replaced, constants are added', async () => {
    const { graph, functions } = await readModel(bytes)
    const [conv, branch] = graph.nodes
    const pad = { opType: 'Pad', name: 'pad', inputs: ['x', 'p'], outputs: ['xp'], attributes: { mode: 'reflect' } }
    const edits = [
      ...[insertNode(graph, conv, pad), setInput(conv, 0, 'xp'), setInput(conv, 2, 'bias')],
      ...[addInitializer(graph, { name: 'p', type: 'int64', values: [0, -3] })],
      ...[addInitializer(graph, { name: 'q', type: 'float', values: 0.5 }), remove(branch)],
      insertNode(functions[0], functions[0].nodes[0], { ...pad, domain: 'com.microsoft' }),
    ]
    await expectChange(bytes, edits, ({ graph, functions }) => {
      const made = { opType: 'Pad', name: 'pad', input: ['x', 'p'], output: ['xp'] }
      const mode = { name: 'mode', type: 3, s: new TextEncoder().encode('reflect') }
      if (!graph) throw new Error('no graph')
      graph.node = [create(NodeProtoSchema, { ...made, attribute: [mode] }), graph.node[0]]
      graph.node[1].input = ['xp', 'w', 'bias']
      const other = oracle(model({ nodes: [], initializers: [floats('q', [], [0.5])] })).graph?.initializer[0]
      const ints = { name: 'p', dims: [2n], dataType: 7, rawData: new Uint8Array(BigInt64Array.of(0n, -3n).buffer) }
      graph.initializer.push(...(oracle(model({ nodes: [], initializers: [ints] })).graph?.initializer ?? []))
      if (other) graph.initializer.push(other)
      functions[0].node.unshift(create(NodeProtoSchema, { ...made, domain: 'com.microsoft', attribute: [mode] }))
    })
  })

  it('lengths grow by a byte where they must, through all messages around', async () => {
    for (let size = 80; size < 135; size++) {
      const padded = model({ nodes: [node('Conv', 'x w', 'c', {}, { name: 'n'.repeat(size) })], outputs: {} })
      const { graph } = await readModel(padded)
      await expectChange(padded, [setAttribute(graph.nodes[0], 'group', 1)], ({ graph }) => {
        graph?.node[0].attribute.push(create(AttributeProtoSchema, { name: 'group', type: 2, i: 1n }))
      })
    }
  })

  it('what is put in at the end of a node stays apart from what is put in before the next one, in any order', async () => {
    const { graph } = await readModel(bytes)
    const [conv, branch] = graph.nodes
    expect(conv.frame.end).toBe(branch.frame.start)
    const edits = [
      insertNode(graph, branch, { opType: 'Neg', name: '', inputs: ['c'], outputs: ['d'], attributes: {} }),
      setAttribute(conv, 'last', 1),
    ]
    for (const order of [edits, edits.toReversed()]) {
      const { graph } = await readModel(await applyEdits(bytes, order))
      expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Conv', 'Neg', 'If'])
      expect(graph.nodes[0].attributes.map(({ name }) => name)).toEqual(['pads', 'group', 'last'])
    }
  })

  it('edits may come from models that were read one after another', async () => {
    const [first, second] = [await readModel(bytes), await readModel(bytes)]
    const edits = [first, second].map(({ graph }, index) => setAttribute(graph.nodes[index], `k${index}`, 1))
    const { graph } = await readModel(await applyEdits(bytes, edits))
    expect(graph.nodes.map((one) => one.attributes.at(-1)?.name)).toEqual(['k0', 'k1'])
  })

  it('fields that nobody knows survive', async () => {
    const strange = [0xfa, 0x3f, 3, 1, 2, 3] // field 1023 of three bytes
    const { graph } = await readModel(bytes)
    const within = [graph.frame, graph.nodes[0].frame, graph.nodes[0].attributes[0].frame, graph.initializers[0].frame]
    const marked = await applyEdits(
      bytes,
      within.map((frame) => ({ begin: frame.end, end: frame.end, bytes: Uint8Array.from(strange), within: frame })),
    )
    const again = await readModel(marked)
    await expectChange(marked, [setAttribute(again.graph.nodes[0], 'group', 7)], ({ graph }) => {
      const attribute = graph?.node[0].attribute.find(({ name }) => name === 'group')
      if (attribute) attribute.i = 7n
    })
    expect(oracle(marked).graph?.node[0].$unknown).toHaveLength(1)
  })

  it('a message whose length was written longer than needed keeps it unless it changes', async () => {
    const long = Uint8Array.from([0x3a, 0x82, 0x80, 0x00, 0x0a, 0x00])
    const { graph } = await readModel(long)
    expect([...(await applyEdits(long, []))]).toEqual([...long])
    expect([...(await applyEdits(long, [remove(graph.nodes[0])]))]).toEqual([0x3a, 0])
  })

  it('mistakes are refused', async () => {
    const { graph, frame } = await readModel(bytes)
    const [conv, branch] = graph.nodes
    const refusal = (edits: readonly Edit[]): Promise<string> =>
      applyEdits(bytes, edits).then(String, ({ message }) => message)
    expect(await refusal([remove(conv), setAttribute(conv, 'pads', [1])])).toMatch(
      /^onnx: edits must not overlap, got \d+ to \d+ \(at byte \d+\)$/,
    )
    expect(await refusal([{ ...remove(conv), within: branch.frame }])).toMatch(
      /^onnx: an edit must lie within its message, got /,
    )
    const beyond = {
      begin: bytes.length + 1,
      end: bytes.length + 1,
      bytes,
      within: { ...frame, end: bytes.length + 9 },
    }
    expect(await refusal([beyond])).toMatch(/^onnx: an edit must lie within the file, got /)
    expect(() => removeAttribute(conv, 'strides')).toThrow(
      "onnx: the node must have the attribute strides, got ['pads', 'group']",
    )
    expect(() => setInput(conv, 3, 'z')).toThrow('onnx: an input must be one of the node or the next one, got 3')
    expect(() => setAttribute(conv, 'k', 0.5)).toThrow('onnx: an integer that is written must be exact, got 0.5')
    expect(() => remove({ ...conv, frame })).toThrow('onnx: the model itself must stay, got 0')
  })
})
