import { fromBinary } from '@bufbuild/protobuf'
import { type GraphProto, ModelProtoSchema, type NodeProto } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { type Graph, type Model, type Node, readModel } from '../../../src/models.ts'
import { floats, ints, model, node } from './make-model.ts'
import { bytesOf, realModels, realNames } from './real-models.ts'

/** A node in words, as either reader has it. */
const ofNode = ({ name, opType, domain, inputs, outputs, attributes }: Node): unknown => [
  ...[name, opType, domain, inputs, outputs],
  attributes.map(({ name, int, ints, string, float, tensor, graph }) => [
    ...[name, int, ints, string, float, tensor?.dims],
    graph && ofGraph(graph),
  ]),
]
const ofGraph = ({ name, nodes, initializers, inputs, outputs }: Graph): unknown => [
  name,
  nodes.map(ofNode),
  initializers.map(({ name, dims, elementType }) => [name, dims, elementType]),
  [...inputs, ...outputs].map(({ name, elementType, shape }) => [name, elementType, shape]),
]

const INT = 2
const INTS = 7
const oracleNode = ({ name, opType, domain, input, output, attribute }: NodeProto): unknown => [
  ...[name, opType, domain, input, output],
  attribute.map(({ name, type, i, ints, s, f, t, g }) => [
    ...[name, type === INT ? Number(i) : undefined, type === INTS ? ints.map(Number) : undefined],
    type === 3 ? new TextDecoder().decode(s) : undefined,
    type === 1 ? f : undefined,
    t?.dims.map(Number),
    g && oracleGraph(g),
  ]),
]
const oracleGraph = ({ name, node, initializer, input, output }: GraphProto): unknown => [
  name,
  node.map(oracleNode),
  initializer.map(({ name, dims, dataType }) => [name, dims.map(Number), dataType]),
  [...input, ...output].map(({ name, type }) => {
    const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined
    const dims = tensor?.shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : value.value))
    return [name, tensor?.elemType ?? 0, dims]
  }),
]

describe('real models', () => {
  it.each(realNames)('%s is what another reader says', async (name) => {
    const bytes = bytesOf(name)
    const oracle = fromBinary(ModelProtoSchema, bytes)
    const read = await readModel(bytes)
    expect(read.irVersion).toBe(Number(oracle.irVersion))
    expect(read.producerName).toBe(oracle.producerName)
    expect([...read.opsets]).toEqual(oracle.opsetImport.map(({ domain, version }) => [domain, Number(version)]))
    expect(ofGraph(read.graph)).toEqual(oracle.graph && oracleGraph(oracle.graph))
  })

  it.each(realNames)('%s is the same from a path, a URL, a Blob and bytes', async (name) => {
    const { path } = realModels[name]
    const whole = plain(await readModel(bytesOf(name)))
    const url = new URL(`file://${path}`)
    for (const source of [path, url, new Blob([bytesOf(name)]), bytesOf(name).buffer]) {
      expect(plain(await readModel(source))).toBe(whole)
    }
  })
})

/** A model as text, small values included, its path left out. */
function plain(read: Model): string {
  return JSON.stringify({ ...read, path: undefined, opsets: [...read.opsets] }, (_, value) =>
    typeof value === 'object' && value !== null && 'values' in value && typeof value.values === 'function'
      ? { ...value, values: value.values() }
      : value,
  )
}

const conv = node('Conv', 'x w', 'y', { pads: [0, 1], auto_pad: 'NOTSET', group: 0 })

