import { Builder } from 'flatbuffers'

// FlatBuffers files by slots, written by the library of the format itself.

/** Writes a value and returns its offset, or the value itself where it lies in the table. */
type Write = (builder: Builder, slot: number) => () => void

/** A table by its slots. */
export interface Fields {
  readonly [slot: number]: Write | undefined
}

const inline =
  (add: (builder: Builder, slot: number) => void): Write =>
  (builder, slot) =>
  () =>
    add(builder, slot)

const pointed =
  (make: (builder: Builder) => number): Write =>
  (builder, slot) => {
    const offset = make(builder)
    return () => builder.addFieldOffset(slot, offset, 0)
  }

export const int8 = (value: number): Write => inline((builder, slot) => builder.addFieldInt8(slot, value, 0))
export const int32 = (value: number): Write => inline((builder, slot) => builder.addFieldInt32(slot, value, 0))
export const int64 = (value: bigint): Write => inline((builder, slot) => builder.addFieldInt64(slot, value, 0n))
export const float32 = (value: number): Write => inline((builder, slot) => builder.addFieldFloat32(slot, value, 0))
export const float64 = (value: number): Write => inline((builder, slot) => builder.addFieldFloat64(slot, value, 0))
export const bool = (value: boolean): Write => int8(Number(value))
export const text = (value: string): Write => pointed((builder) => builder.createString(value))

function vector(builder: Builder, width: number, values: readonly number[], add: (value: number) => void): number {
  builder.startVector(width, values.length, width)
  for (const value of values.toReversed()) add(value)
  return builder.endVector()
}

export const int32s = (values: readonly number[]): Write =>
  pointed((builder) => vector(builder, 4, values, (value) => builder.addInt32(value)))
export const int64s = (values: readonly number[]): Write =>
  pointed((builder) => vector(builder, 8, values, (value) => builder.addInt64(BigInt(value))))
/** @param alignment of the first byte in the file */
export const bytes = (values: ArrayLike<number>, alignment = 1): Write =>
  pointed((builder) => {
    builder.prep(alignment, values.length)
    return builder.createByteVector(Uint8Array.from(values))
  })
export const table = (fields: Fields): Write => pointed((builder) => write(builder, fields))
export const tables = (all: readonly Fields[]): Write =>
  pointed((builder) => {
    const offsets = all.map((fields) => write(builder, fields))
    return vector(builder, 4, offsets, (offset) => builder.addOffset(offset))
  })
export const texts = (all: readonly string[]): Write =>
  pointed((builder) => {
    const offsets = all.map((one) => builder.createString(one))
    return vector(builder, 4, offsets, (offset) => builder.addOffset(offset))
  })

/** Writes a table and returns its offset. */
function write(builder: Builder, fields: Fields): number {
  const added = Object.entries(fields).map(([slot, value]: [string, Write | undefined]) =>
    value?.(builder, Number(slot)),
  )
  builder.startObject(Math.max(0, ...Object.keys(fields).map((slot) => Number(slot) + 1)))
  for (const add of added) add?.()
  return builder.endObject()
}

/** A file whose root is a table. Fields are written also where they have their default. */
export function flatFile(root: Fields, identifier?: string): Uint8Array {
  const builder = new Builder()
  builder.forceDefaults(true)
  builder.finish(write(builder, root), identifier)
  return builder.asUint8Array().slice()
}
