import { Verbatim } from '../geometry/error.ts'
import { dataView } from './bytes.ts'
import { fileError } from './file-error.ts'

// Python's pickle, protocol 2, as data: no class is looked up and nothing is called. (CPython Lib/pickletools.py)

const STAGE = 'pickle'
/** The most values that are made. */
const MOST = 2 ** 20

/** A value of a pickle. What would be an object of a class is its name, its arguments and its state. */
export type Pickled = null | boolean | number | string | Pickled[] | Map<Pickled, Pickled> | PickledObject

export interface PickledObject {
  readonly className: string
  readonly arguments: Pickled
  state: Pickled
}

export const isObject = (value: Pickled | undefined): value is PickledObject =>
  typeof value === 'object' && value !== null && 'className' in value

const decoder = new TextDecoder()
/** Marks the begin of a list on the stack. */
const MARK = Symbol('mark')
type StackEntry = Pickled | typeof MARK

/** Reads a pickle as data. */
export function readPickle(bytes: Uint8Array): Pickled {
  return new Unpickler(bytes).run()
}

class Unpickler {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #stack: StackEntry[] = []
  readonly #memo: Pickled[] = []
  #at = 0
  #made = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = dataView(bytes)
  }

  run(): Pickled {
    while (this.#at < this.#bytes.length) {
      const code = String.fromCharCode(this.#bytes[this.#at++])
      if (code === '.') return this.#pop()
      if (++this.#made > MOST) throw fileError(STAGE, `a pickle must have at most ${MOST} values`, this.#made, this.#at)
      this.#step(code)
    }
    throw fileError(STAGE, 'a pickle must end with its mark', new Verbatim('the end'), this.#at)
  }

  #step(code: string): void {
    const simple = values[code]
    if (simple) this.#stack.push(simple())
    else if (code === '(') this.#stack.push(MARK)
    else if (code in sizes) this.#number(code)
    else if (code in tuples) this.#stack.push(this.#stack.splice(this.#stack.length - tuples[code]) as Pickled[])
    else (this.#actions[code] ?? this.#unknown(code))()
  }

  #unknown(code: string): never {
    const shown = `0x${code.charCodeAt(0).toString(16)}`
    throw fileError(STAGE, 'an instruction must be one of protocol 2', new Verbatim(shown), this.#at - 1)
  }

  readonly #actions: Readonly<Record<string, () => void>> = {
    '\x80': () => this.#take(1),
    X: () => this.#text(this.#count(4)),
    '\x8c': () => this.#text(this.#count(1)),
    '\x8a': () => {
      const bytes = this.#take(this.#count(1))
      // The lowest byte first; the sign is that of the highest one.
      const sign = bytes.length > 0 && bytes[bytes.length - 1] >= 128 ? 256 ** bytes.length : 0
      this.#stack.push(bytes.reduceRight((sum, byte) => sum * 256 + byte, 0) - sign)
    },
    c: () => this.#stack.push(`${this.#line()}.${this.#line()}`),
    q: () => this.#remember(this.#count(1)),
    r: () => this.#remember(this.#count(4)),
    h: () => this.#recall(this.#count(1)),
    j: () => this.#recall(this.#count(4)),
    t: () => this.#stack.push(this.#marked()),
    R: () => this.#make(),
    '\x81': () => this.#make(),
    Q: () => this.#stack.push({ className: 'persistent', arguments: this.#pop(), state: null }),
    b: () => {
      const state = this.#pop()
      const object = this.#top()
      if (isObject(object)) object.state = state
    },
    s: () => {
      const [value, key] = [this.#pop(), this.#pop()]
      const map = this.#top()
      if (map instanceof Map) map.set(key, value)
    },
    u: () => {
      const list = this.#marked()
      const map = this.#top()
      for (let index = 0; map instanceof Map && index + 1 < list.length; index += 2)
        map.set(list[index], list[index + 1])
    },
    a: () => {
      const value = this.#pop()
      const list = this.#top()
      if (Array.isArray(list)) list.push(value)
    },
    e: () => {
      const entries = this.#marked()
      const list = this.#top()
      if (Array.isArray(list)) for (const entry of entries) list.push(entry)
    },
  }

  /** An object of a class whose name and arguments lie on the stack. */
  #make(): void {
    const [given, name] = [this.#pop(), this.#pop()]
    this.#stack.push({ className: typeof name === 'string' ? name : '', arguments: given, state: null })
  }

  #number(code: string): void {
    const at = this.#at
    this.#take(sizes[code])
    if (code === 'G') this.#stack.push(this.#view.getFloat64(at))
    else if (code === 'J') this.#stack.push(this.#view.getInt32(at, true))
    else this.#stack.push(code === 'M' ? this.#view.getUint16(at, true) : this.#bytes[at])
  }

  #count(width: 1 | 4): number {
    const at = this.#at
    this.#take(width)
    return width === 1 ? this.#bytes[at] : this.#view.getUint32(at, true)
  }

  #take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) {
      throw fileError(STAGE, 'a value must end within the pickle', new Verbatim('its end'), this.#at)
    }
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #text(length: number): void {
    this.#stack.push(decoder.decode(this.#take(length)))
  }

  #line(): string {
    const end = this.#bytes.indexOf(10, this.#at)
    const text = decoder.decode(this.#take((end < 0 ? this.#bytes.length : end) - this.#at))
    this.#take(1)
    return text
  }

  #pop(): Pickled {
    const value = this.#stack.pop()
    if (value === undefined || value === MARK) {
      throw fileError(STAGE, 'an instruction must find its values', new Verbatim('none'), this.#at)
    }
    return value
  }

  #top(): Pickled | undefined {
    const value = this.#stack[this.#stack.length - 1]
    return value === MARK ? undefined : value
  }

  /** Everything above the last mark. */
  #marked(): Pickled[] {
    const at = this.#stack.lastIndexOf(MARK)
    if (at < 0) throw fileError(STAGE, 'a list must have a mark', new Verbatim('none'), this.#at)
    return this.#stack.splice(at).slice(1) as Pickled[]
  }

  #remember(index: number): void {
    if (index > MOST) throw fileError(STAGE, `a number of the memo must be at most ${MOST}`, index, this.#at)
    const value = this.#top()
    if (value !== undefined) this.#memo[index] = value
  }

  #recall(index: number): void {
    this.#stack.push(this.#memo[index] ?? null)
  }
}

/** Instructions that only make a value. */
const values: Readonly<Record<string, () => Pickled>> = {
  N: () => null,
  '\x88': () => true,
  '\x89': () => false,
  ')': () => [],
  ']': () => [],
  '}': () => new Map(),
}
/** Numbers by the bytes that they take. */
const sizes: Readonly<Record<string, number>> = { G: 8, J: 4, K: 1, M: 2 }
/** Tuples by how many values they take. */
const tuples: Readonly<Record<string, number>> = { '\x85': 1, '\x86': 2, '\x87': 3 }
