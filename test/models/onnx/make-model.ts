import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type FunctionProtoSchema,
  type GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from 'onnx-buf'

// Models for tests, written by another library than the one that is tested.

type Graph = MessageInitShape<typeof GraphProtoSchema>
type Tensor = MessageInitShape<typeof TensorProtoSchema>
type Attribute = MessageInitShape<typeof AttributeProtoSchema>
type Value =
  | number
  | string
  | readonly number[]
  | { float: number }
  | { tensor: Tensor }
  | { graph: Graph }
  | { ref: string }

const encoder = new TextEncoder()
const int64s = (values: readonly number[]): bigint[] => values.map(BigInt)

function attribute(name: string, value: Value): Attribute {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: encoder.encode(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  if ('tensor' in value) return { name, type: AttributeType.TENSOR, t: value.tensor }
  if ('graph' in value) return { name, type: AttributeType.GRAPH, g: value.graph }
  if ('ref' in value) return { name, type: AttributeType.INTS, refAttrName: value.ref }
  return { name, type: AttributeType.INTS, ints: int64s(value) }
}

/** A node; `'a b'` are two values, `-` is one that is left out. */
export function node(
  opType: string,
  inputs: string,
  outputs: string,
  attributes: Readonly<Record<string, Value>> = {},
  more: { readonly name?: string; readonly domain?: string } = {},
): NodeProto {
  const names = (text: string): string[] =>
    text === '' ? [] : text.split(' ').map((name) => (name === '-' ? '' : name))
  return create(NodeProtoSchema, {
    ...{ opType, input: names(inputs), output: names(outputs), ...more },
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  })
}

/** An int64 vector; a number is a scalar. */
export function ints(name: string, values: number | readonly number[]): Tensor {
  const list = typeof values === 'number' ? [values] : values
  const dims = typeof values === 'number' ? [] : [BigInt(list.length)]
  return { name, dims, dataType: 7, rawData: new Uint8Array(BigInt64Array.from(int64s(list)).buffer) }
}

/** Float32 values, zeros unless given. */
export function floats(name: string, dims: readonly number[], values?: readonly number[]): Tensor {
  const length = dims.reduce((product, size) => product * size, 1)
  const data = Float32Array.from(values ?? new Array(length).fill(0))
  return { name, dims: int64s(dims), dataType: 1, rawData: new Uint8Array(data.buffer) }
}

/** ONNX's numbers for types of elements, and how values of each are held. */
const elements = {
  float: [1, Float32Array],
  uint8: [2, Uint8Array],
  int8: [3, Int8Array],
  double: [11, Float64Array],
} as const

/** A constant of any of these types; no dimensions make a scalar. */
export function constant(
  name: string,
  type: keyof typeof elements | 'int64',
  dims: readonly number[],
  values: readonly number[],
): Tensor {
  if (type === 'int64') return { ...ints(name, values), dims: int64s(dims) }
  const [dataType, Values] = elements[type]
  return { name, dims: int64s(dims), dataType, rawData: new Uint8Array(Values.from(values).buffer) }
}

/** What a graph consists of: types of values by name, and nothing where the type is not said. */
export interface Parts {
  readonly nodes: readonly NodeProto[]
  readonly inputs?: Readonly<Record<string, readonly (number | string)[] | undefined>>
  readonly outputs?: Readonly<Record<string, readonly (number | string)[] | undefined>>
  readonly values?: Readonly<Record<string, readonly (number | string)[]>>
  readonly initializers?: readonly Tensor[]
}

/** A graph or subgraph. */
export function graph({
  nodes,
  inputs = {},
  outputs = { y: undefined },
  values = {},
  initializers = [],
}: Parts): Graph {
  const types = (record: NonNullable<Parts['inputs']>) =>
    Object.entries(record).map(([name, shape]) => value(name, shape))
  return {
    ...{ name: 'graph', node: [...nodes], initializer: [...initializers] },
    ...{ input: types(inputs), output: types(outputs), valueInfo: types(values) },
  }
}

function value(name: string, shape?: readonly (number | string)[]): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape?.map((size) =>
    typeof size === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
      : { value: { case: 'dimParam' as const, value: size } },
  )
  return { name, type: { value: { case: 'tensorType', value: { elemType: 1, ...(dim && { shape: { dim } }) } } } }
}

/** The bytes of a model. */
export function model(
  parts: Parts,
  opset = 17,
  functions: readonly MessageInitShape<typeof FunctionProtoSchema>[] = [],
): Uint8Array<ArrayBuffer> {
  const opsetImport = [{ domain: '', version: BigInt(opset) }]
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'test',
      opsetImport,
      graph: graph(parts),
      functions: [...functions],
    }),
  )
}
