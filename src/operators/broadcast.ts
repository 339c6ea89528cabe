import type { Call } from './call.ts'
import { type Dimension, type Fact, MOST_VALUES, type Shape } from './fact.ts'

/** Hears of two sizes that cannot be stretched to one, of which shapes in the list, along which axis of what they stretch to. */
type OnClash = (sizes: readonly [number, number], of: readonly [number, number], axis: number) => void

/**
 * The shape that all stretch to: sizes from the last one on, 1 stretching to any. A size that two clash about is not known.
 *
 * @returns undefined where a shape is not known
 */
export function stretch(shapes: readonly (Shape | undefined)[], onClash?: OnClash): Shape | undefined {
  const rank = shapes.reduce((most, shape) => Math.max(most, shape?.length ?? 0), 0)
  const sizes = new Array<Dimension>(rank).fill(1)
  const owners = new Array<number>(rank).fill(0)
  const clashed = new Set<number>()
  shapes.forEach((shape, index) => {
    for (let at = 0, axis = rank - (shape?.length ?? 0); axis < rank; at++, axis++) {
      const [a, b] = [sizes[axis], shape?.[at]]
      const isWider = a !== b && b !== 1 && (a === 1 || typeof a !== 'number')
      if (isWider) {
        // A number above 1 settles it: whatever is not known beside it must be that or 1.
        sizes[axis] = a === 1 || typeof b === 'number' ? b : undefined
        owners[axis] = index
      } else if (typeof a === 'number' && typeof b === 'number' && a !== b && b !== 1) {
        if (clashed.size === 0) onClash?.([a, b], [owners[axis], index], axis)
        clashed.add(axis)
      }
    }
  })
  if (shapes.includes(undefined)) return undefined
  return clashed.size === 0 ? sizes : sizes.map((size, axis) => (clashed.has(axis) ? undefined : size))
}

/** The shape that inputs of a call stretch to. */
export function broadcast(
  call: Call,
  inputs: readonly number[] = call.inputs.map((_, index) => index),
): Shape | undefined {
  return stretch(
    inputs.map((index) => call.inputs[index]?.shape),
    (sizes, [a, b], axis) => call.refuse(stretches(axis), sizes, [inputs[a], inputs[b]]),
  )
}

/** What must hold along an axis. */
export const stretches = (axis: number): string => `sizes along axis ${axis} must be equal, or one of them 1`

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
