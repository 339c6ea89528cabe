import { alignedTo, type Block, current, floats, free, take, type Values } from './memory.ts'
import { holdProgram, letGo } from './programs.ts'

/** A run of a program that takes the addresses of the output, of its tables and of inputs. */
export interface PlacedRun {
  readonly plan: { readonly strategy: string; readonly structure: object; readonly tables: readonly number[] }
  readonly emit: () => Uint8Array
  /** Tensors, of which one may be the output itself, as the runs before left it. */
  readonly inputs: readonly Values[]
  /** Bytes from the begin of the output and of each input to where the program begins. */
  readonly offsets: readonly number[]
}

/** What tells the programs of plans apart, written out once for each plan. */
const keys = new WeakMap<PlacedRun['plan'], string>()

function keyOf(plan: PlacedRun['plan']): string {
  const known = keys.get(plan)
  if (known) return known
  const key = JSON.stringify([plan.strategy, plan.structure])
  keys.set(plan, key)
  return key
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
  const held: NonNullable<ReturnType<typeof holdProgram>>[] = []
  const addressOf = (bytes: number): number => {
    const block = take(bytes)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const places = new Map<Values, number>()
    for (const values of [output, ...runs.flatMap(({ inputs }) => inputs)]) {
      if (!places.has(values)) places.set(values, values.address ?? addressOf(4 * values.data.length))
    }
    const tables = runs.map(({ plan }) => addressOf(alignedTo(4 * plan.tables.length)))
    if (Math.min(...tables, ...places.values()) < 0) return false
    for (const { plan, emit } of runs) {
      const program = holdProgram(keyOf(plan), emit)
      if (!program) return false
      held.push(program)
    }
    for (const [values, address] of places) {
      if (values.address === undefined && values !== output) floats().set(values.data, address / 4)
    }
    runs.forEach(({ plan, inputs, offsets }, index) => {
      new Int32Array(current().buffer, tables[index], plan.tables.length).set(plan.tables)
      const [to, ...from] = [output, ...inputs].map((values, at) => (places.get(values) as number) + offsets[at])
      held[index].answer?.run(to, tables[index], ...from)
    })
    if (output.address === undefined) {
      const begin = (places.get(output) as number) / 4
      output.data.set(floats().subarray(begin, begin + output.data.length))
    }
    return true
  } finally {
    for (const program of held) letGo(program)
    for (const block of taken) free(block)
  }
}
