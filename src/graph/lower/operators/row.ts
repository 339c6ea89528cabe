import type { Node } from '../../../network/model.ts'
import type { Call } from '../../../operators/call.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import type { GraphValue } from '../operation.ts'
import type { Site } from '../site.ts'

/** How an operator runs. Its name is that of a row of `src/operators/`, which knows everything else of it. */
export interface RunRow {
  readonly name: string
  /** Makes the steps of a node, and gives its outputs, in their order; one alone stands for a list of it. */
  readonly lower?: (site: Site) => GraphValue | readonly (GraphValue | undefined)[]
  /** Of an operator whose outputs have as many elements as it finds: it is computed between the steps before it and those behind. */
  readonly between?: (inputs: readonly (Tensor | undefined)[], node: Node) => readonly Tensor[]
  /** Whether it takes real numbers alone; others are exact on integers. */
  readonly isReal?: true
  /** Inputs whose elements must be known before the node is lowered, by their places. */
  readonly constants?: readonly number[]
  /** Why a node is out of scope, as a clause. */
  readonly refuses?: (call: Call<Node>) => string | undefined
}
