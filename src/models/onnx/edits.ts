import {
  attributeOf,
  type Body,
  type Edit,
  type Frame,
  type Graph,
  type Node,
  type Shape,
  type StoredTensor,
  type ValueInfo,
} from '../../network/model.ts'
import { FLOAT, INT64 } from '../../operators/fact.ts'
import { complaint } from './complain.ts'
import { bytesField, floatField, integerField, join, textField } from './encode.ts'
import { attributeTypes, fields } from './schema.ts'

/** The value of an attribute that is written: an integer, a float32, a text, or integers. */
export type AttributeValue = number | { readonly float: number } | string | readonly number[]

/** A node that is written. */
export interface NewNode {
  readonly opType: string
  readonly name: string
  /** Empty for ONNX's own operators. */
  readonly domain?: string | undefined
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** A tensor of one dimension, or of none, that is written. */
export interface NewTensor {
  readonly name: string
  readonly type: 'int64' | 'float' | NewElement
  /** A number is a scalar. */
  readonly values: number | readonly number[]
}

/** Elements of any type, as their bytes: those of one element, whatever its value. */
export interface NewElement {
  /** ONNX's number for the type. */
  readonly elementType: number
  readonly bytes: readonly number[]
}

/** Gives an attribute a value; the node may have it already or not. */
export function setAttribute(node: Node, name: string, value: AttributeValue): Edit {
  const bytes = attributeField(name, value)
  const present = attributeOf(node, name)
  return present ? replace(present.frame, bytes) : insert(node.frame.end, bytes, node.frame)
}

/** Takes an attribute away. */
export function removeAttribute(node: Node, name: string): Edit {
  const present = attributeOf(node, name)
  if (!present)
    throw complaint(
      `the node must have the attribute ${name}`,
      node.attributes.map((one) => one.name),
    )
  return replace(present.frame, nothing)
}

/** Lets an input of a node be another value. An index just past the last input adds one. */
export function setInput(node: Node, index: number, name: string): Edit {
  const bytes = textField(fields.node.input, name)
  const present = node.inputFrames[index]
  if (present) return replace(present, bytes)
  if (index !== node.inputs.length) throw complaint('an input must be one of the node or the next one', index)
  return insert(node.frame.end, bytes, node.frame)
}

/** Takes a node, an initializer or what is said of a value out of its graph. */
export function remove(part: Node | StoredTensor | ValueInfo): Edit {
  return replace(part.frame, nothing)
}

/** Gives an input or output of a graph another shape. */
export function setShape(kind: 'input' | 'output', { frame, name, elementType }: ValueInfo, shape: Shape): Edit {
  const { value, type, tensorType, dimension } = fields
  const sizes = shape.map((size) => {
    const content =
      typeof size === 'number' ? integerField(dimension.size, size) : textField(dimension.name, size ?? '')
    return bytesField(fields.shape.dimension, content)
  })
  const tensor = join([integerField(tensorType.elementType, elementType), bytesField(tensorType.shape, join(sizes))])
  const message = join([textField(value.name, name), bytesField(value.type, bytesField(type.tensor, tensor))])
  return replace(frame, bytesField(fields.graph[kind], message))
}

/** Puts a node before another one of a graph or a function. */
export function insertNode(body: Body, before: Node, node: NewNode): Edit {
  return insert(
    before.frame.start,
    bytesField('defaults' in body ? fields.function.node : fields.graph.node, nodeMessage(node)),
    body.frame,
  )
}

/** Adds a constant to a graph. */
export function addInitializer(graph: Graph, { name, type, values }: NewTensor): Edit {
  const list = typeof values === 'number' ? [values] : values
  const { elementType, bytes } = elementsOf(type, list)
  const message = join([
    ...(typeof values === 'number' ? [] : [integerField(fields.tensor.dims, list.length)]),
    integerField(fields.tensor.elementType, elementType),
    textField(fields.tensor.name, name),
    bytesField(fields.tensor.raw, Uint8Array.from(bytes)),
  ])
  return insert(graph.frame.end, bytesField(fields.graph.initializer, message), graph.frame)
}

function elementsOf(
  type: NewTensor['type'],
  list: readonly number[],
): { elementType: number; bytes: Iterable<number> } {
  if (typeof type === 'object') return type
  const isFloat = type === 'float'
  const raw = isFloat ? Float32Array.from(list) : BigInt64Array.from(list.map(BigInt))
  return { elementType: isFloat ? FLOAT : INT64, bytes: new Uint8Array(raw.buffer) }
}

const nothing = new Uint8Array(0)

/** Puts other bytes in the place of a whole field. */
function replace({ start, end, parent }: Frame, bytes: Uint8Array): Edit {
  if (!parent) throw complaint('the model itself must stay', start)
  return { begin: start, end, bytes, within: parent }
}

function insert(at: number, bytes: Uint8Array, within: Frame): Edit {
  return { begin: at, end: at, bytes, within }
}

function nodeMessage({ opType, name, domain, inputs, outputs, attributes }: NewNode): Uint8Array {
  return join([
    ...inputs.map((input) => textField(fields.node.input, input)),
    ...outputs.map((output) => textField(fields.node.output, output)),
    textField(fields.node.name, name),
    textField(fields.node.opType, opType),
    ...Object.entries(attributes).map(([attribute, value]) => attributeField(attribute, value)),
    ...(domain ? [textField(fields.node.domain, domain)] : []),
  ])
}

/** An AttributeProto as a field of its node. */
function attributeField(name: string, value: AttributeValue): Uint8Array {
  const { attribute } = fields
  const type = (kind: keyof typeof attributeTypes): Uint8Array => integerField(attribute.type, attributeTypes[kind])
  const content = (): Uint8Array[] => {
    if (typeof value === 'number') return [integerField(attribute.int, value), type('int')]
    if (typeof value === 'string') return [textField(attribute.string, value), type('string')]
    if ('float' in value) return [floatField(attribute.float, value.float), type('float')]
    return [...value.map((entry) => integerField(attribute.ints, entry)), type('ints')]
  }
  return bytesField(fields.node.attribute, join([textField(attribute.name, name), ...content()]))
}
