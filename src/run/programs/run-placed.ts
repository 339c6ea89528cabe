import type { Hold } from '../../analysis/remembered.ts'
import type { Block } from '../memory/heap.ts'
import { addressOf as addressIn, current, free, integers, take, type Values } from '../memory/memory.ts'
import { holdProgram, letGo, type Program } from './programs.ts'

const INTEGER = 4

/** A plan whose program takes the addresses of the output, of its tables and of inputs. */
export class PlacedPlan {
  /** What tells its program apart. */
  readonly key: string
  readonly emit: () => Uint8Array
  readonly tables: Int32Array
  /** Bytes from the begin of the output and of each input to where the program begins. */
  readonly offsets: readonly number[]
  #hold: Hold<Program | undefined> | undefined
  #isReleased = false
  /** Of the inputs of a run; the list is kept, since making one takes time. */
  readonly #addresses: number[] = []

  constructor(
    plan: { readonly strategy: string; readonly structure: object; readonly tables: Int32Array },
    emit: () => Uint8Array,
    offsets: readonly number[],
  ) {
    this.key = JSON.stringify([plan.strategy, plan.structure])
    this.emit = emit
    this.tables = plan.tables
    this.offsets = offsets
  }

  /** Its program, which stays until it is released; undefined where the engine has no memory for it. */
  get program(): Program | undefined {
    const known = this.#hold?.answer
    if (known && known.memory === current()) return known
    if (this.#hold) letGo(this.#hold)
    const hold = holdProgram(this.key, this.emit)
    if (!this.#isReleased) this.#hold = hold
    else if (hold) letGo(hold)
    return hold?.answer
  }

  /** Lets go of the program. */
  release(): void {
    if (this.#hold) letGo(this.#hold)
    this.#hold = undefined
    this.#isReleased = true
  }

  /** Runs the program on tensors in program memory; false, and nothing is done, where one is not there. */
  runInPlace(output: Float32Array, inputs: readonly Float32Array[]): boolean {
    const { program, offsets } = this
    const to = addressIn(output)
    if (!program || to === undefined) return false
    const from = this.#addresses
    for (let index = 0; index < inputs.length; index++) {
      const address = addressIn(inputs[index])
      if (address === undefined) return false
      from[index] = address + offsets[index + 1]
    }
    const block = take(this.tables.length * INTEGER)
    if (!block) return false
    this.writeTables(block.address)
    const [first] = from
    if (inputs.length === 1) program.run(to + offsets[0], block.address, first)
    else if (inputs.length === 2) program.run(to + offsets[0], block.address, first, from[1])
    else program.run(to + offsets[0], block.address, ...from)
    free(block)
    return true
  }

  writeTables(address: number): void {
    const numbers = integers()
    for (let entry = 0; entry < this.tables.length; entry++) numbers[address / INTEGER + entry] = this.tables[entry]
  }
}

/** A run of such a program. */
export interface PlacedRun {
  readonly placed: PlacedPlan
  /** Tensors, of which one may be the output itself, as the runs before left it. */
  readonly inputs: readonly Values[]
}

/**
 * Runs programs that fill one output, one after the other. Tensors in program memory are used where they are, others copied.
 *
 * @returns whether they ran; false, and nothing is done, where the memory that they need is not to be had
 */
export function runPlaced(runs: readonly PlacedRun[], output: Values): boolean {
  if (runs.length === 0) return false
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const addressOf = (bytes: number): number => {
    const block = take(bytes)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const copies = copiesOf(runs, output, addressOf)
    const tables = addressOf(Math.max(...runs.map(({ placed }) => placed.tables.length)) * INTEGER)
    if (!copies || tables < 0) return false
    if (!runs.every(({ placed }) => placed.program)) return false
    for (const [values, address] of copies) if (values !== output) values.copyTo(address)
    const at = (values: Values): number => values.address ?? (copies.get(values) as number)
    for (const { placed, inputs } of runs) {
      placed.writeTables(tables)
      const from = inputs.map((values, input) => at(values) + placed.offsets[input + 1])
      placed.program?.run(at(output) + placed.offsets[0], tables, ...from)
    }
    const result = copies.get(output)
    if (result !== undefined) output.copyFrom(result)
    return true
  } finally {
    for (const block of taken) free(block)
  }
}

/** Addresses for the copies of tensors outside of program memory; undefined where there is no room for one. */
function copiesOf(
  runs: readonly PlacedRun[],
  output: Values,
  addressOf: (bytes: number) => number,
): ReadonlyMap<Values, number> | undefined {
  const copies = new Map<Values, number>()
  const place = (values: Values): boolean => {
    if (values.address !== undefined || copies.has(values)) return true
    const address = addressOf(values.length * 4)
    copies.set(values, address)
    return address >= 0
  }
  if (!place(output)) return undefined
  for (const { inputs } of runs) for (const values of inputs) if (!place(values)) return undefined
  return copies
}
