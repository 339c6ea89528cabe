import { Verbatim } from '../geometry/error.ts'
import { checkRange, type FileBytes, integersOf, viewOf } from './bytes.ts'
import { fileError } from './file-error.ts'

// FlatBuffers: a table is an offset; the table of its fields (vtable) says where each slot lies, 0 where it is absent.
// https://flatbuffers.dev/internals/

const STAGE = 'flatbuffer'
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The most bytes of a text: names are far shorter. */
const LONGEST_TEXT = 1 << 16
/** The most elements of all vectors that are read. Tables may share one, so that a small file could ask for any number. */
const MOST_ELEMENTS = 1 << 22

/** Elements that may still be read. */
interface VisitBudget {
  left: number
}

const uint16 = (bytes: FileBytes, at: number): number => viewOf(STAGE, bytes, at, at + 2).getUint16(0, true)
const int32 = (bytes: FileBytes, at: number): number => viewOf(STAGE, bytes, at, at + 4).getInt32(0, true)
const uint32 = (bytes: FileBytes, at: number): number => viewOf(STAGE, bytes, at, at + 4).getUint32(0, true)

/** Where an offset leads that is stored at a place. */
const follow = (bytes: FileBytes, at: number): number => at + uint32(bytes, at)

/** Elements of a vector: how many, and where they lie. */
interface Vector {
  readonly length: number
  readonly begin: number
  readonly end: number
}

/** A table as it lies in its file. */
export interface RawTable {
  /** Where each slot lies in the object, 0 where it is left out. */
  readonly fields: readonly number[]
  /** Its fields, behind the four bytes that lead to the table of their places. */
  readonly object: Uint8Array
}

/** A table of a FlatBuffers file. Fields are read when they are asked for. */
export class Table {
  readonly #bytes: FileBytes
  readonly #budget: VisitBudget
  /** First byte of the table. */
  readonly at: number
  readonly #vtable: number
  readonly #slots: number

  constructor(bytes: FileBytes, at: number, budget: VisitBudget = { left: MOST_ELEMENTS }) {
    this.#bytes = bytes
    this.#budget = budget
    this.at = at
    this.#vtable = at - int32(bytes, at)
    this.#slots = (uint16(bytes, this.#vtable) - 4) / 2
  }

