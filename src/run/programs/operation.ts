import type { Filter, Problem } from '../../reference/problem.ts'
import type { PlanProblem } from './strategies.ts'

/** What computes an operation. Each layer names its own, so that whoever uses one operation ships no other. */
export interface Operation {
  readonly plan: PlanProblem
  /** Fills the output by the definition. */
  readonly reference: (
    problem: Problem,
    input: Float32Array,
    filter: Filter,
    output: Float32Array,
    residual?: Float32Array,
  ) => void
}
