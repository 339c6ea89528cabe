import { inject } from 'vitest'

/**
 * How many of so many random cases fast-check tries here. Where `npm test` runs, all of them, other ones each time.
 * Further versions of Node and Chromium have the same plans and emit the same programs, and only compile them by
 * themselves: there a third is tried, always the same ones.
 */
export function tries(count: number): { readonly numRuns: number; readonly seed?: number } {
  return inject('machine') === undefined ? { numRuns: count } : { numRuns: Math.ceil(count / 3), seed: 1 }
}
