import type { TargetedMouseEvent } from 'preact'
import type { Op } from 'samepad/geometry'
import { leftOut } from '../../drawing/pieces.ts'
import { usePage } from '../../state/page.ts'
import { type Hovered, Marks, placeAt } from './grid.tsx'
import type { Sheet } from './model.ts'
import type { GridPicture } from './picture.ts'
import { LEFT, type Place, TITLE, TOP } from './room.ts'

interface Props {
  readonly sheet: Sheet
  readonly picture: GridPicture
  readonly at: Place
  readonly op: Op
  /** Whether it shares a telephone's width with its grid. */
  readonly isNear: boolean
  readonly onHover: (over: Hovered) => void
}

/** Every output as a cell, those with a mark that read otherwise than the first convention's. */
export function Map2d({ sheet, picture, at, op, isNear, onHover }: Props) {
  const { set } = usePage()
  const { mapX, mapY, mapAt } = sheet
  const { map, down, across } = picture
  const place = ({ currentTarget, clientX, clientY }: TargetedMouseEvent<SVGRectElement>): Place | undefined => {
    const box = currentTarget.getBoundingClientRect()
    const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height]
    return placeAt(sheet, x * mapX.width, y * mapY.width)
  }
  const pick = (event: TargetedMouseEvent<SVGRectElement>): void => {
    const one = place(event)
    if (one) set({ output: one.row, output2: one.column })
  }
  const isThere = at.row < down.output && at.column < across.output
  return (
    <g class="map" transform={`translate(${mapAt.join(' ')})`}>
      <text class="said" x={isNear ? LEFT - 14 : LEFT} y={12}>
        {op === 'convTranspose' ? 'input' : 'outputs'}
        {!isNear && `, ${down.output} x ${across.output}`}
      </text>
      <path class="map-cells" d={map.cells} />
      {isThere && (
        <rect
          class="map-chosen"
          x={LEFT + mapX.left(at.column) + 0.5}
          y={TITLE + TOP + mapY.left(at.row) + 0.5}
          width={mapX.cell - 1}
          height={mapY.cell - 1}
        />
      )}
      <path class="mark" d={map.parted} />
      {mapX.gaps.map((gap) => (
        <text key={gap.begin} class="index small" x={LEFT + mapX.left(gap.begin) + gap.width / 2} y={TITLE + TOP + 6}>
          {leftOut(gap)}
        </text>
      ))}
      {mapY.gaps.map((gap) => (
        <text key={gap.begin} class="index small" x={LEFT + 10} y={TITLE + TOP + mapY.left(gap.begin) + gap.width / 2}>
          {leftOut(gap)}
        </text>
      ))}
      <Marks columns={map.columns} rows={map.rows} left={LEFT} top={TITLE + TOP} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the sliders do the same by keys */}
      <rect
        class="reach"
        data-tool
        x={LEFT}
        y={TITLE + TOP}
        width={mapX.width}
        height={mapY.width}
        onPointerMove={(event) => onHover({ at: place(event) })}
        onPointerLeave={() => onHover({})}
        onClick={pick}
      />
    </g>
  )
}
