import { type Dimension, type Fact, MOST_VALUES, type Shape } from './fact.ts'

/** The shape that all stretch to: sizes from the last one on, 1 stretching to any. */
export function stretch(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (shapes.some((shape) => shape === undefined)) return undefined
  const known = shapes as readonly Shape[]
  const rank = Math.max(0, ...known.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => known.map((shape) => sizeAt(shape, axis, rank)).reduce(wider))
}

const sizeAt = (shape: Shape, axis: number, rank: number): Dimension => {
  const at = axis - rank + shape.length
  return at < 0 ? 1 : shape[at]
}

/** A number above 1 settles it: whatever is not known beside it must be that or 1. */
const wider = (a: Dimension, b: Dimension): Dimension => {
  if (a === 1 || a === b) return b
  if (b === 1) return a
  return typeof a === 'number' ? a : typeof b === 'number' ? b : undefined
}

/** Values computed element by element from inputs that stretch to a shape; undefined where one's are not known. */
export function zip(
  shape: Shape | undefined,
  inputs: readonly (Fact | undefined)[],
  of: (values: Dimension[]) => Dimension,
): Dimension[] | undefined {
  if (!shape?.every((size) => typeof size === 'number') || !inputs.every((input) => input?.values)) return undefined
  const length = (shape as number[]).reduce((product, size) => product * size, 1)
  if (length > MOST_VALUES) return undefined
  const known = inputs as readonly (Fact & { shape: number[]; values: Dimension[] })[]
  return Array.from({ length }, (_, index) =>
    of(known.map((input) => input.values[placeIn(input.shape, shape, index)])),
  )
}

/** Where the element of a stretched shape comes from. */
function placeIn(from: readonly number[], shape: Shape, index: number): number {
  let [place, step, rest] = [0, 1, index]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number
    const own = from[axis - shape.length + from.length]
    if (own !== undefined) {
      if (own > 1) place += (rest % size) * step
      step *= own
    }
    rest = Math.floor(rest / size)
  }
  return place
}
