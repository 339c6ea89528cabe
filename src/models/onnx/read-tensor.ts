import { dataView } from '../../bytes/bytes.ts'
import type { ExternalData, Frame, Span, StoredTensor } from '../../network/model.ts'
import { FLOAT, INT64 } from '../../operators/fact.ts'
import { fromHalf } from '../../tensor/half.ts'
import { complaint } from './complain.ts'
import { fields } from './schema.ts'
import { LENGTH, SMALL, type Wire } from './wire.ts'

/** The most dimensions, as NumPy and PyTorch have it. */
const MOST_DIMENSIONS = 64

/** How the little-endian bytes of `raw_data` become numbers: bytes of an element and the reader of one. */
const rawReaders: Readonly<Record<number, readonly [width: number, read: (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  4: [2, (view, at) => view.getUint16(at, true)],
  5: [2, (view, at) => view.getInt16(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  9: [1, (view, at) => view.getUint8(at)],
  10: [2, (view, at) => fromHalf(view.getUint16(at, true))],
  11: [8, (view, at) => view.getFloat64(at, true)],
  12: [4, (view, at) => view.getUint32(at, true)],
  13: [8, (view, at) => Number(view.getBigUint64(at, true))],
}

/** What the numbers of `int32_data` mean, by type: of float16 they are bits. */
const fromInt32: Readonly<Record<number, (value: number) => number>> = {
  ...Object.fromEntries([2, 3, 4, 5, 6, 9].map((type) => [type, (value: number) => value])),
  10: fromHalf,
}

/** Reads a TensorProto without its values. */
export function readTensor(wire: Wire, frame: Frame): StoredTensor {
  const dims: number[] = []
  const entries = new Map<string, string>()
  let [name, elementType, isExternal] = ['', 0, false]
  let data: Span | undefined
  let isTypedData = false
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, start, begin, end, at } = wire
    if (number === fields.tensor.dims) wire.integers('the dims of a tensor', (size) => addSize(dims, size, start))
    else if (number === fields.tensor.elementType) elementType = wire.integer('the type of a tensor')
    else if (number === fields.tensor.name) name = wire.text('the name of a tensor')
    else if (number === fields.tensor.raw || (isTyped(number) && wire.type === LENGTH)) {
      data = { begin, end }
      isTypedData = number !== fields.tensor.raw
    } else if (number === fields.tensor.external) readEntry(wire, wire.message('external data', frame), entries)
    else if (number === fields.tensor.location) isExternal = wire.integer('the data location of a tensor') === 1
    wire.at = at
  }
  let values: readonly number[] | undefined
  let isRead = false
  return {
    frame,
    name,
    dims,
    elementType,
    data: isExternal ? externalData(entries, frame.start) : data,
    isTyped: isTypedData && !isExternal,
    values() {
      if (!isRead && !isExternal) values = readValues(wire, frame, dims, elementType)
      isRead = true
      return values
    },
  }
}

const { floats, int32s, int64s, doubles, uint64s } = fields.tensor
const typed: readonly number[] = [floats, int32s, int64s, doubles, uint64s]

/** Whether a field holds values as numbers of a type. */
const isTyped = (number: number): boolean => typed.includes(number)

function addSize(dims: number[], size: number, at: number): void {
  if (!Number.isSafeInteger(size) || size < 0) throw complaint('a size of a tensor must be 0 to 2^53 - 1', size, at)
  if (dims.length === MOST_DIMENSIONS) {
    throw complaint(`a tensor must have at most ${MOST_DIMENSIONS} dimensions`, dims.length + 1, at)
  }
  dims.push(size)
}

/** Reads a StringStringEntryProto. */
function readEntry(wire: Wire, frame: Frame, entries: Map<string, string>): void {
  let [key, value] = ['', '']
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    if (wire.number === fields.entry.key) key = wire.text('a key of external data')
    else if (wire.number === fields.entry.value) value = wire.text('a value of external data')
  }
  entries.set(key, value)
}

function externalData(entries: Map<string, string>, at: number): ExternalData {
  const count = (name: string): number | undefined => {
    const text = entries.get(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
    throw complaint(`the ${name} of external data must be an integer of at least 0`, text, at)
  }
  const location = entries.get('location') ?? ''
  checkLocation(location, at)
  return { location, offset: count('offset') ?? 0, length: count('length') }
}

/**
 * Checks that a path stays within the model's folder. Windows takes `\` for `/` and `c:` for a drive, so neither is
 * allowed anywhere. What a link in the folder leads to is for those to check who open the file; samepad never does.
 */
function checkLocation(location: string, at: number): void {
  const parts = location.split('/')
  const isInside = !/[\\:\0]/.test(location) && !parts.includes('..') && parts[0] !== '' && location !== '.'
  if (!isInside) throw complaint("external data must lie within the model's folder", location, at)
}

/** Reads the values of a small tensor; undefined where they are not as many as its shape wants. */
function readValues(wire: Wire, frame: Frame, dims: readonly number[], type: number): readonly number[] | undefined {
  const elements = dims.reduce((product, size) => product * size, 1)
  if (frame.end - frame.begin > SMALL || elements > SMALL) return undefined
  const values: number[] = []
  const add = (value: number): void => void values.push(value)
  wire.at = frame.begin
  while (wire.next(frame.end)) {
    const { number, begin, end, at } = wire
    if (number === fields.tensor.raw) readRaw(wire.bytes(begin, end), type, add)
    else if (number === fields.tensor.floats && type === FLOAT) wire.floats('float_data', 4, add)
    else if (number === fields.tensor.int32s && fromInt32[type])
      wire.integers('int32_data', (value) => add(fromInt32[type](value)))
    else if (number === fields.tensor.int64s && type === INT64) wire.integers('int64_data', add)
    else if (number === fields.tensor.doubles && type === 11) wire.floats('double_data', 8, add)
    else if (number === fields.tensor.uint64s && (type === 12 || type === 13)) wire.integers('uint64_data', add)
    wire.at = at
  }
  return values.length === elements ? values : undefined
}

function readRaw(bytes: Uint8Array, type: number, add: (value: number) => void): void {
  const [width, read] = rawReaders[type] ?? []
  if (!width || !read || bytes.length % width) return
  const view = dataView(bytes)
  for (let at = 0; at < bytes.length; at += width) add(read(view, at))
}
