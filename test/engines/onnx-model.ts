import type { OnnxConstant, OnnxNode } from '../../src/conventions/spell/index.ts'

/** A model as the bytes of ONNX's protobuf messages: as much of `onnx.proto` as `onnxNodes` needs. */
export function onnxModel(
  nodes: readonly OnnxNode[],
  inputs: Readonly<Record<string, readonly (number | string)[]>>,
  opset = 19,
): Uint8Array {
  const constants = nodes.flatMap((node) => node.constants)
  const graph = message(
    ...nodes.map((node) => bytes(1, nodeMessage(node))),
    text(2, 'layer'),
    ...constants.map((constant) => bytes(5, tensorMessage(constant))),
    ...Object.entries(inputs).map(([name, shape]) => bytes(11, valueMessage(name, shape))),
    bytes(12, valueMessage('y')),
  )
  return message(integer(1, 9), bytes(7, graph), bytes(8, message(text(1, ''), integer(2, opset))))
}

const FLOAT = 1
const INT64 = 7

function nodeMessage({ opType, inputs, outputs, attributes }: OnnxNode): Uint8Array {
  return message(
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, opType),
    ...Object.entries(attributes).map(([name, value]) =>
      bytes(
        5,
        typeof value === 'number'
          ? message(text(1, name), integer(3, value), integer(20, 2))
          : typeof value === 'string'
            ? message(text(1, name), text(4, value), integer(20, 3))
            : message(text(1, name), ...value.map((entry) => integer(8, entry)), integer(20, 7)),
      ),
    ),
  )
}

function tensorMessage({ name, type, shape, values }: OnnxConstant): Uint8Array {
  const data = type === 'float' ? Float32Array.from(values) : BigInt64Array.from(values.map(BigInt))
  return message(
    ...shape.map((size) => integer(1, size)),
    integer(2, type === 'float' ? FLOAT : INT64),
    text(8, name),
    bytes(9, new Uint8Array(data.buffer)),
  )
}

/** A float tensor's name and shape, sizes or names of them; without a shape the engine works it out. */
function valueMessage(name: string, shape?: readonly (number | string)[]): Uint8Array {
  const dimension = (size: number | string) => message(typeof size === 'number' ? integer(1, size) : text(2, size))
  const dimensions = shape && bytes(2, message(...shape.map((size) => bytes(1, dimension(size)))))
  const tensor = message(integer(1, FLOAT), ...(dimensions ? [dimensions] : []))
  return message(text(1, name), bytes(2, message(bytes(1, tensor))))
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(fields.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const field of fields) {
    all.set(field, at)
    at += field.length
  }
  return all
}
const bytes = (field: number, content: Uint8Array): Uint8Array =>
  message(varint(field * 8 + 2), varint(content.length), content)
const text = (field: number, content: string): Uint8Array => bytes(field, new TextEncoder().encode(content))
const integer = (field: number, value: number): Uint8Array => message(varint(field * 8), varint(value))

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Uint8Array {
  const list: number[] = []
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...list, Number(rest)])
    list.push(Number(rest & 127n) | 128)
  }
}
