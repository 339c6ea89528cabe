import type { Node } from '../../network/model.ts'
import type { Described } from '../../network/window.ts'
import type { Call } from '../../operators/call.ts'
import type { Shape } from '../../operators/fact.ts'
import type { Grid, GridLine } from './grid.ts'

/** What the rule of an operator sees. */
export interface Passage {
  readonly call: Call<Node>
  /** Lines of the inputs, in their order; undefined where a value has none that are known. */
  readonly lines: readonly (readonly GridLine[] | undefined)[]
  readonly described: Described | undefined
  /** Whether the node is an operator, and no call of a function of the model. */
  readonly isFollowed: boolean
  /** Shape of the first output. */
  readonly output: Shape | undefined
  /** Whether an input is the same for every input of the model. */
  readonly isConstant: (index: number) => boolean
  /** Hears of grids that meet and put cell 0 at different places. */
  readonly meet: (grids: readonly Grid[]) => void
  /** Hears that sizes do not follow as usual. */
  readonly irregular: (line: GridLine, why: string) => void
}
