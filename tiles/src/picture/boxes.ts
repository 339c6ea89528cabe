// Boxes of cells, copied from one array to another.

/** Values of any type with their shape, in row-major order. */
export interface Block {
  readonly data: { [index: number]: number; readonly length: number }
  readonly shape: readonly number[]
}

const stepsOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1))

/**
 * Copies a box of cells.
 *
 * @param begin where the box begins in `from`
 * @param at where it begins in `to`
 * @param order the axis of `from` that each axis of `to` is; by default the same
 */
export function copyBox(
  from: Block,
  begin: readonly number[],
  to: Block,
  at: readonly number[],
  size: readonly number[],
  order: readonly number[] = size.map((_, axis) => axis),
): void {
  const [steps, ownSteps] = [order.map((axis) => stepsOf(from.shape)[axis]), stepsOf(to.shape)]
  const first = order.reduce((sum, axis, own) => sum + begin[axis] * steps[own], 0)
  const ownFirst = at.reduce((sum, place, axis) => sum + place * ownSteps[axis], 0)
  const last = size.length - 1
  const walk = (axis: number, source: number, target: number): void => {
    const [step, ownStep, count] = [steps[axis], ownSteps[axis], size[axis]]
    if (axis < last) {
      for (let index = 0; index < count; index++) walk(axis + 1, source + index * step, target + index * ownStep)
    } else if (step === 1 && ownStep === 1 && ArrayBuffer.isView(from.data) && ArrayBuffer.isView(to.data)) {
      const [values, target_] = [from.data as unknown as Float32Array, to.data as unknown as Float32Array]
      target_.set(values.subarray(source, source + count), target)
    } else
      for (let index = 0; index < count; index++) to.data[target + index * ownStep] = from.data[source + index * step]
  }
  walk(0, first, ownFirst)
}
