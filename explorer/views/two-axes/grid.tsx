import type { TargetedMouseEvent } from 'preact'
import { cellOf, effectiveKernel, type Op } from 'samepad/geometry'
import { leftOut } from '../../drawing/pieces.ts'
import { positionAt, type Strip, tapsShown } from '../../drawing/strip.ts'
import { fullName } from '../../layer/framework-names.ts'
import { usePage } from '../../state/page.ts'
import { Map2d } from './map.tsx'
import { type Grid, LINE, type Sheet } from './model.ts'
import { CellNumbers, MapNumbers } from './numbers.tsx'
import type { Centre, GridPicture, Mark } from './picture.ts'
import { Readers } from './readers.tsx'
import { LEFT, type Place, TOP } from './room.ts'
import type { RowValues } from './values.ts'

/** What the pointer is over: an output (transposed: a sample), and the cell, if it is over one. */
export interface Hovered {
  readonly at?: Place
  readonly cell?: Place
}

interface Props {
  readonly sheet: Sheet
  readonly grid: Grid
  /** The output that is looked at. */
  readonly at: Place
  readonly op: Op
  /** The cell whose readers are shown. */
  readonly cell: Place | undefined
  /** The numbers in the cells, where they are wanted. */
  readonly values: RowValues | undefined
  readonly onHover: (over: Hovered) => void
}

/** One convention: its words, the cells with the window that is looked at, and the map of its outputs. */
export function GridDrawing({ sheet, grid, at, op, cell, values, onHover }: Props) {
  const { picture, rule, size, words, x, y, bodyAt } = grid
  return (
    <g transform={`translate(${x} ${y})`}>
      <text x={0} y={14} class="rule-name">
        {fullName(rule)}
      </text>
      <text x={sheet.gridWidth} y={14} class="said right">
        {size}
      </text>
      {words.map(({ text, parts }, line) => (
        <text key={line} x={0} y={14 + (line + 1) * LINE} class={parts ? 'said parts' : 'said'}>
          {text}
        </text>
      ))}
      {picture && (
        <g transform={`translate(${bodyAt.join(' ')})`} class={op === 'convTranspose' ? 'transposed' : ''}>
          <Cells picture={picture} />
          <Gaps picture={picture} sheet={sheet} />
          <Taps {...{ sheet, picture, at }} />
          {values && <CellNumbers {...{ sheet, picture, at, values }} />}
          <Middles {...{ sheet, picture, at, onHover }} hidden={values !== undefined} />
          <Marks columns={picture.columns} rows={picture.rows} left={LEFT} top={TOP} />
          <Map2d {...{ sheet, picture, at, op, onHover }} isNear={bodyAt[0] < 0} />
          {values && <MapNumbers {...{ sheet, picture, at, values }} />}
          {cell && <Readers {...{ sheet, picture, cell }} />}
        </g>
      )}
    </g>
  )
}

/** Numbers of columns above a grid, and of rows at its left. */
export function Marks(props: { columns: readonly Mark[]; rows: readonly Mark[]; left: number; top: number }) {
  const { columns, rows, left, top } = props
  return (
    <>
      {columns.map(({ at, number }) => (
        <text key={number} class="axis-number" x={left + at} y={top - 6}>
          {number}
        </text>
      ))}
      {rows.map(({ at, number }) => (
        <text key={number} class="axis-number row" x={left - 6} y={top + at + 4}>
          {number}
        </text>
      ))}
    </>
  )
}

function Cells({ picture }: { picture: GridPicture }) {
  const { cells, around, stripes, lines, hollow, blank } = picture
  return (
    <>
      <path class="stripes" d={stripes} />
      <path class="blank" d={blank} />
      <rect class="around" {...around} />
      <rect class="cells" {...cells} />
      <path class="hollow" d={hollow} />
      <path class="lines" d={lines} />
    </>
  )
}

/** What is left out of long rows. */
function Gaps({ picture, sheet }: { picture: GridPicture; sheet: Sheet }) {
  const { x, y, width, height } = picture.around
  const inside = (from: number, size: number, low: number, high: number): boolean => from < high && from + size > low
  return (
    <>
      {sheet.x.gaps.map((gap) => {
        const from = LEFT + sheet.x.left(gap.begin)
        if (!inside(from, gap.width, x + 1, x + width - 1)) return null
        return (
          <g key={gap.begin}>
            <rect class="gap" x={from} y={y - 1} width={gap.width} height={height + 2} />
            <text class="index small" x={from + gap.width / 2} y={y + Math.min(height / 2, 10)}>
              {leftOut(gap)}
            </text>
          </g>
        )
      })}
      {sheet.y.gaps.map((gap) => {
        const from = TOP + sheet.y.left(gap.begin)
        if (!inside(from, gap.width, y + 1, y + height - 1)) return null
        return (
          <g key={gap.begin}>
            <rect class="gap" x={x - 1} y={from} width={width + 2} height={gap.width} />
            <text class="index small" x={x + Math.min(width / 2, 16)} y={from + gap.width / 2}>
              {leftOut(gap)}
            </text>
          </g>
        )
      })}
    </>
  )
}

