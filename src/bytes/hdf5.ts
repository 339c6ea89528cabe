import { Verbatim } from '../geometry/error.ts'
import { checkRange, type FileBytes, type Span, viewOf } from './bytes.ts'
import { fileError } from './file-error.ts'

// HDF5, as far as the attributes of the root group (HDF5 File Format Specification 3.0, II.A, III.E, IV.A).

const STAGE = 'hdf5'
const [ATTRIBUTE, CONTINUATION, ATTRIBUTE_INFO] = [0x0c, 0x10, 0x15]
/** Kinds of data: a text of fixed length, and one of any length that lies in a heap of its own. */
const [FIXED_TEXT, VARIABLE] = [3, 9]
/** The most blocks of a header and the most bytes of a text. */
const [MOST_BLOCKS, LONGEST_TEXT] = [1024, 2 ** 26]

const decoder = new TextDecoder()

/** So many bytes from a place on. */
const partOf = (bytes: FileBytes, begin: number, length: number): DataView =>
  viewOf(STAGE, bytes, begin, begin + length)

const address = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))

/**
 * Where the text of an attribute of the root group lies, such as `model_config` of a Keras file, without zeros at its end.
 * No checksum is over it.
 *
 * @returns undefined where the root group has no such attribute
 */
export function rootAttribute(bytes: FileBytes, name: string): Span | undefined {
  for (const message of messagesOf(bytes, rootHeader(bytes))) {
    if (message.kind === ATTRIBUTE_INFO) {
      throw fileError(
        STAGE,
        'attributes must be stored in the header',
        new Verbatim('a heap of attributes'),
        message.begin,
      )
    }
    const place = message.kind === ATTRIBUTE ? attributePlace(bytes, message, name) : undefined
    if (place) return withoutZeros(bytes, place)
  }
  return undefined
}

function withoutZeros(bytes: FileBytes, { begin, end }: Span): Span {
  const text = bytes.range(begin, end)
  let length = text.length
  while (length > 0 && text[length - 1] === 0) length--
  return { begin, end: begin + length }
}

/** Where the header of the root group lies. */
function rootHeader(bytes: FileBytes): number {
  const view = partOf(bytes, 0, 80)
  const version = view.getUint8(8)
  if (version > 1) throw fileError(STAGE, 'the superblock must be of version 0 or 1', version, 8)
  const [offsets, lengths] = [view.getUint8(13), view.getUint8(14)]
  if (offsets !== 8 || lengths !== 8) throw fileError(STAGE, 'offsets must have 8 bytes', offsets, 13)
  return address(view, version === 0 ? 64 : 68)
}

interface HeaderMessage {
  readonly kind: number
  readonly begin: number
  readonly size: number
}

/** The messages of an object header of version 1, which may go on elsewhere. */
function* messagesOf(bytes: FileBytes, header: number): Generator<HeaderMessage> {
  const head = partOf(bytes, header, 16)
  if (head.getUint8(0) !== 1) throw fileError(STAGE, 'an object header must be of version 1', head.getUint8(0), header)
  const blocks = [{ begin: header + 16, size: head.getUint32(8, true) }]
  for (const { begin, size } of blocks) {
    if (blocks.length > MOST_BLOCKS)
      throw fileError(STAGE, `a header must have at most ${MOST_BLOCKS} blocks`, blocks.length)
    const view = partOf(bytes, begin, size)
    for (let at = 0; at + 8 <= size; ) {
      const [kind, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)]
      if (at + 8 + length > size) throw fileError(STAGE, 'a message must end within its block', length, begin + at)
      if (kind === CONTINUATION && length >= 16)
        blocks.push({ begin: address(view, at + 8), size: address(view, at + 16) })
      yield { kind, begin: begin + at + 8, size: length }
      at += 8 + length
    }
  }
}

/** Where the text of an attribute message lies, if it has the name. */
function attributePlace(bytes: FileBytes, { begin, size }: HeaderMessage, name: string): Span | undefined {
  if (size < 8) return undefined
  const view = partOf(bytes, begin, size)
  const version = view.getUint8(0)
  const sizes = [2, 4, 6].map((at) => view.getUint16(at, true))
  // Version 1 pads each part to 8 bytes, version 3 has a byte for the text's encoding.
  const padded = sizes.map((length) => (version === 1 ? Math.ceil(length / 8) * 8 : length))
  const first = version === 3 ? 9 : 8
  const type = first + padded[0]
  const data = type + padded[1] + padded[2]
  if (data > size || padded[1] < 8) return undefined
  const range = new Uint8Array(view.buffer, view.byteOffset, size)
  if (decoder.decode(range.subarray(first, first + Math.max(0, sizes[0] - 1))) !== name) return undefined
  const kind = view.getUint8(type) & 15
  if (kind === FIXED_TEXT) {
    const length = view.getUint32(type + 4, true)
    return { begin: begin + data, end: begin + Math.min(size, data + length) }
  }
  if (kind !== VARIABLE || data + 16 > size) throw fileError(STAGE, `the attribute ${name} must be a text`, kind, begin)
  return heapText(bytes, view.getUint32(data, true), address(view, data + 4), view.getUint32(data + 12, true))
}

/** Where a text lies in a heap of the file, by its number there. */
function heapText(bytes: FileBytes, length: number, heap: number, number: number): Span {
  const head = partOf(bytes, heap, 16)
  if (head.getUint32(0) !== 0x47434f4c)
    throw fileError(STAGE, 'a heap must begin with GCOL', new Verbatim('other bytes'), heap)
  const end = heap + address(head, 8)
  for (let at = heap + 16; at + 16 <= end; ) {
    const object = partOf(bytes, at, 16)
    const [index, size] = [object.getUint16(0, true), address(object, 8)]
    if (index === number) {
      const bytesOf = Math.min(length, size)
      if (bytesOf > LONGEST_TEXT) throw fileError(STAGE, `a text must have at most ${LONGEST_TEXT} bytes`, bytesOf, at)
      checkRange(STAGE, bytes, at + 16, at + 16 + bytesOf)
      return { begin: at + 16, end: at + 16 + bytesOf }
    }
    if (index === 0) break // what is left of the heap is free
    at += 16 + Math.ceil(size / 8) * 8
  }
  throw fileError(STAGE, `the heap must have object ${number}`, new Verbatim('none'), heap)
}
