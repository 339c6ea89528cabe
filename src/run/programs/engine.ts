/** What computes: a generated WebAssembly program, or the reference, plain loops with the same results. */
export type Engine = 'program' | 'reference'

let last: Engine | undefined

/**
 * What computed the operation that ran last: a program, or the reference, which serves small problems that are not worth
 * compiling, the few that no program fits, and engines or pages where WebAssembly is missing or forbidden. Undefined
 * before the first one.
 */
export function lastEngine(): Engine | undefined {
  return last
}

let [used, threads] = [1, 1]

/**
 * How many threads took part in the operation that ran last: 1 without `setThreads`, for what is too small to be shared out, and
 * where others had no time or could not be started.
 */
export function threadsUsed(): number {
  return used
}

/** Notes how many threads compute a part of an operation. */
export function computedOn(several: number): void {
  threads = Math.max(threads, several)
}

/** Notes what computed an operation. */
export function computedBy(engine: Engine): Engine {
  last = engine
  used = threads
  threads = 1
  return engine
}
