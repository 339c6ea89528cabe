import { fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { keepsSign } from './sign.ts'

// Operators that read a picture between its cells.

const gridSample: Infer = ({ inputs: [input, grid] }) => {
  if (!input?.shape || !grid?.shape) return []
  return [fact([...input.shape.slice(0, 2), ...grid.shape.slice(1, -1)], input.elementType)]
}

/** Rows of operators that read between cells. */
export const sampling: readonly Operator[] = [{ name: 'GridSample', infer: gridSample, cells: 'move', sign: keepsSign }]
