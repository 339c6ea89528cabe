import type { Node } from '../../network/model.ts'
import type { Call } from '../../operators/call.ts'
import type { GraphValue } from '../operation.ts'
import type { Site } from '../site.ts'

/** How an operator runs. Its name is that of a row of `src/operators/`, which knows everything else of it. */
export interface RunRow {
  readonly name: string
  /** Makes the steps of a node, and gives its outputs, in their order; one alone stands for a list of it. */
  readonly lower: (site: Site) => GraphValue | readonly (GraphValue | undefined)[]
  /** Whether it moves elements of any type; others take real numbers alone. */
  readonly takesAnything?: true
  /** Inputs that must be the same for all inputs of the model, by their places. */
  readonly constants?: readonly number[]
  /** Why a node is out of scope, as a clause. */
  readonly refuses?: (call: Call<Node>) => string | undefined
}
