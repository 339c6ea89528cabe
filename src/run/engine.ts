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

/** Notes what computed an operation. */
export function computedBy(engine: Engine): Engine {
  last = engine
  return engine
}
