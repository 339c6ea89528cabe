import { fills } from '../geometry/fill.ts'
import { type Axis, adjoint, taps } from '../geometry/index.ts'
import type { Setting } from './setting.ts'
import type { Solved } from './solve.ts'

/**
 * The values that a solved setting gives along one axis: one channel, in float64.
 *
 * @param input as many values as the axis has input cells
 * @param weights one for each tap; pools have none
 */
export function evaluate(
  { op, fill }: Pick<Setting, 'op' | 'fill'>,
  solved: Solved,
  input: readonly number[],
  weights: readonly number[] = [],
): number[] {
  if (op === 'convTranspose') return scatter(solved.axis, input, weights)
  const { axis } = solved
  const windows = Array.from({ length: axis.output }, (_, output) => readWindow(axis, output, input))
  if (op === 'maxPool') return windows.map((cells) => Math.max(...cells.map(seen(solved, Number.NEGATIVE_INFINITY))))
  if (op === 'averagePool')
    return windows.map((cells) => average(cells.filter((cell) => isCounted(solved, cell.position))))
  const source = fills[fill ?? 'constant'].cell
  return windows.map((cells) =>
    cells.reduce((sum, { position }, tap) => sum + weights[tap] * (input[source(position, axis.input)] ?? 0), 0),
  )
}

/** A tap of a window: where it falls, and the value there if that is a real cell. */
interface Cell {
  readonly position: number
  readonly value: number | undefined
}

function readWindow(axis: Axis, output: number, input: readonly number[]): Cell[] {
  const start = output * axis.stride - axis.padBegin
  return Array.from({ length: axis.kernel }, (_, tap) => {
    const position = start + tap * axis.dilation
    return { position, value: input[position] }
  })
}

/** What an average of a window divides by: its real cells, and the padding that counts as zeros. */
export function divisor(solved: Solved, output: number): number {
  const { axis, zeros } = solved
  // Cells that count are a row too: the real ones, with the zeros at both ends.
  const row = { ...axis, input: axis.input + zeros[0] + zeros[1], padBegin: axis.padBegin - zeros[0] }
  const { begin, end } = taps(row, output)
  return end - begin
}

/** Whether pooling counts a position: real cells unless they are hidden, and padding cells that hold zero. */
export function isCounted({ axis, zeros }: Solved, position: number): boolean {
  return position >= -zeros[0] && position < axis.input + zeros[1]
}

const seen =
  (solved: Solved, otherwise: number) =>
  (cell: Cell): number =>
    cell.value ?? (isCounted(solved, cell.position) ? 0 : otherwise)

/** The mean, padding cells being zero; 0 where there is nothing to divide by. */
function average(cells: readonly Cell[]): number {
  return cells.reduce((sum, { value }) => sum + (value ?? 0), 0) / (cells.length || 1)
}

function scatter(axis: Axis, input: readonly number[], weights: readonly number[]): number[] {
  const output: number[] = new Array(axis.output).fill(0)
  input.forEach((value, index) => {
    const { begin, end } = taps(adjoint(axis), index)
    const start = index * axis.stride - axis.padBegin
    for (let tap = begin; tap < end; tap++) output[start + tap * axis.dilation] += value * weights[tap]
  })
  return output
}
