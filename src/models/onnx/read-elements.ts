import { dataView } from '../../bytes/bytes.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { show, Verbatim } from '../../geometry/error.ts'
import { SamepadError } from '../../geometry/index.ts'
import type { ExternalData, Span, StoredTensor } from '../../network/model.ts'
import { fromHalf } from '../../tensor/half.ts'
import { Wire } from './wire.ts'

/** A constant of a model, read: real numbers as float32, integers and truths as float64, exact to 2^53. */
export interface Elements {
  readonly shape: readonly number[]
  /** ONNX's number for the type that the file has them in. */
  readonly elementType: number
  readonly data: Float32Array | Float64Array
}

/** How elements of a type lie in a file. */
interface ElementRow {
  /** Bytes of one. */
  readonly width: number
  readonly read: (view: DataView, at: number) => number
  /** What the numbers of ONNX's typed lists mean, where they are bits. */
  readonly fromBits?: (bits: number) => number
  readonly isReal?: true
}

const fromBrain = (bits: number): number => {
  scratch.setUint32(0, bits << 16)
  return scratch.getFloat32(0)
}
const scratch = new DataView(new ArrayBuffer(4))

/** Every type that is read, by ONNX's numbers. */
const rows: Readonly<Record<number, ElementRow>> = {
  1: { width: 4, read: (view, at) => view.getFloat32(at, true), isReal: true },
  2: { width: 1, read: (view, at) => view.getUint8(at) },
  3: { width: 1, read: (view, at) => view.getInt8(at) },
  4: { width: 2, read: (view, at) => view.getUint16(at, true) },
  5: { width: 2, read: (view, at) => view.getInt16(at, true) },
  6: { width: 4, read: (view, at) => view.getInt32(at, true) },
  7: { width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { width: 1, read: (view, at) => view.getUint8(at) },
  10: { width: 2, read: (view, at) => fromHalf(view.getUint16(at, true)), fromBits: fromHalf, isReal: true },
  // Sizes may be computed with these, to all their bits.
  11: { width: 8, read: (view, at) => view.getFloat64(at, true) },
  12: { width: 4, read: (view, at) => view.getUint32(at, true) },
  13: { width: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  16: { width: 2, read: (view, at) => fromBrain(view.getUint16(at, true)), fromBits: fromBrain, isReal: true },
}

/**
 * Reads all elements of a constant, in the file's range that holds them and nothing else.
 *
 * @param source the file of the model
 * @param beside opens a file in the model's folder
 * @throws SamepadError where the bytes are not as many as the shape says, or the type holds no real numbers
 */
export async function readElements(
  source: ByteSource,
  tensor: StoredTensor,
  beside: (name: string) => Promise<ByteSource | undefined>,
): Promise<Elements> {
  const { name, dims: shape, elementType, data, isTyped } = tensor
  const row = rows[elementType]
  if (!row) throw refusal(name, 'must be of a type that holds real numbers', new Verbatim(`type ${elementType}`))
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)
  const result = { shape, elementType }
  if (data === undefined) {
    const values = count === 0 ? [] : tensor.values()
    if (values?.length !== count)
      throw refusal(name, `must have the ${count} elements of its shape`, values?.length ?? 0)
    return { ...result, data: row.isReal ? Float32Array.from(values) : Float64Array.from(values) }
  }
  const { bytes, isOwn } = await bytesOf(source, tensor, data, count * row.width, beside)
  const isFixed = !isTyped || elementType === 1 || elementType === 11
  const found = isFixed ? bytes.length / row.width : undefined
  if (found !== undefined && found !== count)
    throw refusal(name, `must have the ${count} elements of ${show(shape)}`, found)
  return { ...result, data: isFixed ? fixed(bytes, row, count, isOwn) : typed(bytes, row, count, name) }
}

function fixed(bytes: Uint8Array, row: ElementRow, count: number, isOwn: boolean): Elements['data'] {
  // Float32 as it lies is what is wanted, on machines that have its bytes in this order: all that run WebAssembly. Of bytes
  // that others have it is a copy, which a Buffer's own slice would not be.
  if (row === rows[1]) return new Float32Array((isOwn ? bytes : new Uint8Array(bytes)).buffer)
  const view = dataView(bytes)
  const values = row.isReal ? new Float32Array(count) : new Float64Array(count)
  for (let index = 0; index < count; index++) values[index] = row.read(view, index * row.width)
  return values
}

/** Numbers of seven bits a byte. */
function typed(bytes: Uint8Array, { fromBits, isReal }: ElementRow, count: number, name: string): Elements['data'] {
  // Each number has a byte at least.
  if (count > bytes.length) throw refusal(name, `must have the ${count} elements of its shape`, bytes.length)
  const wire = new Wire([{ begin: 0, bytes }])
  const values = isReal ? new Float32Array(count) : new Float64Array(count)
  let index = 0
  while (wire.at < bytes.length) {
    const number = wire.varint(bytes.length)
    if (index < count) values[index] = fromBits ? fromBits(number) : number
    index++
  }
  if (index !== count) throw refusal(name, `must have the ${count} elements of its shape`, index)
  return values
}

/** Bytes, and whether nobody else has them. */
interface ReadBytes {
  readonly bytes: Uint8Array
  readonly isOwn: boolean
}

async function readFrom(source: ByteSource, begin: number, end: number): Promise<ReadBytes> {
  return { bytes: await source.read(begin, end), isOwn: source.isFresh ?? false }
}

async function bytesOf(
  source: ByteSource,
  { name }: StoredTensor,
  data: Span | ExternalData,
  wanted: number,
  beside: (name: string) => Promise<ByteSource | undefined>,
): Promise<ReadBytes> {
  if ('begin' in data) return readFrom(source, data.begin, data.end)
  const file = await beside(data.location)
  if (!file) throw refusal(name, "must lie in a file of the model's folder that can be read", data.location)
  const end = data.length === undefined ? Math.min(file.size, data.offset + wanted) : data.offset + data.length
  if (end > file.size || data.offset > end) {
    throw refusal(name, `must lie within ${data.location}, which has ${file.size} bytes`, end)
  }
  return readFrom(file, data.offset, end)
}

const refusal = (name: string, must: string, got: unknown): SamepadError =>
  new SamepadError('model', `the constant ${show(name)} ${must}`, got)
