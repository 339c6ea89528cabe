import type { Plan } from '../plan/plan.ts'
import { type Exports, instantiate } from '../wasm/engine.ts'
import { alignedTo, type Block, current, dropMemory, floats, free, isThere, take, type Values } from './memory.ts'
import { strategyOf } from './strategies.ts'

/** A plan, compiled. */
interface Program {
  readonly run: Exports[string]
  /** Where the tables that it reads lie; undefined once it was dropped for others. */
  tables: Block | undefined
}

/** Weights and bias, packed and kept in program memory. */
export interface ResidentFilter {
  readonly block: Block
  /** Their addresses. */
  readonly weights: number
  readonly bias: number
}

const MOST_PROGRAMS = 128

/** Programs by the content of their plans, the one used longest ago first: layers alike share one. */
const programs = new Map<string, Program>()
/** The program of each plan that has run, so that a plan is not compared by its content on every run. */
const known = new WeakMap<Plan, Program>()

/** Packs weights and bias into program memory; undefined where there is none left. */
export function keepFilter(
  plan: Plan,
  weights: Float32Array,
  bias: Float32Array | undefined,
): ResidentFilter | undefined {
  const packed = strategyOf(plan).pack(plan, weights, bias)
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
 * @param filter what `keepFilter` made of weights and bias for a plan that packs alike; undefined for poolings
 * @returns whether it ran; false where the memory that it needs is not to be had
 */
export function runPlan(plan: Plan, filter: ResidentFilter | undefined, input: Values, output: Values): boolean {
  const { run, tables } = programOf(plan) ?? {}
  if (!run || !tables) return false
  const { bytes } = plan
  // Taken first, since taking may move all of memory, and freed before anybody else can ask for more.
  const taken: Block[] = []
  const scratch = (size: number): number => {
    const block = take(size)
    if (block) taken.push(block)
    return block?.address ?? -1
  }
  const from = input.address ?? scratch(bytes.input)
  const to = output.address ?? scratch(bytes.output)
  const work = bytes.scratch > 0 ? scratch(bytes.scratch) : 0
  const enough = Math.min(from, to, work) >= 0
  if (enough) {
    if (input.address === undefined) floats().set(input.data, from / 4)
    run(from, to, filter?.weights ?? 0, filter?.bias ?? 0, tables.address, work)
    if (output.address === undefined) output.data.set(floats().subarray(to / 4, (to + bytes.output) / 4))
  }
  for (const block of taken) free(block)
  return enough
}

/** Forgets all programs and the memory that they ran in. */
export function releaseMemory(): void {
  programs.clear()
  dropMemory()
}

function programOf(plan: Plan): Program | undefined {
  const last = known.get(plan)
  if (last?.tables && isThere(last.tables)) return last
  const key = JSON.stringify(plan)
  const program = programs.get(key) ?? compile(plan)
  if (!program) return undefined
  programs.delete(key)
  programs.set(key, program)
  known.set(plan, program)
  if (programs.size > MOST_PROGRAMS) evict()
  return program
}

/** Drops the program used longest ago. Whoever still has its plan gets another one compiled. */
function evict(): void {
  const [[key, program]] = programs
  programs.delete(key)
  if (program.tables) free(program.tables)
  program.tables = undefined
}

function compile(plan: Plan): Program | undefined {
  const tables = take(plan.bytes.tables)
  if (!tables) return undefined
  new Int32Array(current().buffer, tables.address, plan.tables.length).set(plan.tables)
  return { run: instantiate(strategyOf(plan).emit(plan), current()).run, tables }
}
