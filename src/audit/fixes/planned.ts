import type { Rewrite } from '../../network/model.ts'

/** A rewrite as it was planned. */
export interface PlannedRewrite extends Rewrite {
  /** Whether it says the same at every size, not only at those that were given. */
  readonly always: boolean
  /** Whether values change: a maximum no longer sees the zeros that stood before it. */
  readonly alters?: boolean
}
