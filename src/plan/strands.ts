import type { ElementwiseProblem, View } from '../reference/elementwise.ts'
import { LANES } from './plan.ts'
import type { Amount } from './tables.ts'

/** How many strands there may be: as many as lanes of a vector, or fewer. */
export type StrandCount = 2 | 3 | 4

/**
 * A short axis that is passed through together with the innermost one. Along it the elements of some tensors are neighbours, and
 * their elements along the innermost axis so many apart: strands whose elements lie between each other.
 */
export interface Strands {
  readonly count: StrandCount
  /** Bytes from strand to strand of each tensor. */
  readonly steps: readonly Amount[]
}

/** The places of the axes: of the short one, and of that which is passed through with it. */
export interface StrandAxes {
  readonly axis: number
  readonly along: number
  readonly count: StrandCount
}

/** Strands that lie between each other in some tensor; in others they lie side by side, or all their elements are the same. */
export function strandAxes({ sizes, output, inputs }: ElementwiseProblem): StrandAxes | undefined {
  const views = [output, ...inputs]
  for (const [axis, count] of sizes.entries()) {
    if (count !== 2 && count !== 3 && count !== 4) continue
    const areNear = ({ steps }: View, along: number): boolean =>
      steps[axis] === 1 && (steps[along] === count || (steps[along] > count && count !== 3))
    const fits = (along: number): boolean =>
      sizes[along] >= LANES &&
      output.steps[along] !== 0 &&
      views.some((view) => areNear(view, along)) &&
      views.every((view) => view.steps[along] === 1 || view.steps[along] === 0 || areNear(view, along))
    const along = [...sizes.keys()].findLast((other) => other !== axis && fits(other))
    if (along !== undefined) return { axis, along, count }
  }
  return undefined
}
