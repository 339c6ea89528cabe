import type { Axis, Op } from '../geometry/index.ts'
import { counted } from './numbers.ts'

// How two layers, or two grids, lie to each other.

/** What a window does with cells. */
export const does = (op: Op): string => (op === 'convTranspose' ? 'writes' : 'reads')

/** `1 cell later`, `2 rows earlier`; empty where nothing is moved. */
export const later = (by: number, noun: string): string =>
  by === 0 ? '' : `${counted(Math.abs(by), noun)} ${by > 0 ? 'later' : 'earlier'}`

/** `1 output more`, `2 outputs fewer`; empty where there are as many. */
export const more = (by: number, noun: string): string =>
  by === 0 ? '' : `${counted(Math.abs(by), noun)} ${by > 0 ? 'more' : 'fewer'}`

/** How the windows of a second layer differ from those of the first one; undefined where they lie alike. */
export function windowsApart(op: Op, first: Axis, second: Axis): string | undefined {
  if (first.kernel !== second.kernel) return `their kernels have ${first.kernel} and ${second.kernel} taps`
  if (first.output !== second.output) return `they have ${first.output} and ${second.output} outputs`
  const moved = later(first.padBegin - second.padBegin, 'cell')
  return moved ? `the second ${does(op)} ${moved}` : undefined
}

/** Whether two grids lie on each other, and else how many cells apart they are. */
export const gridsApart = (cells: number): string =>
  cells === 0 ? 'The grids lie on each other' : `The grids are ${counted(Math.abs(cells), 'cell')} apart`
