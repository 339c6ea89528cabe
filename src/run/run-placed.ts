import { type Block, free, integers, take, type Values } from './memory.ts'
import { holdProgram, letGo } from './programs.ts'

/** A plan whose program takes the addresses of the output, of its tables and of inputs. */
export class PlacedPlan {
  /** What tells its program apart. */
  readonly key: string
  readonly emit: () => Uint8Array
  readonly tables: readonly number[]
  /** Bytes from the begin of the output and of each input to where the program begins. */
  readonly offsets: readonly number[]

  constructor(
    plan: { readonly strategy: string; readonly structure: object; readonly tables: readonly number[] },
    emit: () => Uint8Array,
    offsets: readonly number[],
  ) {
    this.key = JSON.stringify([plan.strategy, plan.structure])
    this.emit = emit
    this.tables = plan.tables
    this.offsets = offsets
  }
}

/** A run of such a program. */
export interface PlacedRun {
  readonly placed: PlacedPlan
  /** Tensors, of which one may be the output itself, as the runs before left it. */
  readonly inputs: readonly Values[]
}

const INTEGER = 4

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
    const copies = copiesOf(runs, output, addressOf)
    const tables = addressOf(Math.max(...runs.map(({ placed }) => placed.tables.length)) * INTEGER)
    if (!copies || tables < 0) return false
    for (const { placed } of runs) {
      const program = holdProgram(placed.key, placed.emit)
      if (!program) return false
      held.push(program)
    }
    for (const [values, address] of copies) if (values !== output) values.copyTo(address)
    const at = (values: Values): number => values.address ?? (copies.get(values) as number)
    const numbers = integers()
    runs.forEach(({ placed, inputs }, index) => {
      for (let entry = 0; entry < placed.tables.length; entry++) {
        numbers[tables / INTEGER + entry] = placed.tables[entry]
      }
      const from = inputs.map((values, input) => at(values) + placed.offsets[input + 1])
      held[index].answer?.run(at(output) + placed.offsets[0], tables, ...from)
    })
    const result = copies.get(output)
    if (result !== undefined) output.copyFrom(result)
    return true
  } finally {
    for (const program of held) letGo(program)
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
    const address = addressOf(values.data.length * 4)
    copies.set(values, address)
    return address >= 0
  }
  if (!place(output)) return undefined
  for (const { inputs } of runs) for (const values of inputs) if (!place(values)) return undefined
  return copies
}