  /** Where a field lies in the file; undefined where the table leaves it out. */
  place(slot: number): number | undefined {
    if (slot >= this.#slots) return undefined
    const offset = uint16(this.#bytes, this.#vtable + 4 + 2 * slot)
    return offset === 0 ? undefined : this.at + offset
  }

  /**
   * The table as it lies there, for one that is made like it; undefined where it is larger than so many bytes, or reaches
   * beyond the file.
   */
  raw(most: number): RawTable | undefined {
    const length = uint16(this.#bytes, this.#vtable + 2)
    if (length < 4 || length > most || this.at + length > this.#bytes.size || this.#slots > most) return undefined
    const fields = Array.from(
      { length: Math.max(0, this.#slots) },
      (_, slot) => (this.place(slot) ?? this.at) - this.at,
    )
    return { fields, object: this.#bytes.range(this.at, this.at + length).slice() }
  }

  /** A number of so many bytes, or what stands for one that is left out. */
  #number(slot: number, width: number, absent: number, read: (view: DataView, at: number) => number): number {
    const at = this.place(slot)
    return at === undefined ? absent : read(viewOf(STAGE, this.#bytes, at, at + width), at)
  }

  int8(slot: number, absent = 0): number {
    return this.#number(slot, 1, absent, (view) => view.getInt8(0))
  }

  uint8(slot: number, absent = 0): number {
    return this.#number(slot, 1, absent, (view) => view.getUint8(0))
  }

  bool(slot: number, absent = false): boolean {
    return this.uint8(slot, Number(absent)) !== 0
  }

  int32(slot: number, absent = 0): number {
    return this.#number(slot, 4, absent, (view) => view.getInt32(0, true))
  }

  /** An unsigned 64-bit integer; it must be below 2^53. */
  uint64(slot: number, absent = 0): number {
    return this.#number(slot, 8, absent, (view, at) => integerOf(view.getBigUint64(0, true), at))
  }

  /** A signed 64-bit integer, rounded beyond 2^53. */
  int64(slot: number, absent = 0): number {
    return this.#number(slot, 8, absent, (view) => Number(view.getBigInt64(0, true)))
  }

  float64(slot: number, absent = 0): number {
    return this.#number(slot, 8, absent, (view) => view.getFloat64(0, true))
  }

  float32(slot: number, absent = 0): number {
    return this.#number(slot, 4, absent, (view) => view.getFloat32(0, true))
  }

  /** A text; undefined where it is absent. */
  text(slot: number): string | undefined {
    const at = this.place(slot)
    if (at === undefined) return undefined
    this.#take(1, at)
    return textAt(this.#bytes, follow(this.#bytes, at))
  }

  /** A table within this one. */
  table(slot: number): Table | undefined {
    const at = this.place(slot)
    return at === undefined ? undefined : new Table(this.#bytes, follow(this.#bytes, at), this.#budget)
  }

  /** The elements of a vector, of which there are few: sizes, indices. Empty where it is absent. */
  int32s(slot: number): number[] {
    return this.#integers(slot, 4)
  }

  /** The 64-bit integers of a vector, rounded beyond 2^53. */
  int64s(slot: number): number[] {
    return this.#integers(slot, 8)
  }

  #integers(slot: number, width: number): number[] {
    const vector = this.#elements(slot, width)
    return vector ? integersOf(this.#bytes.range(vector.begin, vector.end), width) : []
  }

  /** The tables of a vector. */
  *tables(slot: number): Generator<Table> {
    const vector = this.#elements(slot, 4)
    for (let at = vector?.begin ?? 0; at < (vector?.end ?? 0); at += 4)
      yield new Table(this.#bytes, follow(this.#bytes, at), this.#budget)
  }

  /** The texts of a vector. */
  texts(slot: number): string[] {
    const { begin = 0, end = 0 } = this.#elements(slot, 4) ?? {}
    return Array.from({ length: (end - begin) / 4 }, (_, index) =>
      textAt(this.#bytes, follow(this.#bytes, begin + 4 * index)),
    )
  }

  /** A vector whose elements are read one by one. */
  #elements(slot: number, width: number): Vector | undefined {
    const vector = this.vector(slot, width)
    if (vector) this.#take(vector.length, vector.begin)
    return vector
  }

  #take(elements: number, at: number): void {
    this.#budget.left -= elements
    if (this.#budget.left >= 0) return
    const must = `vectors must have at most ${MOST_ELEMENTS} elements in all`
    throw fileError(STAGE, must, new Verbatim('more'), at)
  }

  /** Where a vector's elements of so many bytes lie; undefined where it is absent. */
  vector(slot: number, width: number): Vector | undefined {
    const place = this.place(slot)
    if (place === undefined) return undefined
    const at = follow(this.#bytes, place)
    const length = uint32(this.#bytes, at)
    const [begin, end] = [at + 4, at + 4 + width * length]
    checkRange(STAGE, this.#bytes, begin, end)
    return { length, begin, end }
  }
}

/** The outermost table of a file. */
export function rootTable(bytes: FileBytes): Table {
  return new Table(bytes, uint32(bytes, 0))
}

function textAt(bytes: FileBytes, at: number): string {
  const length = uint32(bytes, at)
  if (length > LONGEST_TEXT) throw fileError(STAGE, `a text must have at most ${LONGEST_TEXT} bytes`, length, at)
  checkRange(STAGE, bytes, at + 4, at + 4 + length)
  return decoder.decode(bytes.range(at + 4, at + 4 + length))
}

function integerOf(value: bigint, at: number): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw fileError(STAGE, 'an integer must be below 2^53', value, at)
  return Number(value)
}
