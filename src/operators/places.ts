import { elementsOf, type Fact, fact, MOST_VALUES, type Shape } from './fact.ts'

// Axes of a shape, and elements that are brought elsewhere.

/** An axis counted from the last one when negative; undefined where there is none such. */
export function axisOf(axis: number, rank: number): number | undefined {
  const index = axis < 0 ? axis + rank : axis
  return Number.isInteger(index) && index >= 0 && index < rank ? index : undefined
}

/** Axes of a list; undefined where one is none. */
export function axesOf(axes: readonly number[], rank: number): readonly number[] | undefined {
  const list = axes.map((axis) => axisOf(axis, rank))
  return list.includes(undefined) ? undefined : (list as number[])
}

/** The axes from one on. */
export const axesFrom = (first: number, rank: number): number[] =>
  Array.from({ length: Math.max(0, rank - first) }, (_, index) => first + index)

/** The elements of a shape, each brought from the place that `from` says; nothing where the values are not known. */
export function brought(input: Fact, shape: Shape, from: (place: readonly number[]) => readonly number[]): Fact {
  const { values, shape: old, elementType } = input
  const length = elementsOf(shape)
  if (!values || !old || length === undefined || length > MOST_VALUES) return fact(shape, elementType)
  const place = new Array(shape.length).fill(0)
  const list = Array.from({ length }, () => {
    const value = values[from(place).reduce((index, at, axis) => index * (old[axis] as number) + at, 0)]
    for (let axis = shape.length - 1; axis >= 0 && ++place[axis] === shape[axis]; axis--) place[axis] = 0
    return value
  })
  return fact(shape, elementType, list)
}
