import { Remembered } from '../../analysis/remembered.ts'
import { functionIds } from '../../reference/epilogue.ts'
import type { Problem } from '../../reference/problem.ts'
import { probeFeatures } from '../../wasm/engine.ts'
import { roundsAlike } from './rounding.ts'
import type { PlannedProgram, PlanProblem } from './strategies.ts'

/** A plan, and texts that tell apart what can be shared. */
export interface SharedPlan extends Omit<PlannedProgram, 'packing'> {
  /** Plans with the same key are one program. */
  readonly key: string
  /** Plans with the same one read weights in the same order. */
  readonly packing: string
  /** Of a part the plan of all. */
  readonly whole?: SharedPlan
}

/** Planning takes longer than running a small layer, so plans are remembered; also that there is none for a problem. */
const plans = new Remembered<SharedPlan | undefined>({
  // A structure takes some bytes for each character that it has as a text.
  weigh: (shared) => (shared ? 4 * shared.key.length + 8 * shared.plan.tables.length : 0),
})

/** The plan of a problem where programs can be compiled and one fits; the same object while it is remembered. */
export function planOf(plan: PlanProblem, problem: Problem, deterministic: boolean): SharedPlan | undefined {
  const isFixed = deterministic || roundsAlike()
  return plans.get(JSON.stringify([problem, functionIds(problem.epilogue), isFixed]), () => {
    const planned = plan(problem, probeFeatures(), isFixed)
    return planned && sharedPlan(planned)
  })
}

/** A plan with the texts that tell apart what can be shared. */
export function sharedPlan(planned: PlannedProgram): SharedPlan {
  const { strategy, structure } = planned.plan
  return {
    ...planned,
    key: JSON.stringify([strategy, structure, functionIds(structure.epilogue)]),
    packing: JSON.stringify(planned.packing),
  }
}

/** Forgets all plans. */
export function dropPlans(): void {
  plans.clear()
}
