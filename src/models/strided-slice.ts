/** The largest integer that a slice may end at: all that is there. */
const END = 2 ** 31 - 1

/** Masks of TensorFlow's StridedSlice: bits say for which axes a number does not count. */
export interface SliceMasks {
  readonly begin: number
  readonly end: number
  readonly shrink: number
}

/** TensorFlow's StridedSlice as ONNX's Slice has it: starts, ends, axes and steps; and the axes that are then left out. */
export function stridedSlice(
  begins: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
  masks: SliceMasks,
): { readonly lists: readonly (readonly number[])[]; readonly dropped: readonly number[] } {
  const has = (mask: keyof SliceMasks, axis: number): boolean => (masks[mask] >> axis) % 2 === 1
  const axes = begins.map((_, axis) => axis)
  const dropped = axes.filter((axis) => has('shrink', axis))
  const starts = begins.map((at, axis) => (has('begin', axis) ? (steps[axis] < 0 ? END : 0) : at))
  const limits = ends.map((at, axis) => {
    if (dropped.includes(axis)) return begins[axis] === -1 ? END : begins[axis] + 1
    return has('end', axis) ? (steps[axis] < 0 ? -END : END) : at
  })
  return { lists: [starts, limits, axes, steps], dropped }
}
