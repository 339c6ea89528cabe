/** How elements are taken together. */
export type Combination = 'sum' | 'mean' | 'maximum' | 'minimum'

/** An axis of a tensor: its size, and elements from neighbour to neighbour. */
export interface TensorAxis {
  readonly size: number
  readonly step: number
}

/** A dense tensor whose elements are taken together along some of its axes, the outermost first in both lists. */
export interface ReduceProblem {
  readonly combine: Combination
  /** Of the output, which is dense too. */
  readonly kept: readonly TensorAxis[]
  readonly reduced: readonly TensorAxis[]
}

const combinations: Readonly<Record<Combination, { first: number; next: (a: number, b: number) => number }>> = {
  sum: { first: 0, next: (a, b) => a + b },
  mean: { first: 0, next: (a, b) => a + b },
  maximum: { first: Number.NEGATIVE_INFINITY, next: Math.max },
  minimum: { first: Number.POSITIVE_INFINITY, next: Math.min },
}

/** Takes elements together by the definition, sums in float64, rounded once. */
export function reduce({ combine, kept, reduced }: ReduceProblem, input: Float32Array, output: Float32Array): void {
  const { first, next } = combinations[combine]
  const count = reduced.reduce((product, { size }) => product * size, 1)
  let value = first
  let at = 0
  const nest = (axes: readonly TensorAxis[], depth: number, place: number, body: (place: number) => void): void => {
    if (depth === axes.length) body(place)
    else {
      const { size, step } = axes[depth]
      for (let index = 0; index < size; index++) nest(axes, depth + 1, place + index * step, body)
    }
  }
  const take = (place: number): void => {
    value = next(value, input[place])
  }
  nest(kept, 0, 0, (place) => {
    value = first
    nest(reduced, 0, place, take)
    output[at++] = combine === 'mean' ? value / count : value
  })
}
