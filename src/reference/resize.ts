import type { Resampling } from './resample.ts'

/** Dense blocks that are resized along some axes: `outer` x the axes x `inner` elements that stay together. */
export interface ResizeProblem {
  readonly outer: number
  readonly axes: readonly Resampling[]
  readonly inner: number
}

/** Resizes by the definition: one axis after the other, in float64, rounded once. */
export function resize({ outer, axes, inner }: ResizeProblem, input: Float32Array, output: Float32Array): void {
  const inputs = axes.map(({ input }) => input)
  const [from, to] = [inputs, axes.map(({ cells, taps }) => cells.length / taps)].map((sizes) =>
    sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, inner)),
  )
  const value = (place: number, outputs: readonly number[], axis = 0): number => {
    if (axis === axes.length) return input[place]
    const { taps, cells, weights } = axes[axis]
    let sum = 0
    for (let tap = outputs[axis] * taps; tap < (outputs[axis] + 1) * taps; tap++) {
      sum += weights[tap] * value(place + cells[tap] * from[axis], outputs, axis + 1)
    }
    return sum
  }
  const image = inputs.reduce((product, size) => product * size, inner)
  const length = output.length / outer
  for (let index = 0; index < output.length; index++) {
    const outputs = axes.map(({ cells, taps }, axis) => Math.floor((index % length) / to[axis]) % (cells.length / taps))
    output[index] = value(Math.floor(index / length) * image + (index % inner), outputs)
  }
}
