import { conv } from '../reference/conv.ts'
import { convTranspose } from '../reference/conv-transpose.ts'
import { averagePool, maxPool } from '../reference/pool.ts'
import type { Filter, Problem } from '../reference/problem.ts'
import { computedBy, type Engine } from './engine.ts'
import type { Holdings } from './holdings.ts'
import type { Values } from './memory.ts'
import type { Schedule } from './schedule.ts'

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

/** Computes a problem: on programs where they fit and there is memory for them, else by the reference. */
export function compute(
  problem: Problem,
  schedule: Schedule | undefined,
  holdings: Holdings,
  input: Values,
  filter: Filter,
  output: Values,
): Engine {
  const engine = schedule?.run(holdings, input, output) ? 'program' : 'reference'
  if (engine === 'reference') references[problem.geometry.op](problem, input.data, filter, output.data)
  return computedBy(engine)
}
