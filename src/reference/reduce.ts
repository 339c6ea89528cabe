import { type ChainStep, chainOf, type Operand } from './elementwise.ts'

/** How elements are taken together. `atLeast` is the largest of those that are numbers: a maximum for less work. */
export type FoldName = 'sum' | 'maximum' | 'minimum' | 'atLeast'

/** What a function takes beside the value: as in any chain, or what an earlier pass found for the group, by its place. */
export type GroupOperand = Operand | { readonly result: number }

/** One pass over the elements of each group. */
export interface Pass {
  /** The tensor whose elements are taken: the first input, or the output as the passes before left it. */
  readonly from: 'input' | 'output'
  /** What each of them is sent through. */
  readonly steps: readonly ChainStep<GroupOperand>[]
  /** Whether the output gets them. */
  readonly isWritten?: boolean
  /** How they are taken together. */
  readonly fold?: FoldName
  /** What their sum, or the one that is left, is sent through: the pass's result. */
  readonly finish?: readonly ChainStep<GroupOperand>[]
}

/** An axis of some tensors: its size, and of each tensor the elements from neighbour to neighbour, 0 where all are the same one. */
export interface SharedAxis {
  readonly size: number
  readonly steps: readonly number[]
}

/**
 * A dense tensor, the first input, in groups that are passed over one after the other. Where no pass writes elements, the
 * output gets the last result of each group. Steps are those of the output, then of each input.
 */
export interface ReduceProblem {
  /** From group to group, and from element to element of a group, the outermost first. */
  readonly kept: readonly SharedAxis[]
  readonly reduced: readonly SharedAxis[]
  readonly passes: readonly Pass[]
  /** float32 numbers. */
  readonly numbers: readonly number[]
}

export const folds: Readonly<Record<FoldName, { none: number; take: (a: number, b: number) => number }>> = {
  sum: { none: 0, take: (a, b) => a + b },
  maximum: { none: Number.NEGATIVE_INFINITY, take: Math.max },
  minimum: { none: Number.POSITIVE_INFINITY, take: Math.min },
  atLeast: { none: Number.NEGATIVE_INFINITY, take: (a, b) => (a < b ? b : a) },
}

/** Passes over groups by the definition, in float64, each element and result rounded once. */
export function reduce(problem: ReduceProblem, inputs: readonly Float32Array[], output: Float32Array): void {
  const { kept, reduced, numbers } = problem
  const tensors = [output, ...inputs]
  const passes = problem.passes.map(({ steps, finish = [], fold = 'sum', ...pass }) => ({
    ...{ ...pass, ...folds[fold], chain: chainOf(steps), finish: chainOf(finish) },
  }))
  nest(
    kept,
    tensors.map(() => 0),
    (group) => {
      const results: number[] = []
      const take =
        (at: readonly number[]) =>
        (operand: GroupOperand): number => {
          if ('input' in operand) return tensors[operand.input + 1][at[operand.input + 1]]
          return 'number' in operand ? numbers[operand.number] : results[operand.result]
        }
      for (const pass of passes) {
        let folded = pass.none
        nest(reduced, group, (at) => {
          const value = pass.chain(pass.from === 'input' ? inputs[0][at[1]] : output[at[0]], take(at))
          if (pass.isWritten) output[at[0]] = value
          folded = pass.take(folded, value)
        })
        results.push(pass.finish(folded, take(group)))
      }
      if (!passes.some(({ isWritten }) => isWritten)) output[group[0]] = results[results.length - 1]
    },
  )
}

/** Goes through all places of some axes. */
function nest(
  axes: readonly SharedAxis[],
  at: readonly number[],
  body: (at: readonly number[]) => void,
  depth = 0,
): void {
  if (depth === axes.length) {
    body(at)
    return
  }
  const { size, steps } = axes[depth]
  for (let index = 0; index < size; index++) {
    nest(
      axes,
      at.map((place, tensor) => place + index * steps[tensor]),
      body,
      depth + 1,
    )
  }
}
