/** Appends an unsigned integer in LEB128. */
export function unsigned(list: number[], value: number): void {
  let rest = value >>> 0
  for (; rest >= 0x80; rest >>>= 7) list.push((rest & 0x7f) | 0x80)
  list.push(rest)
}

/** Appends a signed 32-bit integer in LEB128. */
export function signed(list: number[], value: number): void {
  let rest = value | 0
  // The sixth bit of the last byte is the sign.
  for (; rest < -0x40 || rest >= 0x40; rest >>= 7) list.push((rest & 0x7f) | 0x80)
  list.push(rest & 0x7f)
}

/** A growing list of bytes in the encodings of the WebAssembly binary format. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  byte(value: number): this {
    if (this.#length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.#length++] = value
    return this
  }

  raw(values: ArrayLike<number>): this {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length)
    this.#bytes.set(values, this.#length)
    this.#length += values.length
    return this
  }

  /** Makes room for so many more. */
  #grow(more: number): void {
    const larger = new Uint8Array(2 * (this.#length + more))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  /** An unsigned integer in LEB128. */
  unsigned(value: number): this {
    const list: number[] = []
    unsigned(list, value)
    return this.raw(list)
  }

  /** A text in UTF-8 behind its length. */
  name(text: string): this {
    return this.sized(new TextEncoder().encode(text))
  }

  /** Bytes behind their number. */
  sized(content: Uint8Array): this {
    return this.unsigned(content.length).raw(content)
  }

  /** A list behind its length. */
  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.unsigned(items.length)
    items.forEach(write)
    return this
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }
}
