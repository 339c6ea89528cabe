import { fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign } from './sign.ts'

// Operators that read a picture between its cells.

const gridSample: Infer = (call) => {
  const [input, grid] = call.inputs
  if (!input?.shape || !grid?.shape) return []
  call.meet('the grid must have as many pictures', input.shape[0], grid.shape[0], [0, 1])
  return [fact([...input.shape.slice(0, 2), ...grid.shape.slice(1, -1)], input.elementType)]
}

/** A grid for pictures of a size: [batch, ...spatial, 2 or 3]. */
const affineGrid: Infer = ({ inputs: [theta, size] }) => {
  const sizes = size?.values
  return [sizes && fact([sizes[0], ...sizes.slice(2), sizes.length - 2], theta?.elementType)]
}

/** Rows of operators that read between cells; cubic polynomials run below the cells that they go through. */
export const sampling: readonly Operator[] = [
  { name: 'GridSample', infer: gridSample, cells: 'move', sign: anySign },
  { name: 'AffineGrid', infer: affineGrid, cells: 'none', sign: anySign },
]
