import type { Operator } from './operator.ts'
import { anySign } from './sign.ts'

/** Rows of operators whose outputs come out of graphs in their attributes. */
export const nesting: readonly Operator[] = [
  { name: 'If', nests: true, cells: 'mix', sign: anySign },
  { name: 'Loop', nests: true, cells: 'mix', sign: anySign },
  { name: 'Scan', nests: true, cells: 'mix', sign: anySign },
]
