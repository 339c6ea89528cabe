import { dataView } from '../../bytes/bytes.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Frame, Span } from '../../network/model.ts'
import { keptValues } from '../limits.ts'
import { complaint } from './complain.ts'

/** A piece of a file. */
export interface Piece {
  /** Place of its first byte in the file. */
  readonly begin: number
  readonly bytes: Uint8Array
}

/**
 * The most nodes, inputs of nodes, attributes, tensors and values, about 200 bytes of memory each: several times as many
 * as the largest models have.
 */
const MOST_MESSAGES = 2 ** 20

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The most bytes of a varint: 64 bits, 7 a byte. */
const LONGEST_VARINT = 10
const HIGH = 2 ** 32

/** How the value of a field is written, by the number in its tag. */
export const VARINT = 0
export const FIXED64 = 1
export const LENGTH = 2
export const FIXED32 = 5

/**
 * The most bytes of a field or message that is looked into for its own sake: names, small tensors, lists of attributes.
 * What is longer is data, is passed by, and stays in the file.
 */
export const SMALL = keptValues.onnx

/**
 * Reads the fields of protobuf messages. It stands at a place of the file, of which it has the pieces that were kept; a
 * field of bytes is passed by its length, so nobody has to have its content.
 */
export class Wire {
  /** Place of the next byte. */
  at = 0
  /** The field that `next` read: its number, how it is written, where its tag begins. */
  number = 0
  type = 0
  start = 0
  /** Where the length stands, and the content from `begin` to before `end`; of fixed values the bytes themselves. */
  prefix = 0
  begin = 0
  end = 0
  /** The value of a varint field: as a signed 64-bit integer, rounded beyond 2^53. */
  value = 0
  #messages = 0
  readonly #pieces: readonly Piece[]
  #bytes: Uint8Array = new Uint8Array(0)
  #base = 0

  /** @param pieces in the order of the file, without overlap */
  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  /** Reads the next field of a message that ends before `end`; false at the end. Its content is passed by. */
  next(end: number): boolean {
    if (this.at >= end) return false
    this.start = this.at
    const tag = this.#unsigned(end, 'a tag')
    this.type = tag & 7
    this.number = Math.floor(tag / 8)
    if (this.number < 1 || tag >= HIGH)
      throw complaint('the number of a field must be 1 to 2^29 - 1', this.number, this.start)
    this.prefix = this.at
    if (this.type === VARINT) {
      this.value = this.varint(end)
      return true
    }
    this.begin = this.at
    let length = 0
    if (this.type === LENGTH) {
      length = this.#unsigned(end, 'a length')
      this.begin = this.at
    } else if (this.type === FIXED64) length = 8
    else if (this.type === FIXED32) length = 4
    else throw complaint('the kind of a field must be 0, 1, 2 or 5', this.type, this.start)
    if (length > end - this.begin) {
      throw complaint(
        `field ${this.number} must end within its message, which has ${end - this.begin} more bytes`,
        length,
        this.start,
      )
    }
    this.end = this.begin + length
    this.at = this.end
    return true
  }

  /** A signed 64-bit integer, rounded beyond 2^53. */
  varint(end: number): number {
    const from = this.at
    // Three parts of 28, 28 and 8 bits: each is exact in 32-bit arithmetic, whose shifts are fast.
    let low = 0
    let middle = 0
    let high = 0
    for (let index = 0; index < LONGEST_VARINT; index++) {
      const byte = this.byte(end)
      const bits = byte & 0x7f
      if (index < 4) low |= bits << (7 * index)
      else if (index < 8) middle |= bits << (7 * (index - 4))
      else high |= bits << (7 * (index - 8))
      if (byte < 0x80) {
        if (high > 0xff) break
        if (high < 0x80) return low + middle * 2 ** 28 + high * 2 ** 56
        return -(0xfffffff - low + (0xfffffff - middle) * 2 ** 28 + (0xff - high) * 2 ** 56) - 1
      }
    }
    throw complaint('an integer must have at most 64 bits', new Verbatim('more'), from)
  }

