import { bytes, type Fields, flatFile, int8, int32, int32s, int64, table, tables, text } from './flat.ts'

/** A tensor: its name, shape and data. */
export interface FileTensor {
  readonly name?: string | undefined
  readonly shape: readonly number[]
  /** With -1 where a size is open. */
  readonly signature?: readonly number[]
  /** Number of the type: 0 float32, 2 int32, 4 int64. */
  readonly type?: number
  readonly data?: Uint8Array
  /** Data behind the tables: first byte and bytes. */
  readonly behind?: readonly [offset: number, size: number]
}

/** An operator by its code, with the numbers of its tensors. */
export interface FileOperator {
  /** Slots of the operator's code. */
  readonly code: Fields
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly options?: Fields
  readonly custom?: Uint8Array
}

export interface FileGraph {
  readonly name?: string
  readonly tensors: readonly FileTensor[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly operators: readonly FileOperator[]
}

/** The code of an operator that fits into a byte, as files of all ages have it. */
export const code = (number: number): Fields => ({ 0: int8(number), 3: int32(number) })

export const ints = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer)
export const longs = (...values: number[]): Uint8Array => new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
export const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)

/** A TFLite file. */
export function tfliteFile(...graphs: readonly FileGraph[]): Uint8Array {
  const [codes, buffers] = [[] as Fields[], [{}] as Fields[]]
  const bufferOf = ({ data, behind }: FileTensor): number => {
    if (!data && !behind) return 0
    const [offset, size] = behind ?? [0, 0]
    return buffers.push(data ? { 0: bytes(data) } : { 1: int64(BigInt(offset)), 2: int64(BigInt(size)) }) - 1
  }
  const tensor = (one: FileTensor): Fields => ({
    0: int32s(one.shape),
    1: int8(one.type ?? 0),
    2: int32(bufferOf(one)),
    ...(one.name !== undefined && { 3: text(one.name) }),
    ...(one.signature && { 7: int32s(one.signature) }),
  })
  const operator = (one: FileOperator): Fields => ({
    0: int32(codes.push(one.code) - 1),
    1: int32s(one.inputs),
    2: int32s(one.outputs),
    ...(one.options && { 3: int8(1), 4: table(one.options) }),
    ...(one.custom && { 5: bytes(one.custom) }),
  })
  const graph = ({ name, tensors, inputs, outputs, operators }: FileGraph): Fields => ({
    ...{ 0: tables(tensors.map(tensor)), 1: int32s(inputs), 2: int32s(outputs), 3: tables(operators.map(operator)) },
    ...(name !== undefined && { 4: text(name) }),
  })
  const made = graphs.map(graph)
  return flatFile({ 0: int32(3), 1: tables(codes), 2: tables(made), 4: tables(buffers) }, 'TFL3')
}
