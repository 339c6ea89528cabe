import type { Filter, Problem } from '../../reference/problem.ts'
import type { Values } from '../memory/memory.ts'
import { computedBy, type Engine } from './engine.ts'
import type { Holdings } from './holdings.ts'
import type { Operation } from './operation.ts'
import type { Schedule } from './schedule.ts'

/** Computes a problem: on programs where they fit and there is memory for them, else by the reference. */
export function compute(
  { operation, filter }: { readonly operation: Operation; readonly filter: Filter },
  problem: Problem,
  schedule: Schedule | undefined,
  holdings: Holdings,
  input: Values,
  output: Values,
  residual?: Values,
): Engine {
  const engine = schedule?.run(holdings, input, output, residual) ? 'program' : 'reference'
  if (engine === 'reference') operation.reference(problem, input.data, filter, output.data, residual?.data)
  return computedBy(engine)
}
