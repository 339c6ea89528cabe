import type { Plan } from '../plan/choose.ts'
import type { Filter } from '../reference/problem.ts'
import { type Exports, instantiate } from '../wasm/engine.ts'
import { alignedTo, type Block, current, dropMemory, floats, free, take, type Values } from './memory.ts'
import { dropPlans } from './plans.ts'
import { Recent } from './recent.ts'
import { emitPlan, packFilter } from './strategies.ts'

/** A program, which serves all plans of its structure. */
type Program = Exports[string]

/** The program of a plan, and where the tables that it reads for it lie. */
interface Ready {
  readonly run: Program
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

/** Programs by the content of their structures, tables by that of their plans: layers alike share them. */
const programs = new Recent<Program>(MOST_PROGRAMS)
const tables = new Recent<Block>(MOST_PROGRAMS, free)
/** The content of each plan that has run, so that it is not written out on every run. */
const keys = new WeakMap<Plan, Readonly<Record<'structure' | 'plan', string>>>()

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
  const program = readyOf(plan)
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
  tables.clear()
  dropPlans()
  dropMemory()
}

/** A plan's program and tables; undefined where there is no memory for them, of the program's or of the engine's for code. */
function readyOf(plan: Plan): Ready | undefined {
  const key = keys.get(plan) ?? keyOf(plan)
  keys.set(plan, key)
  const lying = tables.get(key.plan) ?? lay(plan, key.plan)
  const run = lying && (programs.get(key.structure) ?? compile(plan, key.structure))
  return run && { run, tables: lying }
}

function keyOf({ strategy, structure, tables }: Plan): Readonly<Record<'structure' | 'plan', string>> {
  const text = JSON.stringify([strategy, structure])
  return { structure: text, plan: `${text} ${tables}` }
}

/** Copies a plan's tables into program memory. */
function lay({ bytes, tables: integers }: Plan, key: string): Block | undefined {
  const block = take(bytes.tables)
  if (!block) return undefined
  new Int32Array(current().buffer, block.address, integers.length).set(integers)
  tables.set(key, block)
  return block
}

function compile(plan: Plan, key: string): Program | undefined {
  const bytes = emitPlan(plan)
  try {
    const { run } = instantiate(bytes, current())
    programs.set(key, run)
    return run
  } catch {
    return undefined
  }
}
