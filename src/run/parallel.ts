import type { Holdings } from './holdings.ts'
import type { SharedPlan } from './plans.ts'

/** The parts of a plan with all that they need but tensors. */
export interface PartsReady {
  /** Bytes that they need beside. */
  readonly scratch: number
  /** Runs them, given addresses in program memory. */
  runParts(input: number, output: number, scratch: number): void
}

/** Makes a plan ready for several threads, at most so many; undefined where it is better done by one. */
export type Parallel = (shared: SharedPlan, holdings: Holdings, most: number) => PartsReady | undefined

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
  return made?.(shared, holdings, most)
}
