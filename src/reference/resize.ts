import type { Resampling } from './resample.ts'

/** Dense blocks that are resized along some axes: `outer` x the axes x `inner` elements that stay together. */
export interface ResizeProblem {
  readonly outer: number
  readonly axes: readonly Resampling[]
  readonly inner: number
  /** Where the axes give some outputs of the first one only: which is the first of them, and how many there are in all. */
  readonly part?: { readonly first: number; readonly outputs: number } | undefined
}

/** How many outputs an axis gives. */
export const outputsOf = ({ cells, taps }: Resampling): number => cells.length / taps

/** Elements from neighbour to neighbour along each axis, and those of all; and from the begin of the output to the first that is given. */
export function resizeSteps({ axes, inner, part }: Omit<ResizeProblem, 'outer'>): {
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly begin: number
} {
  const [from, to] = [[inner], [inner]]
  for (const [axis, resampling] of [...axes.entries()].reverse()) {
    from.unshift(from[0] * resampling.input)
    to.unshift(to[0] * (axis === 0 && part ? part.outputs : outputsOf(resampling)))
  }
  return { from, to, begin: (part?.first ?? 0) * to[1] }
}

/** Resizes by the definition: one axis after the other, in float64, rounded once. */
export function resize(problem: ResizeProblem, input: Float32Array, output: Float32Array): void {
  const { outer, axes, inner } = problem
  const { from, to, begin } = resizeSteps(problem)
  const value = (place: number, outputs: readonly number[], axis = 0): number => {
    if (axis === axes.length) return input[place]
    const { taps, cells, weights } = axes[axis]
    let sum = 0
    for (let tap = outputs[axis] * taps; tap < (outputs[axis] + 1) * taps; tap++) {
      sum += weights[tap] * value(place + cells[tap] * from[axis + 1], outputs, axis + 1)
    }
    return sum
  }
  const outputs = axes.map(() => 0)
  const nest = (axis: number, place: number, at: number): void => {
    if (axis === axes.length) {
      for (let index = 0; index < inner; index++) output[at + index] = value(place + index, outputs)
      return
    }
    for (let index = 0; index < outputsOf(axes[axis]); index++) {
      outputs[axis] = index
      nest(axis + 1, place, at + index * to[axis + 1])
    }
  }
  for (let block = 0; block < outer; block++) nest(0, block * from[0], block * to[0] + begin)
}
