import type { Filter } from '../../reference/problem.ts'

/** The filter of poolings. */
export const noFilter: Filter = {
  weights: new Float32Array(0),
  steps: { group: 0, out: 0, in: 0, tap: 0 },
  bias: undefined,
}
