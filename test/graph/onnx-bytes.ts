import { bytesField, floatField, integerField, join, textField } from '../../src/models/onnx/encode.ts'
import { fields } from '../../src/models/onnx/schema.ts'

// Models of ONNX for tests, as bytes.

/** An attribute: an integer, a float32, a text, integers, a graph, or the attribute of the call of a function. */
export type AttributeOf =
  | number
  | { readonly float: number }
  | string
  | readonly number[]
  | { readonly graph: BranchOf }
  | { readonly reference: string }

/** A graph without inputs. */
export interface BranchOf {
  readonly outputs: readonly string[]
  readonly nodes: readonly NodeOf[]
  readonly constants?: Readonly<Record<string, ConstantOf>>
}

/** A function of the domain `own`. */
export interface FunctionOf {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly NodeOf[]
  readonly opset?: number
}

/** `['Conv', ['x', 'w'], ['y'], { group: 2 }]`; `own.Block` is an operator of another domain. */
export type NodeOf = readonly [
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes?: Readonly<Record<string, AttributeOf>>,
]

export interface ConstantOf {
  readonly shape: readonly number[]
  readonly data: readonly number[] | Float32Array
  /** ONNX's number for the type: 1, float32, is the default; 7 is int64. */
  readonly type?: number
  /** Bytes of the elements in place of `data`. */
  readonly raw?: Uint8Array
  /** Field and bytes of a typed list in place of `data`. */
  readonly typed?: readonly [field: number, bytes: Uint8Array]
  /** Entries of external data in place of `data`. */
  readonly external?: Readonly<Record<string, string>>
}

export interface ModelOf {
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>
  readonly outputs: readonly string[]
  readonly nodes: readonly NodeOf[]
  readonly constants?: Readonly<Record<string, ConstantOf>>
  readonly opset?: number
  /** By their names. */
  readonly functions?: Readonly<Record<string, FunctionOf>>
  /** ONNX's numbers for types of inputs and outputs that are no float32. */
  readonly types?: Readonly<Record<string, number>>
}

/** A model's bytes. */
export function modelBytes({
  inputs,
  outputs,
  nodes,
  constants = {},
  opset = 17,
  types = {},
  functions = {},
}: ModelOf): Uint8Array {
  const { graph, model } = fields
  const whole = join([
    ...nodes.map((node) => bytesField(graph.node, nodeOf(node))),
    textField(graph.name, 'test'),
    ...Object.entries(constants).map(([name, constant]) => bytesField(graph.initializer, tensorOf(name, constant))),
    ...Object.entries(inputs).map(([name, shape]) => bytesField(graph.input, infoOf(name, types[name], shape))),
    ...outputs.map((name) => bytesField(graph.output, infoOf(name, types[name]))),
  ])
  return join([
    ...[integerField(model.irVersion, 8), bytesField(model.graph, whole), bytesField(model.opset, setOf(opset))],
    ...Object.entries(functions).map(([name, one]) => bytesField(model.function, functionOf(name, one, opset))),
  ])
}

const setOf = (opset: number): Uint8Array =>
  join([textField(fields.opset.domain, ''), integerField(fields.opset.version, opset)])

function functionOf(name: string, { inputs, outputs, nodes, opset }: FunctionOf, own: number): Uint8Array {
  const { function: field } = fields
  return join([
    ...[textField(field.name, name), textField(field.domain, 'own')],
    ...inputs.map((one) => textField(field.input, one)),
    ...outputs.map((one) => textField(field.output, one)),
    ...nodes.map((one) => bytesField(field.node, nodeOf(one))),
    bytesField(field.opset, setOf(opset ?? own)),
  ])
}

function graphOf({ nodes, outputs, constants = {} }: BranchOf): Uint8Array {
  const { graph } = fields
  return join([
    ...nodes.map((node) => bytesField(graph.node, nodeOf(node))),
    textField(graph.name, 'branch'),
    ...Object.entries(constants).map(([name, constant]) => bytesField(graph.initializer, tensorOf(name, constant))),
    ...outputs.map((name) => bytesField(graph.output, infoOf(name))),
  ])
}

function nodeOf([opType, inputs, outputs, attributes = {}]: NodeOf): Uint8Array {
  return join([
    ...inputs.map((name) => textField(fields.node.input, name)),
    ...outputs.map((name) => textField(fields.node.output, name)),
    ...(opType.startsWith('own.') ? [textField(fields.node.domain, 'own')] : []),
    textField(fields.node.opType, opType.replace('own.', '')),
    ...Object.entries(attributes).map(([name, value]) => bytesField(fields.node.attribute, attributeOf(name, value))),
  ])
}

function attributeOf(name: string, value: AttributeOf): Uint8Array {
  const { attribute } = fields
  const content = (): Uint8Array[] => {
    if (typeof value === 'number') return [integerField(attribute.int, value), integerField(attribute.type, 2)]
    if (typeof value === 'string') return [textField(attribute.string, value), integerField(attribute.type, 3)]
    if ('graph' in value) return [bytesField(attribute.graph, graphOf(value.graph)), integerField(attribute.type, 5)]
    if ('reference' in value) return [textField(attribute.reference, value.reference), integerField(attribute.type, 1)]
    if ('float' in value) return [floatField(attribute.float, value.float), integerField(attribute.type, 1)]
    return [...value.map((entry) => integerField(attribute.ints, entry)), integerField(attribute.type, 7)]
  }
  return join([textField(attribute.name, name), ...content()])
}

function tensorOf(name: string, { shape, data, type = 1, raw, typed, external }: ConstantOf): Uint8Array {
  const { tensor, entry } = fields
  const isIntegers = type === 7 && !typed
  const floats = data instanceof Float32Array ? data.slice() : Float32Array.from(data)
  const elements = isIntegers ? BigInt64Array.from(Array.from(data, BigInt)) : floats
  const entries = Object.entries(external ?? {}).map(([key, value]) =>
    bytesField(tensor.external, join([textField(entry.key, key), textField(entry.value, value)])),
  )
  return join([
    ...shape.map((size) => integerField(tensor.dims, size)),
    integerField(tensor.elementType, type),
    textField(tensor.name, name),
    ...(typed
      ? [bytesField(...typed)]
      : external
        ? [...entries, integerField(tensor.location, 1)]
        : [bytesField(tensor.raw, raw ?? new Uint8Array(elements.buffer))]),
  ])
}

function infoOf(name: string, elementType = 1, shape?: readonly (number | string)[]): Uint8Array {
  const { value, type, tensorType, dimension } = fields
  const size = (one: number | string): Uint8Array =>
    typeof one === 'number' ? integerField(dimension.size, one) : textField(dimension.name, one)
  const sizes = shape?.map((one) => bytesField(fields.shape.dimension, size(one)))
  const tensor = join([
    integerField(tensorType.elementType, elementType),
    ...(sizes ? [bytesField(tensorType.shape, join(sizes))] : []),
  ])
  return join([textField(value.name, name), bytesField(value.type, bytesField(type.tensor, tensor))])
}

/** Numbers from -1 to 1, the same each time. */
export function numbersFrom(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = seed
  const list = new Float32Array(length)
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    list[index] = state / 2 ** 31
  }
  return list
}

/** A tensor of such numbers. */
export function tensorFrom(
  seed: number,
  shape: readonly number[],
): { data: Float32Array<ArrayBuffer>; shape: number[] } {
  return {
    data: numbersFrom(
      seed,
      shape.reduce((a, b) => a * b, 1),
    ),
    shape: [...shape],
  }
}
