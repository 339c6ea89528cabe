import type { Axis } from 'samepad/geometry'
import { leftOut } from '../../drawing/pieces.ts'
import { positionsOf } from '../../drawing/strip.ts'
import { hasTap } from '../../layer/taps.ts'
import type { Values } from '../../layer/values.ts'
import type { Drawing } from './model.ts'
import { MARGIN, type Picture, type Small } from './picture.ts'

interface Props {
  readonly drawing: Drawing
  readonly picture: Picture
}

interface NumbersProps extends Props {
  readonly chosen: Small | undefined
  readonly values: Values | undefined
}

/** The cells' positions, or their values, written in them. */
export function Numbers({ drawing, picture, chosen, values }: NumbersProps) {
  const { strip, cellHeight, every } = drawing
  const { axis, largeY } = picture
  const isRead = (position: number): boolean => chosen !== undefined && hasTap(axis, chosen.index, position)
  const fits = (position: number): boolean => String(position).length * 7 < strip.cell
  const isNumbered = (position: number): boolean =>
    values !== undefined || position % every === 0 || (isRead(position) && fits(position))
  const hasRoom = (value: number | undefined): boolean =>
    value !== undefined && String(value).length * 7 < strip.cell + 4
  const numbered = values
    ? positionsOf(strip).filter((one) => isThere(axis, one) && hasRoom(values.large(one)))
    : picture.cells
  return (
    <>
      {numbered.filter(isNumbered).map((position) => (
        <text
          key={position}
          class={`index${strip.cell < 22 ? ' small' : ''}${isRead(position) && isReal(picture, position) ? ' read' : ''}${values ? ' value' : ''}`}
          x={MARGIN + strip.left(position) + strip.cell / 2}
          y={largeY + cellHeight / 2 + 0.5}
        >
          {values ? values.large(position) : position}
        </text>
      ))}
      {values &&
        picture.cells
          .filter((position) => position % every === 0)
          .map((position) => (
            <text
              key={position}
              class="axis-number"
              x={MARGIN + strip.left(position) + strip.cell / 2}
              y={picture.largeY < picture.smallY ? largeY - 4 : largeY + cellHeight + 11}
            >
              {position}
            </text>
          ))}
    </>
  )
}

/** Cells and padding; beyond both there is nothing. */
const isThere = ({ input, padBegin, padEnd }: Axis, position: number): boolean =>
  position >= -padBegin && position < input + Math.max(0, padEnd)

const isReal = ({ axis }: Picture, position: number): boolean => position >= 0 && position < axis.input

/** How many cells are left out, where they are. */
export function Gaps({ drawing, picture }: Props) {
  const { strip, cellHeight } = drawing
  const { axis, largeY } = picture
  const [begin, end] = [Math.min(0, -axis.padBegin), Math.max(axis.input, axis.input + axis.padEnd)]
  return (
    <>
      {strip.gaps.map((gap) => {
        const count = Math.min(gap.end, end) - Math.max(gap.begin, begin)
        if (count <= 0) return null
        const middle = MARGIN + strip.left(gap.begin) + gap.width / 2
        return (
          <g key={gap.begin} class="left-out">
            <text class="index" x={middle} y={largeY + cellHeight / 2 - 5}>
              ⋯
            </text>
            <text class="index small" x={middle} y={largeY + cellHeight / 2 + 7}>
              {leftOut(gap, count)}
            </text>
          </g>
        )
      })}
    </>
  )
}
