import { bytesField, floatField, integerField, join, textField, varint } from '../../src/models/onnx/encode.ts'

// Files of formats of which none can be had, written from their published schemas.

/** A field's value: several of them in a list are a repeated field. */
type Value = number | boolean | string | Uint8Array | { readonly float: number } | readonly Value[] | undefined

/** A message from its values by field number. */
export function message(fields: Readonly<Record<number, Value>>): Uint8Array {
  return join(Object.entries(fields).flatMap(([number, value]) => field(Number(number), value)))
}

function field(number: number, value: Value): Uint8Array[] {
  if (value === undefined) return []
  if (typeof value === 'number' || typeof value === 'boolean') return [integerField(number, Number(value))]
  if (typeof value === 'string') return [textField(number, value)]
  if (value instanceof Uint8Array) return [bytesField(number, value)]
  if ('float' in value) return [floatField(number, value.float)]
  return value.flatMap((one) => field(number, one))
}

/** The content of a packed list of integers. */
export const packed = (...list: readonly number[]): Uint8Array => Uint8Array.from(list.flatMap(varint))

/** The entries of a map with texts as keys. */
export const entries = (values: Readonly<Record<string, Value>>): Uint8Array[] =>
  Object.entries(values).map(([key, value]) => message({ 1: key, 2: value }))
