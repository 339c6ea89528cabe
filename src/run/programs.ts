import { emitDense } from '../emit/dense.ts'
import { LANES, type Plan } from '../plan/plan.ts'
import { createMemory, type Exports, instantiate, type WasmMemory } from '../wasm/engine.ts'

/** A plan, compiled. */
interface Program {
  readonly run: Exports[string]
  /** The tables that the program reads, as they must stand in memory before it runs. */
  readonly rows: Int32Array
}

const PAGE = 65536
const MOST_PROGRAMS = 128

/** One memory for all programs, which run one at a time: it grows to what the largest of them needs. */
let memory: WasmMemory | undefined
/** Programs by the content of their plans, the one used longest ago first: layers alike share one. */
const programs = new Map<string, Program>()
/** The program of each plan that has run, so that a plan is not compared by its content on every run. */
const known = new WeakMap<Plan, Program>()

/**
 * Runs a planned convolution.
 *
 * @param packed what `packFilter` made of its weights and bias
 * @param output filled in the problem's layout
 * @returns whether it ran; false where the memory that it needs is not to be had
 */
export function runConv(plan: Plan, packed: PackedFilter, input: Float32Array, output: Float32Array): boolean {
  const { memory: map } = plan
  if (!reserve(map.end)) return false
  const { run, rows } = programOf(plan)
  const { buffer } = memory as WasmMemory
  const floats = new Float32Array(buffer, 0, map.end / 4)
  new Int32Array(buffer, map.rows, rows.length).set(rows)
  floats.set(packed.weights, map.weights / 4)
  floats.set(packed.bias, map.bias / 4)
  floats.set(input, map.input / 4)
  run()
  output.set(floats.subarray(map.output / 4, map.output / 4 + output.length))
  return true
}

/** Makes the memory large enough; it never shrinks, and grows by a quarter at least, since growing may copy it. */
function reserve(bytes: number): boolean {
  const pages = Math.ceil(bytes / PAGE)
  try {
    memory ??= createMemory(pages)
    const had = memory.buffer.byteLength / PAGE
    if (had < pages) memory.grow(Math.max(pages - had, had >> 2))
    return true
  } catch {
    return false
  }
}

function programOf(plan: Plan): Program {
  const program = known.get(plan) ?? programAlike(plan)
  known.set(plan, program)
  return program
}

function programAlike(plan: Plan): Program {
  const key = JSON.stringify(plan)
  const program = programs.get(key) ?? compile(plan)
  programs.delete(key)
  programs.set(key, program)
  if (programs.size > MOST_PROGRAMS) programs.delete(programs.keys().next().value as string)
  return program
}

function compile(plan: Plan): Program {
  const { run } = instantiate(emitDense(plan), memory as WasmMemory)
  const rows = plan.rows.flat().flatMap(({ input, weights, count }) => [input, weights, count])
  return { run, rows: Int32Array.from(rows) }
}

/** Weights and bias in the order in which a program reads them. */
export interface PackedFilter {
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/**
 * Packs weights and bias for the plans of a layer; the order does not depend on the input's size.
 *
 * @param weights `[out, in / groups, ...kernel]`
 */
export function packFilter(plan: Plan, weights: Float32Array, bias: Float32Array | undefined): PackedFilter {
  return { weights: packWeights(plan, weights), bias: packBias(plan, bias) }
}

/** The output channels of a block side by side, then taps of width, input channels, taps of height and of depth. */
function packWeights(plan: Plan, weights: Float32Array): Float32Array {
  const { groups, blocks, inGroup, outGroup, axes, vectors, packed } = plan
  const [depth, height, width] = axes.map((axis) => axis.kernel)
  const [lanes, kernel] = [vectors * LANES, depth * height * width]
  const result = new Float32Array((groups * blocks * packed.block) / 4)
  let at = 0
  for (let group = 0; group < groups; group++) {
    for (let block = 0; block < blocks; block++) {
      for (let line = 0; line < depth * height; line++) {
        for (let channel = 0; channel < inGroup; channel++) {
          for (let tap = 0; tap < width; tap++) {
            for (let lane = 0; lane < lanes; lane++, at++) {
              const out = block * lanes + lane
              if (out >= outGroup) continue // the lanes that the last block has too many stay zero
              result[at] = weights[((group * outGroup + out) * inGroup + channel) * kernel + line * width + tap]
            }
          }
        }
      }
    }
  }
  return result
}

function packBias({ groups, blocks, outGroup, vectors }: Plan, bias: Float32Array | undefined): Float32Array {
  const lanes = blocks * vectors * LANES
  const result = new Float32Array(groups * lanes)
  for (let group = 0; bias && group < groups; group++) {
    result.set(bias.subarray(group * outGroup, (group + 1) * outGroup), group * lanes)
  }
  return result
}
