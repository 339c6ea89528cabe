import type { Combination, ReduceProblem, TensorAxis } from '../reference/reduce.ts'
import { FLOAT } from './plan.ts'
import { type Amount, Tables } from './tables.ts'

/**
 * Elements taken together along some axes of a dense tensor. Vectors run along its innermost axis: where that is kept, each lane
 * is an output, else the lanes are taken together at the end.
 */
export interface ReduceStructure {
  readonly combine: Combination
  /** Whether the innermost axis is one of those that are reduced. */
  readonly isInner: boolean
  readonly kept: readonly { readonly size: Amount; readonly input: Amount; readonly output: Amount }[]
  readonly reduced: readonly { readonly size: Amount; readonly input: Amount }[]
  /** Where the number is by which a mean is divided, as float32. */
  readonly count: Amount
  /** The names of the numbers with which tables begin. */
  readonly numbers: readonly string[]
}

/** The structure of a program, and its tables for certain sizes. */
export interface ReducePlan {
  readonly strategy: 'reduce'
  readonly structure: ReduceStructure
  readonly tables: readonly number[]
}

/** The plan of a reduction, or undefined where steps are too long for addresses. */
export function planReduce(problem: ReduceProblem): ReducePlan | undefined {
  const [kept, reduced] = [problem.kept, problem.reduced].map(together)
  const elements = [...kept, ...reduced].reduce((product, { size }) => product * size, 1)
  if (elements * FLOAT >= 2 ** 31) return undefined
  const tables = new Tables()
  let output = kept.reduce((product, { size }) => product * size, FLOAT)
  const named = kept.map(({ size, step }, axis) => {
    output /= size
    return {
      size: tables.number(`kept ${axis}`, size),
      input: tables.number(`input of ${axis}`, step * FLOAT),
      output: tables.number(`output of ${axis}`, output),
    }
  })
  const others = reduced.map(({ size, step }, axis) => ({
    size: tables.number(`reduced ${axis}`, size),
    input: tables.number(`step of ${axis}`, step * FLOAT),
  }))
  const total = reduced.reduce((product, { size }) => product * size, 1)
  const count = tables.list('count', [...new Int32Array(Float32Array.of(total).buffer)])
  const { names, tables: integers } = tables.finish()
  const isInner = !kept.some(({ step }) => step === 1)
  const structure = { combine: problem.combine, isInner, kept: named, reduced: others, count, numbers: names }
  return { strategy: 'reduce', structure, tables: integers }
}

/** The same axes, as few as can be: those of one element go, neighbours that lie as one axis become one. */
function together(axes: readonly TensorAxis[]): TensorAxis[] {
  const list: TensorAxis[] = []
  for (const { size, step } of axes) {
    const outer = list.at(-1)
    if (size === 1) continue
    if (outer && outer.step === step * size) list[list.length - 1] = { size: outer.size * size, step }
    else list.push({ size, step })
  }
  return list
}
