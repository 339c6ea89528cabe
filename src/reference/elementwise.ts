import { type AnyFunctionName, rowOf } from '../functions/rows.ts'

/** How a tensor lies along the axes over which it is computed, in elements. */
export interface View {
  /** Where the first one is. */
  readonly offset: number
  /** From neighbour to neighbour along each axis; 0 where all are the same one. */
  readonly steps: readonly number[]
}

/** What a function takes beside the value: the element of an input, or a number, each by its place in the list of them. */
export type Operand = { readonly input: number } | { readonly number: number }

/** One function of a chain. */
export interface ChainStep<O = Operand> {
  readonly name: AnyFunctionName
  readonly operands: readonly O[]
}

/** A chain as one function, of a value and of what an operand stands for. */
export function chainOf<O>(steps: readonly ChainStep<O>[]): (value: number, take: (operand: O) => number) => number {
  const chain = steps.map(({ name, operands }) => ({ apply: rowOf(name).reference, operands }))
  return (value, take) => chain.reduce((so, { apply, operands }) => apply(so, ...operands.map(take)), value)
}

/** Every element of the output is the element of the first input, sent through a chain of functions. */
export interface ElementwiseProblem {
  /** Of each axis, outermost first; none for a single element. */
  readonly sizes: readonly number[]
  readonly output: View
  readonly inputs: readonly View[]
  readonly steps: readonly ChainStep[]
  /** float32 numbers. */
  readonly numbers: readonly number[]
}

/** Computes a chain by its definition, in float64, rounded once. The output may be the memory of an input that is seen alike. */
export function elementwise(problem: ElementwiseProblem, values: readonly Float32Array[], result: Float32Array): void {
  const { sizes, output, inputs, steps, numbers } = withAnAxis(problem)
  const last = sizes.length - 1
  const views = [output, ...inputs]
  const chain = chainOf(steps)
  const computed = (at: readonly number[], index: number): number => {
    const element = (input: number): number => values[input][at[input + 1] + index * inputs[input].steps[last]]
    return chain(element(0), (operand) => ('input' in operand ? element(operand.input) : numbers[operand.number]))
  }
  const nest = (axis: number, at: readonly number[]): void => {
    for (let index = 0; index < sizes[axis]; index++) {
      if (axis === last) result[at[0] + index * output.steps[last]] = computed(at, index)
      else {
        nest(
          axis + 1,
          views.map(({ steps }, view) => at[view] + index * steps[axis]),
        )
      }
    }
  }
  nest(
    0,
    views.map(({ offset }) => offset),
  )
}

/** The same problem with an axis of one element around the others: a tensor without dimensions has one element too. */
function withAnAxis(problem: ElementwiseProblem): ElementwiseProblem {
  const within = ({ offset, steps }: View): View => ({ offset, steps: [0, ...steps] })
  const { sizes, output, inputs } = problem
  return { ...problem, sizes: [1, ...sizes], output: within(output), inputs: inputs.map(within) }
}