  /** The message that the field holds, as a part of the model that is kept. */
  message(what: string, parent: Frame): Frame {
    this.#expect(what, LENGTH)
    const { start, prefix, begin, end } = this
    if (++this.#messages > MOST_MESSAGES) {
      throw complaint(`a model must have at most ${MOST_MESSAGES} parts`, new Verbatim('more'), start)
    }
    return { start, prefix, begin, end, parent }
  }

  /** The message that the field holds, to be read and forgotten. */
  content(what: string): Span {
    this.#expect(what, LENGTH)
    const { begin, end } = this
    return { begin, end }
  }

  /** The text that the field holds. */
  text(what: string): string {
    this.#expect(what, LENGTH)
    const { begin, end } = this
    if (end - begin <= SMALL) return decoder.decode(this.bytes(begin, end))
    throw complaint(`${what} must have at most ${SMALL} bytes`, end - begin, this.start)
  }

  /** The integer that the field holds. */
  integer(what: string): number {
    this.#expect(what, VARINT)
    return this.value
  }

  /** Calls back for each integer of a repeated field, of which this may hold one or, packed, any number. */
  integers(what: string, each: (value: number) => void): void {
    if (this.type === VARINT) each(this.value)
    else {
      this.#expect(what, LENGTH)
      const { begin, end } = this
      this.at = begin
      while (this.at < end) each(this.varint(end))
    }
  }

  /** The float32 that the field holds. */
  float(what: string): number {
    this.#expect(what, FIXED32)
    return dataView(this.bytes(this.begin, this.end)).getFloat32(0, true)
  }

  /** Calls back for each float32 (4 bytes) or float64 (8) of a repeated field, packed or not. */
  floats(what: string, width: 4 | 8, each: (value: number) => void): void {
    if (this.type !== (width === 4 ? FIXED32 : FIXED64)) this.#expect(what, LENGTH)
    const bytes = this.bytes(this.begin, this.end)
    if (bytes.length % width)
      throw complaint(`${what} must have ${width} bytes for each value`, bytes.length, this.start)
    const view = dataView(bytes)
    for (let at = 0; at < bytes.length; at += width)
      each(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true))
  }

  #expect(what: string, type: number): void {
    if (this.type !== type) throw complaint(`${what} must be a field of kind ${type}`, this.type, this.start)
  }

  #unsigned(end: number, what: string): number {
    const from = this.at
    const value = this.varint(end)
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value
    throw complaint(`${what} must be at most 2^53 - 1`, value < 0 ? new Verbatim('more') : value, from)
  }

  /** The next byte of a message that ends before `end`. */
  byte(end: number): number {
    if (this.at >= end) throw complaint('a field must end within its message', new Verbatim('its end'), this.at)
    let index = this.at - this.#base
    if (index < 0 || index >= this.#bytes.length) {
      this.#find(this.at)
      index = this.at - this.#base
    }
    this.at++
    return this.#bytes[index]
  }

  /** Content from `begin` to before `end`, a view. */
  bytes(begin: number, end: number): Uint8Array {
    if (begin === end) return new Uint8Array(0)
    if (begin < this.#base || begin - this.#base >= this.#bytes.length) this.#find(begin)
    return this.#bytes.subarray(begin - this.#base, end - this.#base)
  }

  /** Goes to the piece that has a byte. */
  #find(at: number): void {
    let [low, high] = [0, this.#pieces.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#pieces[middle].begin <= at) low = middle
      else high = middle
    }
    const { begin, bytes } = this.#pieces[low]
    if (at < begin || at >= begin + bytes.length)
      throw complaint('the message must have been kept', new Verbatim('a gap'), at)
    this.#bytes = bytes
    this.#base = begin
  }
}
