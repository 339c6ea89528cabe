import { type Plan, planProgram } from '../plan/choose.ts'
import type { Problem } from '../reference/problem.ts'
import { probeFeatures } from '../wasm/engine.ts'
import { Recent } from './recent.ts'

/** Planning takes longer than running a small layer, so plans are kept; also that there is none for a problem. */
const MOST_PLANS = 128
const plans = new Recent<{ readonly plan: Plan | undefined }>(MOST_PLANS)

/** The plan of a problem where programs can be compiled and one fits; the same object while it is remembered. */
export function planOf(problem: Problem, deterministic: boolean): Plan | undefined {
  const key = JSON.stringify([problem, deterministic])
  const known = plans.get(key)
  if (known) return known.plan
  const plan = planProgram(problem, probeFeatures(), deterministic)
  plans.set(key, { plan })
  return plan
}

/** Forgets all plans. */
export function dropPlans(): void {
  plans.clear()
}
