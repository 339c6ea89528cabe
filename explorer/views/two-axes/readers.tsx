import { positionsOf } from '../../drawing/strip.ts'
import { readersOf } from '../../layer/taps.ts'
import type { Sheet } from './model.ts'
import type { GridPicture } from './picture.ts'
import { LEFT, type Place, TITLE, TOP } from './room.ts'

interface Props {
  readonly sheet: Sheet
  readonly picture: GridPicture
  readonly cell: Place
}

/** Every output that reads a cell (transposed: every sample that lands on it): in the map, and by a line to its middle. */
export function Readers({ sheet, picture, cell }: Props) {
  const { x, y, mapX, mapY, mapAt } = sheet
  const [rows, columns] = [new Set(readersOf(picture.down, cell.row)), new Set(readersOf(picture.across, cell.column))]
  const [left, top] = [LEFT + x.left(cell.column), TOP + y.left(cell.row)]
  const lines = picture.centres
    .filter(({ row, column }) => rows.has(row) && columns.has(column))
    .map((centre) => `M${left + x.cell / 2} ${top + y.cell / 2}L${centre.x} ${centre.y}`)
  const outputs = positionsOf(mapY).flatMap((row) =>
    positionsOf(mapX)
      .filter((column) => rows.has(row) && columns.has(column))
      .map(
        (column) =>
          `M${LEFT + mapX.left(column)} ${TITLE + TOP + mapY.left(row)}h${mapX.cell}v${mapY.cell}h${-mapX.cell}Z`,
      ),
  )
  return (
    <g class="readers">
      <path class="tap" d={lines.join('')} />
      <rect class="pointed" x={left} y={top} width={x.cell} height={y.cell} />
      <path class="pointed" d={outputs.join('')} transform={`translate(${mapAt.join(' ')})`} />
    </g>
  )
}
