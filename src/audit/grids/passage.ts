import type { Node } from '../../network/model.ts'
import type { AxisSource } from '../../operators/axes.ts'
import type { Call } from '../../operators/call.ts'
import { areApart, type End, type Grid, type GridLine, gridsIn, isGrid, MOST_WAYS, stepped, together } from './grid.ts'

/** What is known of a node where lines pass it. */
export interface Passage {
  readonly call: Call<Node>
  /** Lines of the inputs, in their order; undefined where a value has none that are known. */
  readonly lines: readonly (readonly GridLine[] | undefined)[]
  /** Hears of grids that meet and put cell 0 at different places. */
  readonly meet: (grids: readonly Grid[]) => void
  /** Hears that sizes do not follow as usual. */
  readonly irregular: (line: GridLine, why: string) => void
}

/** The line along an axis of an output, from those along the axes of inputs that it is made of. */
export function lineOf(passage: Passage, source: AxisSource): GridLine {
  const { call, lines, irregular } = passage
  const { from, step, ends, isFixed } = source
  const read = from.map(({ input, axis }) => lines[input]?.[axis])
  if (ends !== undefined) return ended(passage, read, ends, isFixed)
  const line = joined(passage, read)
  if (step) {
    if (!isGrid(line)) return line
    const next = stepped(line, step)
    if (!next) return ended(passage, [line], 'is not followed')
    if (step.irregular) irregular(line, step.irregular)
    return next
  }
  const isWritten = ({ input, axis }: AxisSource['from'][number], at: number): boolean => {
    const size = call.inputs[input]?.shape?.[axis]
    return read[at] === undefined && typeof size === 'number' && size > 1
  }
  if (line && from.some(isWritten)) irregular(line, 'needs a size that is written in the file')
  return line
}

/** Ends lines at a node, unless nothing of an input lies along them. What ended before is told from there. */
function ended({ call, irregular }: Passage, read: readonly GridLine[], why: string, fixes = false): GridLine {
  const lines = read.filter((line) => line !== undefined)
  const areFixed = lines.every((line) => !isGrid(line) && line.isFixed)
  const before = lines.some(isGrid) ? undefined : lines.find((line) => !isGrid(line) && line.isFixed === areFixed)
  if (before && (areFixed || !fixes)) return { ...(before as End), grids: gridsIn(lines) }
  if (lines.length === 0) return undefined
  const end = { node: call.node, why, grids: gridsIn(lines), isFixed: fixes || areFixed }
  if (!end.isFixed) irregular(end, why)
  return end
}

/** Lines that lie on each other; tells of grids that lie apart, each place once. */
function joined(passage: Passage, read: readonly GridLine[]): GridLine {
  const line = read.reduce<GridLine>((a, b) => pairOf(passage, a, b), undefined)
  if (read.length < 2 || !isGrid(line)) return line
  const places: Grid[] = []
  for (const grid of read) {
    if (isGrid(grid) && places.length < MOST_WAYS && places.every((other) => areApart(grid, other))) places.push(grid)
  }
  if (places.length > 1) passage.meet(places)
  return line
}

/** Two lines that lie on each other. */
function pairOf(passage: Passage, a: GridLine, b: GridLine): GridLine {
  if (a === undefined || b === undefined) return a ?? b
  if (isGrid(a) && isGrid(b)) return together(a, b) ?? ended(passage, [a, b], 'joins grids of different steps')
  if (!isGrid(a) && !isGrid(b)) return a.isFixed ? b : a
  const [grid, end] = isGrid(a) ? [a, b as End] : [b as Grid, a as End]
  if (!end.isFixed) return end
  return { ...grid, whole: grid.whole ?? end.node }
}
