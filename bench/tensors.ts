import { type BenchLayer, product, shapesOf } from './layers.ts'

/** Values and their shape, channels before the spatial axes unless said otherwise. */
export interface Values {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** A layer with the values to run it on. */
export interface Task {
  readonly layer: BenchLayer
  readonly x: Values
  /** As samepad takes them; empty for pools. */
  readonly weights: Values
}

/** A layer with values for its tensors. */
export function taskOf(layer: BenchLayer): Task {
  const { x, weights } = shapesOf(layer)
  return {
    layer,
    x: noise(x, 1),
    weights: weights.length ? noise(weights, 2) : { data: new Float32Array(0), shape: [] },
  }
}

/** Seeded values, evenly from -1 to 1. */
export function noise(shape: readonly number[], seed: number): Values {
  let state = seed
  const data = Float32Array.from({ length: product(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
  return { data, shape }
}

/** The dimensions in another order: the first of the result is dimension `order[0]` of the values. */
export function transposed({ data, shape }: Values, order: readonly number[]): Values {
  const steps = shape.map((_, dimension) => product(shape.slice(dimension + 1)))
  const sizes = order.map((dimension) => shape[dimension])
  const result = new Float32Array(data.length)
  let at = 0
  const fill = (depth: number, from: number): void => {
    if (depth === order.length) result[at++] = data[from]
    else for (let index = 0; index < sizes[depth]; index++) fill(depth + 1, from + index * steps[order[depth]])
  }
  fill(0, 0)
  return { data: result, shape: sizes }
}

/** Channels behind the spatial axes. */
export function channelsLast(values: Values): Values {
  const spatial = values.shape.slice(2).map((_, axis) => axis + 2)
  return transposed(values, [0, ...spatial, 1])
}

/** Channels before the spatial axes, of values that have them last. */
export function channelsFirst(values: Values): Values {
  const spatial = values.shape.slice(2).map((_, axis) => axis + 1)
  return transposed(values, [0, values.shape.length - 1, ...spatial])
}
