import { cellOf } from 'samepad/geometry'
import { positionsOf } from '../../drawing/strip.ts'
import { hasTap } from '../../layer/taps.ts'
import type { Picked } from './grid.tsx'
import { LEFT, TITLE, TOP } from './room.ts'
import type { RowValues } from './values.ts'

interface Props extends Picked {
  readonly values: RowValues
}

const WEIGHED = 26 // units of a cell that has room for its weight too

/** What the cells hold; those that the window reads with the weight of their tap. */
export function CellNumbers({ sheet, picture, at, values }: Props) {
  const { x, y } = sheet
  const { down, across } = picture
  const isThere = at.row < down.output && at.column < across.output
  const weightOf = (row: number, column: number): number | undefined => {
    const tap = (position: number, axis: typeof down, index: number): number =>
      (position - cellOf(axis, index, 0)) / axis.dilation
    return values.weights?.[tap(row, down, at.row)]?.[tap(column, across, at.column)]
  }
  const isRead = (row: number, column: number): boolean =>
    isThere && hasTap(down, at.row, row) && hasTap(across, at.column, column)
  const isReal = (row: number, column: number): boolean =>
    row >= 0 && row < down.input && column >= 0 && column < across.input
  return (
    <>
      {positionsOf(y).flatMap((row) =>
        positionsOf(x).map((column) => {
          const number = values.grid(row, column)
          if (number === undefined || !fits(number, x.cell)) return null
          const read = isRead(row, column)
          const weight = read && x.cell >= WEIGHED ? weightOf(row, column) : undefined
          const [left, top] = [LEFT + x.left(column) + x.cell / 2, TOP + y.left(row) + y.cell / 2]
          const kind = `index value${sizeOf(number, x.cell)}${read && isReal(row, column) ? ' read' : ''}`
          return (
            <g key={`${row} ${column}`}>
              <text class={kind} x={left} y={weight === undefined ? top + 0.5 : top - x.cell * 0.12}>
                {number}
              </text>
              {weight !== undefined && (
                <text class={`${kind} small weight-of`} x={left} y={top + x.cell * 0.3}>
                  ×{weight}
                </text>
              )}
            </g>
          )
        }),
      )}
    </>
  )
}

/** What the outputs hold; transposed, the samples. */
export function MapNumbers({ sheet, picture, at, values }: Props) {
  const { mapX, mapY, mapAt } = sheet
  return (
    <g transform={`translate(${mapAt.join(' ')})`}>
      {positionsOf(mapY).flatMap((row) =>
        positionsOf(mapX).map((column) => {
          const number = row < picture.down.output && column < picture.across.output && values.map(row, column)
          if (typeof number !== 'number' || !fits(number, mapX.cell)) return null
          const isChosen = row === at.row && column === at.column
          return (
            <text
              key={`${row} ${column}`}
              class={`index value${sizeOf(number, mapX.cell)}${isChosen ? ' chosen' : ''}`}
              x={LEFT + mapX.left(column) + mapX.cell / 2}
              y={TITLE + TOP + mapY.left(row) + mapY.cell / 2 + 0.5}
            >
              {number}
            </text>
          )
        }),
      )}
    </g>
  )
}

const [SMALL, LARGE] = [6.7, 9.2] // units of a bold digit

/** Whether a number has room in a cell, in small letters at least. */
const fits = (number: number, cell: number, digit = SMALL): boolean => String(number).length * digit + 3 <= cell

/** The size of its letters. */
const sizeOf = (number: number, cell: number): string => (fits(number, cell, LARGE) ? '' : ' small')
