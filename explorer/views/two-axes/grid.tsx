import type { TargetedMouseEvent } from 'preact'
import { useState } from 'preact/hooks'
import { effectiveKernel, type Op } from 'samepad/geometry'
import { isWhole, type Strip } from '../../drawing/strip.ts'
import { usePage } from '../../state/page.ts'
import { type Centre, EDGE, type Grid, type GridPicture, type Sheet, tapsAt } from './model.ts'

interface Props {
  readonly sheet: Sheet
  readonly grid: Grid
  readonly row: number
  readonly column: number
  readonly op: Op
}

/** Height of the words above a grid. */
export const WORDS = 46

/** One convention's grid: cells, padding on four sides with its widths, and the middle of every window. */
export function GridDrawing({ sheet, grid, row, column, op }: Props) {
  const { picture, rule, size, verdict, parts } = grid
  const [hovered, setHovered] = useState<Centre>()
  const at = { row: hovered?.row ?? row, column: hovered?.column ?? column }
  return (
    <>
      <text x={0} y={14} class="rule-name">
        {rule}
      </text>
      <text x={sheet.width} y={14} class="said right">
        {size}
      </text>
      <text x={0} y={36} class={parts ? 'said parts' : 'said'}>
        {parts ? `◆ ${verdict}` : verdict}
      </text>
      {picture && (
        <g transform={`translate(0 ${WORDS})`} class={op === 'convTranspose' ? 'transposed' : ''}>
          <Cells picture={picture} />
          <Gaps picture={picture} sheet={sheet} />
          <Taps {...{ sheet, picture, ...at }} />
          <Middles {...{ sheet, picture, ...at }} onHover={setHovered} />
          <Sides picture={picture} sheet={sheet} />
        </g>
      )}
    </>
  )
}

function Cells({ picture }: { picture: GridPicture }) {
  const { cells, around, stripes, lines } = picture
  return (
    <>
      <rect class="around" {...around} />
      <path class="stripes" d={stripes} />
      <rect class="cells" {...cells} />
      <path class="lines" d={lines} />
    </>
  )
}

/** What is left out of long rows. */
function Gaps({ picture, sheet }: { picture: GridPicture; sheet: Sheet }) {
  const { x, y, width, height } = picture.around
  const gapOf = ({ left, head, tail }: Strip): { from: number; size: number } => {
    const from = EDGE + left(head)
    return { from, size: EDGE + left(tail) - from }
  }
  const [across, down] = [gapOf(sheet.x), gapOf(sheet.y)]
  return (
    <>
      {sheet.x.isCut && <rect class="gap" x={across.from} y={y - 1} width={across.size} height={height + 2} />}
      {sheet.y.isCut && <rect class="gap" x={x - 1} y={down.from} width={width + 2} height={down.size} />}
      {sheet.x.isCut && (
        <text class="index" x={across.from + across.size / 2} y={y + height / 4}>
          ⋯
        </text>
      )}
      {sheet.y.isCut && (
        <text class="index" x={x + width / 4} y={down.from + down.size / 2}>
          ⋮
        </text>
      )}
    </>
  )
}

type Picked = Omit<Props, 'grid' | 'op'> & { readonly picture: GridPicture }

/** The taps of the window that is looked at, and its outline. */
function Taps({ sheet, picture, row, column }: Picked) {
  const { down, across } = picture
  if (row >= down.output || column >= across.output) return null
  const { x, y } = sheet
  if (!isWhole(down, row, y) || !isWhole(across, column, x)) return null // the sliders say so
  const [rows, columns] = [tapsAt(down, row, y), tapsAt(across, column, x)]
  const inset = Math.min(1.25, x.cell * 0.07)
  return (
    <>
      {rows.flatMap((one, at) =>
        columns.map((two, to) => (
          <rect
            key={`${at} ${to}`}
            class={one.real && two.real ? 'tap-cell' : 'tap-cell blank'}
            x={two.at + inset}
            y={one.at + inset}
            width={x.cell - 2 * inset}
            height={y.cell - 2 * inset}
            rx={Math.min(2, x.cell * 0.1)}
          />
        )),
      )}
      <rect
        class="outline"
        x={columns[0].at}
        y={rows[0].at}
        width={effectiveKernel(across) * x.cell}
        height={effectiveKernel(down) * y.cell}
        rx={3}
      />
    </>
  )
}

/** A square in the middle of every window. */
function Middles({ sheet, picture, row, column, onHover }: Picked & { onHover: (at: Centre | undefined) => void }) {
  const { set } = usePage()
  const size = Math.max(3, Math.min(9, sheet.x.cell * 0.3))
  const square = ({ x, y }: Centre, half: number): string =>
    `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`
  const chosen = picture.centres.find((one) => one.row === row && one.column === column)
  // The nearest middle is meant, so that thousands need no element of their own.
  const nearest = ({ currentTarget, clientX, clientY }: TargetedMouseEvent<SVGGElement>): Centre | undefined => {
    const point = new DOMPoint(clientX, clientY).matrixTransform(currentTarget.getScreenCTM()!.inverse())
    const distance = (one: Centre): number => (one.x - point.x) ** 2 + (one.y - point.y) ** 2
    return picture.centres.reduce<Centre | undefined>(
      (best, one) => (best && distance(best) <= distance(one) ? best : one),
      undefined,
    )
  }
  const pick = (event: TargetedMouseEvent<SVGGElement>): void => {
    const one = nearest(event)
    if (one) set({ at: one.row, across: one.column })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the sliders above the grids do the same by keys
    <g onPointerMove={(event) => onHover(nearest(event))} onPointerLeave={() => onHover(undefined)} onClick={pick}>
      <rect class="reach" data-tool {...picture.around} />
      <path class="middles" d={picture.centres.map((one) => square(one, size / 2)).join('')} />
      {chosen && <path class="middles chosen" d={square(chosen, size / 2 + 1.5)} />}
    </g>
  )
}

/** How wide the padding is on each side. */
function Sides({ picture, sheet }: { picture: GridPicture; sheet: Sheet }) {
  const { down, across, cells } = picture
  const [middleX, middleY] = [cells.x + cells.width / 2, cells.y + cells.height / 2]
  const bottom = EDGE + sheet.y.width + 20
  const right = EDGE + sheet.x.width + 8
  return (
    <>
      <text class="side" x={middleX} y={EDGE - 10}>
        begin {down.padBegin}
      </text>
      <text class="side" x={middleX} y={bottom}>
        end {down.padEnd}
      </text>
      <text class="side left" x={EDGE - 8} y={middleY - 7}>
        begin
      </text>
      <text class="side left" x={EDGE - 8} y={middleY + 9}>
        {across.padBegin}
      </text>
      <text class="side right" x={right} y={middleY - 7}>
        end
      </text>
      <text class="side right" x={right} y={middleY + 9}>
        {across.padEnd}
      </text>
    </>
  )
}
