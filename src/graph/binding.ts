import type { Layout } from '../tensor/tensor.ts'
import type { LayerStore } from './layer-store.ts'
import type { GraphStep } from './operation.ts'

/** How a network computes. */
export interface RunningOptions {
  readonly deterministic: boolean
  /** At most so many threads; all that there are where nothing is said. */
  readonly threads: number | undefined
  /** How tensors of windows lie; chosen for the model where nothing is said. */
  readonly layout: Layout | undefined
}

/** What steps are bound with. */
export interface Binding extends RunningOptions {
  readonly layers: LayerStore
  /** Takes what a step holds, to be let go with the schedule; undefined where steps run once. */
  readonly holds?: ((release: () => void) => void) | undefined
  /** Whether an input of a joining step lies in its output already. */
  readonly isJoined: (step: GraphStep, index: number) => boolean
}
