import type { Plan } from '../plan/choose.ts'
import { conv } from '../reference/conv.ts'
import { convTranspose } from '../reference/conv-transpose.ts'
import { averagePool, maxPool } from '../reference/pool.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import type { Values } from './memory.ts'
import { type ResidentFilter, runPlan } from './programs.ts'

/** What computes: a generated WebAssembly program, or the reference, plain loops with the same results. */
export type Engine = 'program' | 'reference'

type Reference = (problem: Problem, input: Float32Array, filter: Filter, output: Float32Array) => void

const references: Readonly<Record<Problem['geometry']['op'], Reference>> = {
  conv,
  convTranspose,
  maxPool: (problem, input, _, output) => maxPool(problem, input, output),
  averagePool: (problem, input, _, output) => averagePool(problem, input, output),
}

/** Poolings have none. */
export const noFilter: Filter = {
  weights: new Float32Array(0),
  steps: { group: 0, out: 0, in: 0, tap: 0 },
  bias: undefined,
}

let last: Engine | undefined

/**
 * What computed the operation that ran last: a program, or the reference, which serves small problems that are not worth
 * compiling, the few that no program fits, and engines or pages where WebAssembly is missing or forbidden. Undefined
 * before the first one.
 */
export function lastEngine(): Engine | undefined {
  return last
}

/** Computes a problem: with its plan where there is one and memory for it, else by the reference. */
export function compute(
  problem: Problem,
  plan: Plan | undefined,
  resident: ResidentFilter | undefined,
  input: Values,
  filter: Filter,
  output: Values,
): Engine {
  last = plan && resident && runPlan(plan, resident, input, output) ? 'program' : 'reference'
  if (last === 'reference') references[problem.geometry.op](problem, input.data, filter, output.data)
  return last
}
