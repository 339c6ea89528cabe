import { SamepadError, Verbatim } from '../geometry/error.ts'
import type { TensorLike } from '../tensor/tensor.ts'
import type { RuntimeElements, RuntimeTensor, RuntimeType } from './runtime.ts'

/** How elements of a type are held. */
interface ElementRow {
  readonly isHeld: (data: unknown) => data is RuntimeElements
  readonly make: (length: number) => RuntimeElements
}

/** A row for a class of typed arrays. */
function heldIn<Held extends RuntimeElements>(Kind: new (length: number) => Held): ElementRow {
  return { isHeld: (data): data is Held => data instanceof Kind, make: (length) => new Kind(length) }
}

/** Types whose values float32 holds, integers to 2^24; what has more bits in a session runs on onnxruntime. */
const rows: Readonly<Record<RuntimeType, ElementRow>> = {
  float32: heldIn(Float32Array),
  int8: heldIn(Int8Array),
  uint8: heldIn(Uint8Array),
  int16: heldIn(Int16Array),
  uint16: heldIn(Uint16Array),
  int32: heldIn(Int32Array),
  uint32: heldIn(Uint32Array),
  int64: heldIn(BigInt64Array),
  bool: heldIn(Uint8Array),
}

/** Whether samepad takes and gives tensors of a type. */
export const isTaken = (type: string | undefined): type is RuntimeType =>
  type !== undefined && Object.hasOwn(rows, type)

/** The elements of a tensor of onnxruntime, which must be of a type. */
export function elementsOfTensor(what: string, tensor: RuntimeTensor, type: RuntimeType): RuntimeElements {
  if (tensor.type !== type) throw new SamepadError('run', `${what} must be of type ${type}`, new Verbatim(tensor.type))
  const { data } = tensor
  if (rows[type].isHeld(data)) return data
  throw new SamepadError('run', `${what} must hold ${type} as onnxruntime does`, data)
}

/** A tensor as samepad reads it; that of float32 is not copied. */
export function fromRuntime(what: string, tensor: RuntimeTensor, type: RuntimeType): TensorLike {
  const data = elementsOfTensor(what, tensor, type)
  return { data: data instanceof Float32Array ? data : Float32Array.from(data, Number), dims: tensor.dims }
}

/** Elements in a type; those of float32 are not copied. */
export function toElements(data: Float32Array, type: RuntimeType): RuntimeElements {
  return type === 'float32' ? data : fillElements(rows[type].make(data.length), data)
}

/** Writes elements into others, of any type. */
export function fillElements(into: RuntimeElements, data: Float32Array): RuntimeElements {
  if (into instanceof BigInt64Array) for (let at = 0; at < data.length; at++) into[at] = BigInt(data[at])
  else into.set(data)
  return into
}
