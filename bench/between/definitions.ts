import { product } from '../layers.ts'
import { transposed as turned, type Values } from '../tensors.ts'

// What operations are, as plain loops.

type Definition = (inputs: readonly Values[]) => Values

/** A function of the elements at each place. */
export function each(compute: (...values: number[]) => number): Definition {
  return ([x, ...others]) => ({
    shape: x.shape,
    data: x.data.map((value, index) => compute(value, ...others.map(({ data }) => data[index]))),
  })
}

/** The elements that one of a new shape comes from, by its place along each dimension. */
function gathered(shape: readonly number[], from: (place: readonly number[]) => number): Values {
  const data = new Float32Array(product(shape))
  const place = shape.map(() => 0)
  for (let index = 0; index < data.length; index++) {
    data[index] = from(place)
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis] === shape[axis]; axis--) place[axis] = 0
  }
  return { data, shape }
}

/** The element of a tensor at a place. */
function at({ data, shape }: Values, place: readonly number[]): number {
  return data[place.reduce((index, along, axis) => index * shape[axis] + along, 0)]
}

export const transposed =
  (order: readonly number[]): Definition =>
  ([x]) =>
    turned(x, order)

/** Two tensors of the same shape, one behind the other. */
export const concatenated =
  (axis: number): Definition =>
  ([a, b]) =>
    gathered(a.shape.with(axis, 2 * a.shape[axis]), (place) => {
      const size = a.shape[axis]
      return place[axis] < size ? at(a, place) : at(b, place.with(axis, place[axis] - size))
    })

export const sliced =
  (begin: readonly number[], size: readonly number[]): Definition =>
  ([x]) =>
    gathered(size, (place) =>
      at(
        x,
        place.map((along, axis) => along + begin[axis]),
      ),
    )

/** Channels into blocks of cells, the place in the block first in their order. */
export const scattered =
  (block: number): Definition =>
  ([x]) => {
    const [batch, channels, height, width] = x.shape
    const left = channels / block ** 2
    return gathered([batch, left, height * block, width * block], ([image, channel, row, column]) => {
      const inBlock = (row % block) * block + (column % block)
      return at(x, [image, inBlock * left + channel, Math.floor(row / block), Math.floor(column / block)])
    })
  }

/** Means along some dimensions, which go. */
export const means =
  (axes: readonly number[]): Definition =>
  ([x]) => {
    const kept = [...x.shape.keys()].filter((axis) => !axes.includes(axis))
    const { data } = turned(x, [...kept, ...axes])
    const count = product(axes.map((axis) => x.shape[axis]))
    const shape = kept.map((axis) => x.shape[axis])
    const sums = Float64Array.from({ length: product(shape) }, (_, index) =>
      data.subarray(index * count, (index + 1) * count).reduce((sum, value) => sum + value, 0),
    )
    return { shape, data: Float32Array.from(sums, (sum) => sum / count) }
  }

/** Softmax along the last dimension. */
export const shares: Definition = ([x]) => {
  const length = x.shape[x.shape.length - 1]
  const powers = Float64Array.from(x.data, Math.exp)
  const sums = Float64Array.from({ length: x.data.length / length }, (_, row) =>
    powers.subarray(row * length, (row + 1) * length).reduce((sum, value) => sum + value, 0),
  )
  return { shape: x.shape, data: Float32Array.from(powers, (power, index) => power / sums[Math.floor(index / length)]) }
}

/** Rows with mean 0 and variance 1, each column then scaled and shifted. */
export const normalized: Definition = ([x, scale, shift]) => {
  const length = x.shape[x.shape.length - 1]
  const rows = Array.from({ length: x.data.length / length }, (_, row) => {
    const values = Float64Array.from(x.data.subarray(row * length, (row + 1) * length))
    const mean = values.reduce((sum, value) => sum + value, 0) / length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length
    return values.map((value, column) => {
      return ((value - mean) / Math.sqrt(variance + 1e-5)) * scale.data[column] + shift.data[column]
    })
  })
  return { shape: x.shape, data: Float32Array.from(rows.flatMap((row) => [...row])) }
}

/** Twice the height and width: each cell is the nearest of the input at half-pixel places, or a mean of those around. */
export const doubled =
  (mode: 'nearest' | 'linear'): Definition =>
  ([x]) => {
    const [batch, channels, height, width] = x.shape
    const around = (cell: number, size: number): readonly (readonly [cell: number, share: number])[] => {
      const near = Math.floor(cell / 2)
      if (mode === 'nearest') return [[near, 1]]
      const other = Math.min(Math.max(near + (cell % 2 === 0 ? -1 : 1), 0), size - 1)
      return [
        [near, 0.75],
        [other, 0.25],
      ]
    }
    return gathered([batch, channels, 2 * height, 2 * width], ([image, channel, row, column]) => {
      let sum = 0
      for (const [from, share] of around(row, height)) {
        for (const [beside, part] of around(column, width)) sum += share * part * at(x, [image, channel, from, beside])
      }
      return sum
    })
  }

/** A product of two matrices. */
export const multiplied: Definition = ([a, b]) => {
  const [rows, inner] = a.shape
  const [, columns] = b.shape
  const sums = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < inner; k++) {
      const value = a.data[row * inner + k]
      for (let column = 0; column < columns; column++) {
        sums[row * columns + column] += value * b.data[k * columns + column]
      }
    }
  }
  return { shape: [rows, columns], data: Float32Array.from(sums) }
}
