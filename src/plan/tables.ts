/** Bytes of an integer of the tables. */
export const INTEGER = 4

/**
 * A number in a program: an immediate where the code depends on it, and where layers that share the program differ in it (by
 * their input's size, channels, numbers of an epilogue) a name, under which the program finds it at the begin of its tables.
 */
export type Amount = number | string

/** A list of the tables. */
export type Integers = readonly number[] | Int32Array

/** What layers that share a program differ in, put together: numbers with names, and behind them lists of entries. */
export class Tables {
  readonly #numbers = new Map<string, number>()
  readonly #lists: (readonly [name: string, integers: Integers])[] = []

  /** Names a number, and gives the name. */
  number(name: string, value: number): Amount {
    this.#numbers.set(name, value)
    return name
  }

  /** Adds a list, and names the number of bytes from the begin of the tables to it. */
  list(name: string, integers: Integers): Amount {
    this.#numbers.set(name, 0)
    this.#lists.push([name, integers])
    return name
  }

  /** The names of the numbers, and all integers. */
  finish(): { readonly names: readonly string[]; readonly tables: Int32Array } {
    let length = this.#numbers.size
    for (const [name, integers] of this.#lists) {
      this.#numbers.set(name, length * INTEGER)
      length += integers.length
    }
    const tables = new Int32Array(length)
    tables.set([...this.#numbers.values()])
    let begin = this.#numbers.size
    for (const [, integers] of this.#lists) {
      tables.set(integers, begin)
      begin += integers.length
    }
    return { names: [...this.#numbers.keys()], tables }
  }
}