describe('parts', () => {
  it('every frame leads to its tag, its length and its content', async () => {
    const bytes = model({ nodes: [conv], initializers: [floats('w', [7, 5, 3])] })
    const { graph } = await readModel(bytes)
    const [{ frame, attributes, inputFrames }] = graph.nodes
    const text = (begin: number, end: number): string => new TextDecoder().decode(bytes.subarray(begin, end))
    expect(bytes[frame.start]).toBe((1 << 3) | 2)
    expect(bytes[frame.prefix]).toBe(frame.end - frame.begin)
    expect(frame.parent).toBe(graph.frame)
    expect(inputFrames.map(({ begin, end }) => text(begin, end))).toEqual(['x', 'w'])
    expect(attributes.map((one) => one.frame.parent === frame)).toEqual([true, true, true])
    expect(text(attributes[1].frame.begin, attributes[1].frame.end)).toContain('NOTSET')
    const { data } = graph.initializers[0]
    expect(data).toEqual({ begin: expect.any(Number), end: expect.any(Number) })
    expect(data && 'begin' in data && data.end - data.begin).toBe(7 * 5 * 3 * 4)
  })

  it('an attribute that proto3 leaves empty is its zero', async () => {
    const bytes = model({ nodes: [conv] })
    const { graph } = await readModel(bytes)
    expect(graph.nodes[0].attributes.map(({ int, ints, string }) => int ?? ints ?? string)).toEqual([
      [0, 1],
      'NOTSET',
      0,
    ])
    // The same without the field i, which proto3 leaves out.
    const bare = [0x0a, 1, 0x69, 0xa0, 1, 2] // name 'i', type INT
    const attribute = [0x2a, bare.length, ...bare]
    const inGraph = [0x0a, attribute.length, ...attribute]
    const read = await readModel(Uint8Array.from([0x3a, inGraph.length, ...inGraph]))
    expect(read.graph.nodes[0].attributes[0]).toMatchObject({ name: 'i', int: 0 })
  })

  it('values in every field that may hold them', async () => {
    const tensors = [
      { name: 'int32', dataType: 6, dims: [2n], int32Data: [-3, 7] },
      { name: 'int64', dataType: 7, dims: [2n], int64Data: [-(2n ** 63n), 2n ** 63n - 1n] },
      { name: 'float', dataType: 1, dims: [1n, 2n], floatData: [0.5, -2] },
      { name: 'double', dataType: 11, dims: [1n], doubleData: [1e300] },
      { name: 'uint64', dataType: 13, dims: [1n], uint64Data: [5n] },
      { name: 'half', dataType: 10, dims: [2n], int32Data: [0x3c00, 0xc000] },
      { name: 'half raw', dataType: 10, dims: [1n], rawData: Uint8Array.of(0, 0x38) },
      { name: 'uint8', dataType: 2, dims: [2n], rawData: Uint8Array.of(200, 1) },
      { name: 'int8', dataType: 3, dims: [1n], rawData: Uint8Array.of(200) },
      { name: 'too few', dataType: 7, dims: [3n], int64Data: [1n] },
      { name: 'torn', dataType: 7, dims: [1n], rawData: Uint8Array.of(1, 2) },
      { name: 'texts', dataType: 8, dims: [1n], stringData: [new Uint8Array(3)] },
      { name: 'large', dataType: 1, dims: [2000n], rawData: new Uint8Array(8000) },
      ints('scalar', 4),
    ]
    const { graph } = await readModel(model({ nodes: [], initializers: tensors }))
    expect(Object.fromEntries(graph.initializers.map((tensor) => [tensor.name, tensor.values()]))).toEqual({
      ...{ int32: [-3, 7], int64: [-(2 ** 63), 2 ** 63], float: [0.5, -2], double: [1e300], uint64: [5] },
      ...{ half: [1, -2], 'half raw': [0.5], uint8: [200, 1], int8: [-56], scalar: [4] },
      ...{ 'too few': undefined, torn: undefined, texts: undefined, large: undefined },
    })
  })

  it('external data by its place', async () => {
    const external = (entries: Record<string, string>) => ({
      ...{ name: 'w', dataType: 1, dims: [9n], dataLocation: 1 },
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    })
    const read = (entries: Record<string, string>) => readModel(model({ nodes: [], initializers: [external(entries)] }))
    const { graph } = await read({ location: 'weights/a.bin', offset: '4096', length: '36' })
    expect(graph.initializers[0].data).toEqual({ location: 'weights/a.bin', offset: 4096, length: 36 })
    expect(graph.initializers[0].values()).toBeUndefined()
    expect((await read({ location: 'a..b' })).graph.initializers[0].data).toMatchObject({
      offset: 0,
      length: undefined,
    })

    const outside = [
      '/etc/passwd',
      '../a',
      'a/../../b',
      '..',
      '.',
      '',
      'C:/a',
      'C:a',
      '\\\\host\\a',
      'a\\..\\b',
      'a\0b',
      '//a',
    ]
    for (const location of outside) {
      await expect(read({ location })).rejects.toThrow(
        /^onnx: external data must lie within the model's folder, got .*\(at byte \d+\)$/,
      )
    }
    await expect(read({ location: 'a', offset: '-1' })).rejects.toThrow(
      /^onnx: the offset of external data must be an integer/,
    )
    await expect(read({ location: 'a', length: '1e99' })).rejects.toThrow(
      /^onnx: the length of external data must be an integer/,
    )
  })

  it('functions with attributes of their caller, and sizes that are not known', async () => {
    const inner = node('Conv', 'a w', 'b', { strides: { ref: 'k' } })
    const called = { name: 'f', domain: 'mine', input: ['a'], output: ['b'], attribute: ['k'], node: [inner] }
    const read = await readModel(model({ nodes: [], inputs: { x: ['n', 3, -1], z: undefined } }, 17, [called]))
    expect(read.graph.inputs.map(({ shape }) => shape)).toEqual([['n', 3, undefined], undefined])
    expect(read.functions[0]).toMatchObject({ name: 'f', domain: 'mine', inputs: ['a'], outputs: ['b'] })
    expect(read.functions[0].nodes[0].attributes[0]).toMatchObject({ name: 'strides', reference: 'k' })
  })
})
