import { Verbatim } from '../geometry/error.ts'
import { checkRange, dataView, type FileBytes } from './bytes.ts'
import { fileError } from './file-error.ts'

// Protocol buffers: a message is a row of fields, each a number, a kind and a value (https://protobuf.dev/programming-guides/encoding/).

const STAGE = 'protobuf'
const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5]
/** The most bytes of a varint: 64 bits, 7 a byte. */
const LONGEST_VARINT = 10
/** The most bytes of a text or of a list of numbers that is read. */
const LONGEST = 2 ** 20

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A field of a message. */
interface Field {
  readonly number: number
  readonly kind: number
  /** Of a varint, as a signed 64-bit integer, rounded beyond 2^53. */
  readonly value: number
  /** Where its tag begins, and its value or, in front of its content, its length. */
  readonly start: number
  readonly prefix: number
  /** Where its content lies. */
  readonly begin: number
  readonly end: number
}

/** Where a message lies: from its tag on, its length, its content, and the message that it is a part of. */
export interface MessageFrame {
  readonly start: number
  readonly prefix: number
  readonly begin: number
  readonly end: number
  readonly parent?: MessageFrame | undefined
}

/**
 * A message of a file. Its fields are found when it is asked for one; what is long is passed by its length and never read.
 */
export class Message {
  readonly #bytes: FileBytes
  readonly frame: MessageFrame
  #fields: Map<number, Field[]> | undefined

  constructor(bytes: FileBytes, frame: MessageFrame = { start: 0, prefix: 0, begin: 0, end: bytes.size }) {
    checkRange(STAGE, bytes, frame.begin, frame.end)
    this.#bytes = bytes
    this.frame = frame
  }

  get begin(): number {
    return this.frame.begin
  }

  get end(): number {
    return this.frame.end
  }

  has(number: number): boolean {
    return this.#all(number).length > 0
  }

  /** The last message of a field: a later one takes the place of an earlier one. */
  message(number: number): Message | undefined {
    return this.messages(number).at(-1)
  }

  messages(number: number): Message[] {
    const parent = this.frame
    return this.#all(number).flatMap(({ kind, start, prefix, begin, end }) =>
      kind === LENGTH ? new Message(this.#bytes, { start, prefix, begin, end, parent }) : [],
    )
  }

  text(number: number): string | undefined {
    return this.texts(number).at(-1)
  }

  texts(number: number): string[] {
    return this.#all(number).flatMap(({ kind, begin, end }) =>
      kind === LENGTH ? decoder.decode(this.#content(begin, end)) : [],
    )
  }

  integer(number: number, absent = 0): number {
    return this.#all(number).at(-1)?.value ?? absent
  }

  bool(number: number, absent = false): boolean {
    return this.integer(number, Number(absent)) !== 0
  }

  /** The integers of a list, packed or not. */
  integers(number: number): number[] {
    return this.#all(number).flatMap((field) => (field.kind === LENGTH ? this.#packed(field) : [field.value]))
  }

  float(number: number, absent = 0): number {
    const field = this.#all(number).at(-1)
    if (field?.kind !== FIXED32) return absent
    return dataView(this.#bytes.range(field.begin, field.end)).getFloat32(0, true)
  }

  /** Bytes of a field, of which there are few. */
  bytes(number: number): Uint8Array | undefined {
    const field = this.#all(number).at(-1)
    return field?.kind === LENGTH ? this.#content(field.begin, field.end) : undefined
  }

  #all(number: number): readonly Field[] {
    this.#fields ??= this.#read()
    return this.#fields.get(number) ?? []
  }

  #read(): Map<number, Field[]> {
    const fields = new Map<number, Field[]>()
    let at = this.begin
    while (at < this.end) {
      const [tag, after] = this.#varint(at)
      const number = Math.floor(tag / 8)
      if (number < 1 || tag >= 2 ** 32)
        throw fileError(STAGE, 'the number of a field must be 1 to 2^29 - 1', number, at)
      const field = this.#field(number, tag % 8, after, at)
      const list = fields.get(number)
      if (list) list.push(field)
      else fields.set(number, [field])
      at = field.end
    }
    return fields
  }

  #field(number: number, kind: number, at: number, start: number): Field {
    if (kind === VARINT) {
      const [value, end] = this.#varint(at)
      return { number, kind, value, start, prefix: at, begin: at, end }
    }
    if (kind === LENGTH) {
      const [length, begin] = this.#varint(at)
      const end = begin + length
      if (length >= 0 && end <= this.end) return { number, kind, value: 0, start, prefix: at, begin, end }
      throw fileError(STAGE, `field ${number} must end within its message`, length, start)
    }
    const width = kind === FIXED32 ? 4 : kind === FIXED64 ? 8 : 0
    if (width === 0) throw fileError(STAGE, 'the kind of a field must be 0, 1, 2 or 5', kind, start)
    if (at + width > this.end) throw fileError(STAGE, `field ${number} must end within its message`, width, start)
    return { number, kind, value: 0, start, prefix: at, begin: at, end: at + width }
  }

  #varint(at: number): [value: number, end: number] {
    const bytes = this.#bytes.range(at, Math.min(at + LONGEST_VARINT, this.end))
    let [low, high, shift] = [0, 0n, 0]
    for (let index = 0; index < bytes.length; index++, shift += 7) {
      const bits = bytes[index] & 0x7f
      if (shift < 49) low += bits * 2 ** shift
      else high |= BigInt(bits) << BigInt(shift)
      if (bytes[index] < 0x80) {
        const value = high === 0n ? low : Number(BigInt.asIntN(64, high | BigInt(low)))
        return [value, at + index + 1]
      }
    }
    throw fileError(STAGE, 'an integer must have at most 64 bits and end within its message', new Verbatim('more'), at)
  }

  #packed({ begin, end }: Field): number[] {
    const list: number[] = []
    if (end - begin > LONGEST) throw fileError(STAGE, `a list must have at most ${LONGEST} bytes`, end - begin, begin)
    for (let at = begin; at < end; ) {
      const [value, after] = this.#varint(at)
      if (after > end) throw fileError(STAGE, 'an integer must end within its list', new Verbatim('more'), at)
      list.push(value)
      at = after
    }
    return list
  }

  #content(begin: number, end: number): Uint8Array {
    if (end - begin > LONGEST) throw fileError(STAGE, `a text must have at most ${LONGEST} bytes`, end - begin, begin)
    return this.#bytes.range(begin, end)
  }
}
