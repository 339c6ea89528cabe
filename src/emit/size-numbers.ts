import { type Amount, INTEGER } from '../plan/tables.ts'
import type { Code, Local } from '../wasm/code.ts'

/** A number where it is used: an immediate, or a variable of type i32. */
export type Quantity = number | Local

/** The amounts of a structure: those with names are loaded from the tables at the begin of a program, if they are used. */
export class SizeNumbers {
  readonly #code: Code
  readonly #tables: Local
  readonly #names: readonly string[]
  readonly #variables = new Map<string, Local>()

  constructor(code: Code, tables: Local, names: readonly string[]) {
    this.#code = code
    this.#tables = tables
    this.#names = names
  }

  /** So many times an amount. */
  of(amount: Amount, times = 1): Quantity {
    if (typeof amount === 'number') return amount * times
    if (times === 0) return 0
    return this.variable(amount, times)
  }

  /** The same as a variable. */
  variable(amount: Amount, times = 1): Local {
    return this.#once(`${times} ${amount}`, () => {
      this.#push(amount)
      if (times !== 1) this.#code.emit('i32.const', times).emit('i32.mul')
    })
  }

  /** Where a list of the tables is. */
  address(list: Amount): Local {
    return this.#once(`at ${list}`, () => {
      this.#push(list)
      this.#code.get(this.#tables).emit('i32.add')
    })
  }

  /** The float32 number with these bits, in every lane of a vector. */
  vector(bits: string): Local {
    return this.#once(`lanes ${bits}`, () => this.#load(bits, 'v128.load32_splat'), 'v128')
  }

  #push(amount: Amount): void {
    if (typeof amount === 'number') this.#code.emit('i32.const', amount)
    else this.#load(amount, 'i32.load')
  }

  #load(name: string, load: 'i32.load' | 'v128.load32_splat'): void {
    this.#code.get(this.#tables).emit(load, this.#names.indexOf(name) * INTEGER)
  }

  /** A variable that is set at the begin of the program to what is pushed for it. */
  #once(key: string, push: () => void, type: Local['type'] = 'i32'): Local {
    const known = this.#variables.get(key)
    if (known) return known
    const local = this.#code.local(type)
    this.#variables.set(key, local)
    this.#code.first(() => {
      push()
      this.#code.set(local)
    })
    return local
  }

  /** Steps by their names, so many times. */
  steps<Name extends string>(
    amounts: Readonly<Partial<Record<Name, Amount>>>,
    times = 1,
  ): Readonly<Partial<Record<Name, Quantity>>> {
    const entries = Object.entries<Amount>(amounts as Record<string, Amount>)
    return Object.fromEntries(entries.map(([name, amount]) => [name, this.of(amount, times)])) as Partial<
      Record<Name, Quantity>
    >
  }
}
