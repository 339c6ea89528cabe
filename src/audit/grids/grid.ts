import type { Node } from '../../network/model.ts'
import { type AxisStep, type Fraction, fraction, quotient } from '../../operators/axis-step.ts'

/** Where the cells of a value lie along one axis of an input of the model. */
export interface Grid {
  readonly input: string
  /** The dimension of that input. */
  readonly axis: number
  /** Input cells from one cell to the next. */
  readonly jump: Fraction
  /**
   * The input cells at which cell 0 is centred: one for each way from the input, in order, if the ways differ. Undefined
   * where that depends on a size that is not known.
   */
  readonly centres: readonly number[] | undefined
  /** The first input cell that cell 0 can depend on; a bound, perhaps no whole number. Undefined as `centres` is. */
  readonly first: number | undefined
  /** Input cells from the first to the last one that a cell can depend on: its field is one cell more. */
  readonly reach: number
  /** A node that takes all cells together on a way here, as a global pooling does: its result is in every cell. */
  readonly whole: Node | undefined
}

/** What ends a grid: the node, and what it does. */
export interface End {
  readonly node: Node
  /** `takes all cells together`, as what a node does. */
  readonly why: string
  /** The grids that it read, one for each dimension of an input. */
  readonly grids: readonly Grid[]
  /** Whether its result has the same size for every input: one cell. */
  readonly isFixed: boolean
}

/** One dimension of a value: its grid, what ended it, or undefined where no cells of an input lie along it. */
export type GridLine = Grid | End | undefined

export const isGrid = (line: GridLine): line is Grid => line !== undefined && 'jump' in line

/** The grids of lines, also those that ended, the first one for each dimension of an input. */
export function gridsIn(lines: readonly GridLine[]): Grid[] {
  const grids = new Map<string, Grid>()
  for (const line of lines) {
    for (const grid of line === undefined ? [] : isGrid(line) ? [line] : line.grids) {
      const key = sourceOf(grid)
      if (!grids.has(key)) grids.set(key, grid)
    }
  }
  return [...grids.values()]
}

/** The dimension of an input, as a key. */
export const sourceOf = ({ input, axis }: Pick<Grid, 'input' | 'axis'>): string => `${axis} ${input}`

/** The grid of an input. */
export function inputGrid(input: string, axis: number): Grid {
  const place = { centres: [0], first: 0, reach: 0 }
  return { input, axis, jump: { over: 1, under: 1 }, ...place, whole: undefined }
}

/** The grid of what an operator makes; undefined where its numbers are too large. */
export function stepped(grid: Grid, step: AxisStep): Grid | undefined {
  const jump = fraction(grid.jump.over * step.jump.over, grid.jump.under * step.jump.under)
  if (!jump) return undefined
  const cells = quotient(grid.jump)
  const { centre, first } = step
  return {
    ...grid,
    jump,
    centres: centre === undefined ? undefined : grid.centres?.map((one) => one + cells * centre),
    first: first === undefined || grid.first === undefined ? undefined : grid.first + cells * first,
    reach: grid.reach + cells * step.reach,
  }
}

/** The most ways that are kept apart. */
export const MOST_WAYS = 16

/** Two grids that lie on each other; undefined where their steps differ or they count cells of different inputs. */
export function together(a: Grid, b: Grid): Grid | undefined {
  const isAlike = a.input === b.input && a.axis === b.axis
  if (!isAlike || a.jump.over !== b.jump.over || a.jump.under !== b.jump.under) return undefined
  const first = a.first === undefined || b.first === undefined ? undefined : Math.min(a.first, b.first)
  const reach =
    first === undefined
      ? Math.max(a.reach, b.reach)
      : Math.max((a.first as number) + a.reach, (b.first as number) + b.reach) - first
  const centres = a.centres && b.centres && distinct([...a.centres, ...b.centres]).slice(0, MOST_WAYS)
  return { ...a, centres, first, reach, whole: a.whole ?? b.whole }
}

/** Numbers in order, those that differ by rounding once. */
function distinct(numbers: readonly number[]): number[] {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted.filter((one, index) => index === 0 || one - sorted[index - 1] > 1e-9)
}

/** Whether two grids put cell 0 at different places: a way of one at a place where the other has none. */
export function areApart(a: Grid, b: Grid): boolean {
  if (!a.centres || !b.centres) return false
  const [x, y] = [a.centres, b.centres]
  return x.length !== y.length || x.some((one, index) => Math.abs(one - y[index]) > 1e-9)
}
