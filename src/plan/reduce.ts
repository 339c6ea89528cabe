import type { Pass, ReduceProblem } from '../reference/reduce.ts'
import { type AxisAmounts, joined, listNumbers, namedAxes } from './axes.ts'
import { FLOAT } from './plan.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * Passes over groups of elements: reductions, and normalizations by what the passes before found. Vectors run along the innermost
 * axis of a dense tensor: where that leads from group to group, each lane is a group of its own, else the lanes are taken together
 * at the end of a pass.
 */
export interface ReduceStructure {
  /** Multiply and add in one instruction, which may round once. */
  readonly relaxed: boolean
  readonly passes: readonly Pass[]
  /** Whether the innermost axis lies within groups. */
  readonly isInner: boolean
  readonly kept: readonly AxisAmounts[]
  readonly reduced: readonly AxisAmounts[]
  /** Of the output and of each input, whether all elements along the innermost axis are the same one; else they are neighbours. */
  readonly isSame: readonly boolean[]
  /** Where float32 numbers are that chains take. */
  readonly operands: Amount
  /** The names of the numbers with which tables begin. */
  readonly numbers: readonly string[]
}

/** The structure of a program, and its tables for certain sizes. */
export interface ReducePlan {
  readonly strategy: 'reduce'
  readonly structure: ReduceStructure
  readonly tables: Int32Array
}

/** The plan of passes over groups, or undefined where steps are too long for addresses, and for a tensor without axes. */
export function planReduce(problem: ReduceProblem, relaxed: boolean): ReducePlan | undefined {
  const { passes, numbers } = problem
  const [any] = [...problem.kept, ...problem.reduced]
  const kept = joined(problem.kept)
  const isInner = !kept.some(({ steps: [, input] }) => input === 1)
  // Lanes that are groups of their own add each row up before the rows, so that no sum has too many terms one after the other.
  const reduced = isInner ? joined(problem.reduced) : problem.reduced.filter(({ size }) => size > 1)
  const elements = [...kept, ...reduced].reduce((product, { size }) => product * size, 1)
  if (!any || elements * FLOAT >= 2 ** 31) return undefined
  if (isInner && reduced.length === 0) reduced.push({ size: 1, steps: any.steps.map(() => 1) })
  const [innermost] = (isInner ? reduced : kept).slice(-1)
  const tables = new Tables()
  const structure = {
    ...{ relaxed, passes, isInner, isSame: innermost.steps.map((step) => step === 0) },
    ...{ kept: namedAxes(kept, 'kept', tables), reduced: namedAxes(reduced, 'reduced', tables) },
    operands: listNumbers(numbers, tables),
  }
  const { names, tables: integers } = tables.finish()
  return { strategy: 'reduce', structure: { ...structure, numbers: names }, tables: integers }
}
