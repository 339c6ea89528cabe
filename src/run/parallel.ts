import type { Holdings } from './holdings.ts'
import type { SharedPlan } from './plans.ts'

/** The parts of a plan with all that they need but tensors. */
export interface PartsReady {
  /** Bytes that they need beside. */
  readonly scratch: number
  /** Runs them, given addresses in program memory. */
  runParts(input: number, output: number, residual: number, scratch: number): void
}

/** What several threads need, at most so many; undefined where a plan is better run by one. */
export interface Parallel {
  /** The plans of its parts. */
  plans(shared: SharedPlan, most: number): readonly SharedPlan[] | undefined
  /** Makes them ready. */
  ready(shared: SharedPlan, holdings: Holdings, most: number): PartsReady | undefined
}

let made: Parallel | undefined

/** Lets plans run on several threads from now on. So nobody ships what that takes who does not ask for it. */
export function runOnThreads(parallel: Parallel | undefined): void {
  made = parallel
}

/** What runs a plan on several threads; undefined where one has to. */
export function parallel(
  shared: SharedPlan,
  holdings: Holdings,
  most = Number.POSITIVE_INFINITY,
): PartsReady | undefined {
  return most === 1 ? undefined : made?.ready(shared, holdings, most)
}

/** The plans that are run for one: those of its parts, or itself. */
export function plansFor(shared: SharedPlan, most = Number.POSITIVE_INFINITY): readonly SharedPlan[] {
  return made?.plans(shared, most) ?? [shared]
}
