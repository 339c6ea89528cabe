// What a Reshape that was written for one size does, at every size.

/**
 * The order of axes of a Transpose that does the same: only axes of one cell change their places.
 *
 * @returns undefined where a Reshape does something else, or nothing
 */
export function orderOf(before: readonly number[], after: readonly number[]): readonly number[] | undefined {
  if (before.length !== after.length || String(before) === String(after)) return undefined
  const places = (shape: readonly number[], isOne: boolean): number[] =>
    shape.flatMap((size, axis) => ((size === 1) === isOne ? [axis] : []))
  const [long, longAfter] = [before, after].map((shape) => places(shape, false))
  const isMove =
    long.length === longAfter.length && long.every((axis, index) => before[axis] === after[longAfter[index]])
  if (!isMove) return undefined
  const ones = places(before, true)
  return after.map((size) => (size === 1 ? (ones.shift() as number) : (long.shift() as number)))
}

/**
 * The target of a Reshape that takes open sizes from its input: 0 where an axis stays at its place, -1 once for an axis
 * that holds cells of open axes.
 *
 * @param isOpen along which axes of the input the size is open
 * @returns undefined where more than one axis would have to be -1
 */
export function targetOf(
  before: readonly number[],
  after: readonly number[],
  isOpen: readonly boolean[],
): readonly number[] | undefined {
  const target = [...after]
  let axis = 0
  for (; axis < after.length && before[axis] === after[axis]; axis++) if (isOpen[axis]) target[axis] = 0
  // From here on cells are laid in other rows. What is open in them makes one axis of them open.
  let end = 0
  while (end < after.length - axis && end < before.length - axis && before.at(-1 - end) === after.at(-1 - end)) end++
  const middle = { before: before.slice(axis, before.length - end), after: after.slice(axis, after.length - end) }
  const isTailOpen = isOpen.slice(before.length - end).some(Boolean)
  const isMiddleOpen = isOpen.slice(axis, before.length - end).some(Boolean)
  if (isTailOpen && (isMiddleOpen || isOpen.slice(before.length - end).filter(Boolean).length > 1)) return undefined
  if (isTailOpen) {
    const open = isOpen.findIndex((one, at) => one && at >= before.length - end)
    target[after.length - (before.length - open)] = -1
    return target
  }
  if (!isMiddleOpen) return target
  const fixed = middle.before.reduce((product, size, at) => (isOpen[axis + at] ? product : product * size), 1)
  // The one axis that is no product of fixed sizes.
  const open = middle.after.flatMap((size, at) => (fixed % size === 0 && size <= fixed ? [] : [at]))
  if (open.length !== 1) return undefined
  target[axis + open[0]] = -1
  return target
}