/** A grid of a drawing, and the output that is looked at. */
export interface Picked extends Pick<Props, 'sheet' | 'at'> {
  readonly picture: GridPicture
}

/** The taps of the window that is looked at, and its outline. */
function Taps({ sheet, picture, at }: Picked) {
  const { down, across } = picture
  if (at.row >= down.output || at.column >= across.output) return null
  const { x, y } = sheet
  const [rows, columns] = [tapsShown(down, at.row, y).shown, tapsShown(across, at.column, x).shown]
  const inset = Math.min(1.25, x.cell * 0.07)
  const size = x.cell - 2 * inset
  const isReal = (row: number, column: number): boolean =>
    row >= 0 && row < down.input && column >= 0 && column < across.input
  const shape = (row: number, column: number): string =>
    `M${LEFT + x.left(column) + inset} ${TOP + y.left(row) + inset}h${size}v${size}h${-size}Z`
  const path = (real: boolean): string =>
    rows
      .flatMap((row) => columns.filter((column) => isReal(row, column) === real).map((column) => shape(row, column)))
      .join('')
  const edge = (strip: Strip, first: number, last: number, from: number): [at: number, size: number] => [
    from + strip.left(first),
    strip.left(last) + strip.cell - strip.left(first),
  ]
  const [fromX, fromY] = [cellOf(across, at.column, 0), cellOf(down, at.row, 0)]
  const [left, width] = edge(x, fromX, fromX + effectiveKernel(across) - 1, LEFT)
  const [top, height] = edge(y, fromY, fromY + effectiveKernel(down) - 1, TOP)
  return (
    <>
      <path class="tap-cell" d={path(true)} />
      <path class="tap-cell blank" d={path(false)} />
      <rect class="outline" x={left} y={top} width={width} height={height} rx={3} />
    </>
  )
}

/** A square in the middle of every window, unless numbers stand there. */
function Middles({ sheet, picture, at, hidden, onHover }: Picked & Pick<Props, 'onHover'> & { hidden: boolean }) {
  const { set } = usePage()
  const size = Math.max(3, Math.min(9, sheet.x.cell * 0.3))
  const square = ({ x, y }: Centre, half: number): string =>
    `M${x - half} ${y - half}h${2 * half}v${2 * half}h${-2 * half}Z`
  const chosen = picture.centres.find(({ row, column }) => row === at.row && column === at.column)
  // The nearest middle is meant, so that thousands need no element of their own.
  const pointOf = ({ currentTarget, clientX, clientY }: TargetedMouseEvent<SVGGElement>): DOMPoint =>
    new DOMPoint(clientX, clientY).matrixTransform(currentTarget.getScreenCTM()!.inverse())
  const nearest = (point: DOMPoint): Centre | undefined => {
    const distance = (one: Centre): number => (one.x - point.x) ** 2 + (one.y - point.y) ** 2
    return picture.centres.reduce<Centre | undefined>(
      (best, one) => (best && distance(best) <= distance(one) ? best : one),
      undefined,
    )
  }
  const over = (event: TargetedMouseEvent<SVGGElement>): void => {
    const point = pointOf(event)
    const [column, row] = [positionAt(sheet.x, point.x - LEFT), positionAt(sheet.y, point.y - TOP)]
    const isCell = row !== undefined && column !== undefined
    onHover({ at: nearest(point), ...(isCell && { cell: { row, column } }) })
  }
  const pick = (event: TargetedMouseEvent<SVGGElement>): void => {
    const one = nearest(pointOf(event))
    if (one) set({ output: one.row, output2: one.column })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the sliders above the grids do the same by keys
    <g onPointerMove={over} onPointerLeave={() => onHover({})} onClick={pick}>
      <rect class="reach" data-tool {...picture.around} />
      {!hidden && <path class="middles" d={picture.centres.map((one) => square(one, size / 2)).join('')} />}
      {!hidden && chosen && <path class="middles chosen" d={square(chosen, size / 2 + 1.5)} />}
    </g>
  )
}

/** The output of a map under the pointer. */
export function placeAt(sheet: Sheet, x: number, y: number): Place | undefined {
  const [column, row] = [positionAt(sheet.mapX, x), positionAt(sheet.mapY, y)]
  return row === undefined || column === undefined ? undefined : { row, column }
}
