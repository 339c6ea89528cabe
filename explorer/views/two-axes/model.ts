import { type Axis, effectiveKernel, type Op } from 'samepad/geometry'
import { type CellSizes, layOut, positionsOf, type Strip, spanOf, unite, windowsShown } from '../../drawing/strip.ts'
import { type Answer, windowsOf } from '../../layer/answers.ts'
import { parts, verdictOnTwo } from '../../layer/verdict.ts'

// A grid as plain data: paths over two strips, so that a grid of thousands of cells is a handful of elements.

/** A convention on both axes. */
export interface Grid {
  readonly rule: string
  /** How many outputs it has. */
  readonly size: string
  /** How it is related to the first one, in words; or its refusal. */
  readonly verdict: string
  readonly parts: boolean
  readonly picture?: GridPicture
}

export interface GridPicture {
  readonly down: Axis
  readonly across: Axis
  /** The rectangle of real cells, and the one with the padding around it. */
  readonly cells: Box
  readonly around: Box
  readonly lines: string
  readonly stripes: string
  /** A square in the middle of every window. */
  readonly centres: readonly Centre[]
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Centre {
  readonly row: number
  readonly column: number
  readonly x: number
  readonly y: number
}

export interface Sheet {
  readonly x: Strip
  readonly y: Strip
  readonly grids: readonly Grid[]
  /** The size of one grid with its edges, where the begin and the end of the padding are written. */
  readonly width: number
  readonly height: number
  readonly rows: number
  readonly columns: number
}

export const EDGE = 46 // around a grid, for the widths of its padding

const sizes: CellSizes = { smallest: 9, largest: 34, most: 40 }

/** The grids of some conventions, each on so many units of width. */
export function gridsOf(op: Op, down: readonly Answer[], across: readonly Answer[], width: number): Sheet {
  const axesOf = (answers: readonly Answer[]): Axis[] =>
    answers.flatMap(({ solved }) => (solved ? [windowsOf(op, solved.axis)] : []))
  const both = [axesOf(down), axesOf(across)]
  const [spanY, spanX] = both.map((axes) => (axes.length > 0 ? unite(axes.map(spanOf)) : { begin: 0, end: 1 }))
  const room = width - 2 * EDGE
  // Cells are square: the axis with less room for its cells decides.
  const loose = layOut(spanX, room, sizes)
  const largest = Math.min(loose.cell, layOut(spanY, Math.max(room, 320), sizes).cell)
  const [x, y] = [spanX, spanY].map((span) =>
    layOut(span, room, { ...sizes, smallest: Math.min(sizes.smallest, largest), largest }),
  )
  const grids = down.map((answer, index): Grid => {
    const other = across[index]
    const common = {
      rule: answer.rule,
      verdict: verdictOnTwo(op, [answer, other], [down[0], across[0]]),
      parts: parts(answer, down[0]) || parts(other, across[0]),
    }
    if (!answer.solved || !other.solved) return { ...common, size: '' }
    const size = `→ ${answer.solved.axis.output} x ${other.solved.axis.output}`
    return {
      ...common,
      size,
      picture: pictureOf(windowsOf(op, answer.solved.axis), windowsOf(op, other.solved.axis), x, y),
    }
  })
  return {
    ...{ x, y, grids },
    width: x.width + 2 * EDGE,
    height: y.width + 2 * EDGE,
    rows: Math.max(0, ...both[0].map((axis) => axis.output)),
    columns: Math.max(0, ...both[1].map((axis) => axis.output)),
  }
}

function pictureOf(down: Axis, across: Axis, x: Strip, y: Strip): GridPicture {
  const cells = boxOf(across, down, x, y, 0)
  const around = boxOf(across, down, x, y, 1)
  const [columns, rows] = [positionsOf(x), positionsOf(y)].map((list, axis) => {
    const { input } = axis === 0 ? across : down
    return list.filter((position) => position >= 0 && position <= input)
  })
  const lines = [
    ...columns.map((position) => `M${EDGE + x.left(position)} ${cells.y}v${cells.height}`),
    ...rows.map((position) => `M${cells.x} ${EDGE + y.left(position)}h${cells.width}`),
  ].join('')
  const [shownX, shownY] = [windowsShown(across, x), windowsShown(down, y)]
  const centres = shownY.flatMap((row) =>
    shownX.map(
      (column): Centre => ({ row, column, x: EDGE + middleOf(across, column, x), y: EDGE + middleOf(down, row, y) }),
    ),
  )
  return { down, across, cells, around, lines, stripes: stripesOf(around), centres }
}

/** The rectangle of the cells, or with all the padding around them. */
function boxOf(across: Axis, down: Axis, x: Strip, y: Strip, padded: 0 | 1): Box {
  const side = ({ input, padBegin, padEnd }: Axis, strip: Strip): [from: number, size: number] => {
    const from = strip.left(-padded * Math.max(0, padBegin))
    return [EDGE + from, strip.left(input + padded * Math.max(0, padEnd)) - from]
  }
  const [[left, width], [top, height]] = [side(across, x), side(down, y)]
  return { x: left, y: top, width, height }
}

/** The middle of a window along one axis. */
export function middleOf(axis: Axis, index: number, strip: Strip): number {
  return strip.left(index * axis.stride - axis.padBegin) + (effectiveKernel(axis) * strip.cell) / 2
}

/** Stripes over a whole rectangle; the cells lie over them. */
function stripesOf({ x, y, width, height }: Box): string {
  const lines: string[] = []
  const step = 7
  for (let along = step; along < width + height; along += step) {
    const from = along <= height ? [x, y + along] : [x + along - height, y + height]
    const to = along <= width ? [x + along, y] : [x + width, y + along - width]
    lines.push(`M${from.join(' ')}L${to.join(' ')}`)
  }
  return lines.join('')
}

/** Where a tap of a window lies on an axis, in units. */
export const tapsAt = (axis: Axis, index: number, strip: Strip): { readonly at: number; readonly real: boolean }[] =>
  Array.from({ length: axis.kernel }, (_, tap) => {
    const position = index * axis.stride - axis.padBegin + tap * axis.dilation
    return { at: EDGE + strip.left(position), real: position >= 0 && position < axis.input }
  })
