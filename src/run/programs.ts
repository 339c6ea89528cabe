import type { Plan } from '../plan/choose.ts'
import type { Filter } from '../reference/problem.ts'
import { type Exports, instantiate } from '../wasm/engine.ts'
import { alignedTo, type Block, current, dropMemory, floats, free, take, type Values } from './memory.ts'
import { dropPlans } from './plans.ts'
import { Recent } from './recent.ts'
import { emitPlan, packFilter } from './strategies.ts'

/** A plan, compiled. */
interface Program {
  readonly run: Exports[string]
  /** Where the tables that it reads lie. */
  readonly tables: Block
}

/** Weights and bias, packed and kept in program memory. */
export interface ResidentFilter {
  readonly block: Block
  /** Their addresses. */
  readonly weights: number
  readonly bias: number
}

const MOST_PROGRAMS = 128

/** Programs by the content of their plans: layers alike share one. Whoever still has a dropped one's plan gets another. */
const programs = new Recent<Program>(MOST_PROGRAMS, ({ tables }) => free(tables))
/** The content of each plan that has run, so that it is not written out on every run. */
const keys = new WeakMap<Plan, string>()

/**
 * Packs weights and bias into program memory.
 *
 * @param filter must not lie in program memory, which may move
 * @returns undefined where there is none left
 */
export function keepFilter(plan: Plan, filter: Filter): ResidentFilter | undefined {
  const packed = packFilter(plan, filter)
  const bytes = alignedTo(packed.weights.byteLength)
  const block = take(bytes + packed.bias.byteLength)
  if (!block) return undefined
  const addresses = { weights: block.address, bias: block.address + bytes }
  floats().set(packed.weights, addresses.weights / 4)
  floats().set(packed.bias, addresses.bias / 4)
  return { block, ...addresses }
}

/**
 * Runs a plan. Input and output that lie in program memory are used where they are, others are copied.
 *
 * @param filter what `keepFilter` made of weights and bias for a plan that packs alike
 * @returns whether it ran; false where the memory that it needs is not to be had
 */
export function runPlan(plan: Plan, filter: ResidentFilter, input: Values, output: Values): boolean {
  const program = programOf(plan)
  if (!program) return false
  const { bytes } = plan
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const addressOf = (size: number): number => {
    const block = take(size)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  try {
    const from = input.address ?? addressOf(bytes.input)
    const to = output.address ?? addressOf(bytes.output)
    const scratch = bytes.scratch > 0 ? addressOf(bytes.scratch) : 0
    if (Math.min(from, to, scratch) < 0) return false
    if (input.address === undefined) floats().set(input.data, from / 4)
    program.run(from, to, filter.weights, filter.bias, program.tables.address, scratch)
    if (output.address === undefined) output.data.set(floats().subarray(to / 4, (to + bytes.output) / 4))
    return true
  } finally {
    for (const block of taken) free(block)
  }
}

/** Forgets all programs and the memory that they ran in. */
export function releaseMemory(): void {
  programs.clear()
  dropPlans()
  dropMemory()
}

function programOf(plan: Plan): Program | undefined {
  const key = keys.get(plan) ?? JSON.stringify(plan)
  keys.set(plan, key)
  const known = programs.get(key)
  if (known) return known
  const program = compile(plan)
  if (program) programs.set(key, program)
  return program
}

/** Compiles a plan; undefined where there is no memory for it, of the program's or of the engine's for code. */
function compile(plan: Plan): Program | undefined {
  const bytes = emitPlan(plan)
  const tables = take(plan.bytes.tables)
  if (!tables) return undefined
  try {
    const { run } = instantiate(bytes, current())
    new Int32Array(current().buffer, tables.address, plan.tables.length).set(plan.tables)
    return { run, tables }
  } catch {
    free(tables)
    return undefined
  }
}
