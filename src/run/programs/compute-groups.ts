import { Remembered } from '../../analysis/remembered.ts'
import { emitReduce } from '../../emit/reduce.ts'
import { planReduce } from '../../plan/reduce.ts'
import { type ReduceProblem, reduce as reference, type SharedAxis } from '../../reference/reduce.ts'
import type { Values } from '../memory/memory.ts'
import { MOST_PLANNED, PLANNED } from './compute-parts.ts'
import { computedBy } from './engine.ts'
import { isTooSmall, roundsAlike, usableFeatures } from './rounding.ts'
import { PlacedPlan, runPlaced } from './run-placed.ts'

/** A problem, and its plan with the places of its tensors where a program can do it. */
export interface PlannedGroups {
  readonly problem: ReduceProblem
  readonly placed: PlacedPlan | undefined
}

const planned = new Remembered<PlannedGroups>({
  ...{ weigh: () => PLANNED, most: MOST_PLANNED },
  dropped: ({ placed }) => placed?.release(),
})

/**
 * Passes over groups: on a program where it is worth one and there is memory for it, else by the definition.
 *
 * @param text tells problems apart
 * @param problemOf is asked where the problem is not remembered
 */
export function computeGroups(
  text: string,
  problemOf: () => ReduceProblem,
  inputs: readonly Values[],
  output: Values,
): void {
  const question = `${text};${roundsAlike()}`
  runGroups(
    planned.get(question, () => planGroups(problemOf())),
    inputs,
    output,
  )
}

/** Runs what is planned: on its program where there is memory for that, else by the definition. */
export function runGroups({ problem, placed }: PlannedGroups, inputs: readonly Values[], output: Values): void {
  const ran = placed && runPlaced([{ placed, inputs }], output)
  if (!ran) {
    const values = inputs.map(({ data }) => data)
    reference(problem, values, output.data)
  }
  computedBy(ran ? 'program' : 'reference')
}

/** Plans passes over groups; small ones without a program. */
export function planGroups(problem: ReduceProblem): PlannedGroups {
  const { simd, relaxed } = usableFeatures()
  const elements = [...problem.kept, ...problem.reduced].reduce((product, { size }) => product * size, 1)
  const found = simd && !isTooSmall(elements) ? planReduce(problem, relaxed) : undefined
  const places = [...problem.kept, ...problem.reduced][0]?.steps.map(() => 0) ?? []
  return { problem, placed: found && new PlacedPlan(found, () => emitReduce(found), places) }
}

/** Axes from group to group and within groups, of the output and of each input, which step so far along each axis. */
export function groupsOf(
  sizes: readonly number[],
  steps: readonly (readonly number[])[],
  isReduced: readonly boolean[],
): Pick<ReduceProblem, 'kept' | 'reduced'> {
  const axes = sizes.map((size, axis): SharedAxis => ({ size, steps: steps.map((list) => list[axis]) }))
  const [kept, reduced] = [false, true].map((is) => axes.filter((_, axis) => isReduced[axis] === is))
  return { kept, reduced }
}
