import { type Axis, cellOf, taps } from 'samepad/geometry'

// Which windows read which cells. Of a transposed convolution ask about the adjoint axis: its windows are where the
// samples land.

/** Real cells at even distances. */
export interface Cells {
  readonly first: number
  readonly step: number
  readonly count: number
}

/** The real cells that the taps of a window fall on, found without a list: a kernel may have a billion taps. */
export function cellsOf(axis: Axis, index: number): Cells {
  const { begin, end } = taps(axis, index)
  return { first: cellOf(axis, index, begin), step: axis.dilation, count: end - begin }
}

/** Whether a window has a tap on a position. */
export function hasTap(axis: Axis, index: number, position: number): boolean {
  const way = position - cellOf(axis, index, 0)
  return index < axis.output && way >= 0 && way % axis.dilation === 0 && way / axis.dilation < axis.kernel
}

/** The taps that only one of two windows of the same index has, among some positions. */
export function partingOf(
  here: Axis,
  first: Axis,
  index: number,
  positions: readonly number[],
): { here: readonly number[]; first: readonly number[] } {
  const mine = (position: number): boolean => hasTap(here, index, position)
  const theirs = (position: number): boolean => hasTap(first, index, position)
  return {
    here: positions.filter((position) => mine(position) && !theirs(position)),
    first: positions.filter((position) => theirs(position) && !mine(position)),
  }
}

const MOST = 4096 // cells, and taps, that are looked at

/** The windows that have a tap on a position, in order. */
export function readersOf({ stride, dilation, padBegin, kernel, output }: Axis, position: number): number[] {
  const readers: number[] = []
  for (let tap = Math.min(kernel, MOST) - 1; tap >= 0; tap--) {
    const way = position + padBegin - tap * dilation
    if (way >= 0 && way % stride === 0 && way / stride < output) readers.push(way / stride)
  }
  return readers
}

/** What no window reads: cells of the input, and cells of the padding. */
export interface Unread {
  readonly cells: readonly number[]
  readonly padding: readonly number[]
}

/** The cells that no window has a tap on; undefined for layers too large to look at while somebody types. */
export function unreadOf(axis: Axis): Unread | undefined {
  const { input, padBegin, padEnd, kernel, output, stride } = axis
  const begin = -Math.max(0, padBegin)
  const count = input + Math.max(0, padEnd) - begin
  if (count > 2 * MOST || kernel > MOST || output > 2 * MOST || kernel * output > 64 * MOST || stride > 2 * MOST)
    return undefined
  const isRead = new Uint8Array(count)
  for (let index = 0; index < output; index++) {
    for (let tap = 0; tap < kernel; tap++) isRead[cellOf(axis, index, tap) - begin] = 1 // outside of the array it is none
  }
  const unread = Array.from(isRead.keys()).filter((at) => !isRead[at])
  const positions = unread.map((at) => at + begin)
  const isReal = (position: number): boolean => position >= 0 && position < input
  return { cells: positions.filter(isReal), padding: positions.filter((position) => !isReal(position)) }
}
