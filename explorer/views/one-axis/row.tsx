import { useDrag } from '../../components/drag.ts'
import { usePage } from '../../state/page.ts'
import { type Cell, type Drawing, MARGIN, type Picture, type Row, type Small, tapsOf } from './model.ts'
import { padsInWords } from './words.ts'

interface Props {
  readonly drawing: Drawing
  readonly row: Row
  /** The output (transposed: the sample) whose window is shown. */
  readonly at: number
  readonly onHover: (at: number | undefined) => void
}

/** One convention: its name, its strips, and the window that is looked at. */
export function RowDrawing({ drawing, row, at, onHover }: Props) {
  const { set } = usePage()
  const { answer, y, verdict, parts, picture } = row
  const { op, narrow, width } = drawing
  const lines = [y + 12, y + 32, y + 52]
  return (
    <g class={op === 'convTranspose' ? 'transposed' : ''}>
      <text x={MARGIN} y={lines[0]} class="rule-name">
        {answer.rule}
      </text>
      {picture && (
        <text x={narrow ? MARGIN : width - MARGIN} y={lines[narrow ? 1 : 0]} class={narrow ? 'said' : 'said right'}>
          {padsInWords(op, answer)}
        </text>
      )}
      {verdict && (
        <text x={MARGIN} y={lines[narrow && picture ? 2 : 1]} class={parts ? 'said parts' : 'said'}>
          {parts ? `◆ ${verdict}` : verdict}
        </text>
      )}
      {picture && <Strips drawing={drawing} picture={picture} at={at} onHover={onHover} onPick={(at) => set({ at })} />}
      {picture && <Grip drawing={drawing} picture={picture} />}
    </g>
  )
}

/** The end of the input, to be dragged. */
function Grip({ drawing, picture }: { drawing: Drawing; picture: Picture }) {
  const { state, set } = usePage()
  const { strip, cellHeight, op } = drawing
  const transposed = op === 'convTranspose'
  const { small, smallY, largeY, axis } = picture
  const last = small.at(-1)
  const step = strip.cell * (transposed ? axis.stride : 1)
  const drag = useDrag(state.input, step, (input) => set({ input }))
  if (transposed && !last) return null
  const x = transposed ? last!.x + strip.cell * 0.86 : MARGIN + strip.left(axis.input)
  return (
    <g class="grip" {...drag}>
      <rect class="reach" x={x - 9} y={transposed ? smallY : largeY} width={18} height={cellHeight} />
      <line
        x1={x}
        x2={x}
        y1={(transposed ? smallY : largeY) + 5}
        y2={(transposed ? smallY : largeY) + cellHeight - 5}
      />
    </g>
  )
}

interface StripsProps extends Pick<Props, 'drawing' | 'at' | 'onHover'> {
  readonly picture: Picture
  readonly onPick: (at: number) => void
}

function Strips({ drawing, picture, at, onHover, onPick }: StripsProps) {
  const { strip, cellHeight } = drawing
  const { cells, small, largeY, smallY, fans, stripes, axis } = picture
  const chosen = small.find(({ index }) => index === at)
  const read = new Set(chosen ? tapsOf(axis, at) : [])
  const size = strip.cell < 22 ? 'index small' : 'index'
  return (
    <>
      <path class="fans" d={fans} />
      {strip.isCut && (
        <text
          class="index"
          x={MARGIN + strip.left(strip.head) + (strip.left(strip.tail) - strip.left(strip.head)) / 2}
          y={largeY + cellHeight / 2}
        >
          ⋯
        </text>
      )}
      {cells.map((cell) => (
        <LargeCell
          key={cell.position}
          {...{ cell, size, cellHeight }}
          y={largeY}
          width={strip.cell}
          read={read.has(cell.position)}
        />
      ))}
      <path class="stripes" d={stripes} />
      {small.map((one) => (
        <SmallCell
          key={one.index}
          {...{ one, size, cellHeight, onHover, onPick }}
          y={smallY}
          width={strip.cell * 0.86}
          chosen={one.index === at}
          above={smallY < largeY}
        />
      ))}
      {chosen && <Window {...{ drawing, picture, chosen }} />}
    </>
  )
}

interface CellProps {
  readonly y: number
  readonly width: number
  readonly cellHeight: number
  readonly size: string
}

function LargeCell({ cell, y, width, cellHeight, size, read }: CellProps & { cell: Cell; read: boolean }) {
  const { kind, x, position } = cell
  if (kind === 'nothing' && !read) return null
  const middle = x + width / 2
  return (
    <>
      <rect
        class={`large ${kind}${read ? ' read' : ''}`}
        {...{ x: x + 0.75, y, width: width - 1.5, height: cellHeight, rx: 3 }}
      />
      {kind === 'cell' && (
        <text class={`${size}${read ? ' read' : ''}`} x={middle} y={y + cellHeight / 2 + 0.5}>
          {position}
        </text>
      )}
    </>
  )
}

interface SmallProps extends CellProps {
  readonly one: Small
  readonly chosen: boolean
  /** Marks stand above it. */
  readonly above: boolean
  readonly onHover: (at: number | undefined) => void
  readonly onPick: (at: number) => void
}

function SmallCell({ one, y, width, cellHeight, size, chosen, above, onHover, onPick }: SmallProps) {
  const { index, x, parted, divisor } = one
  const middle = x + width / 2
  const below = y + cellHeight
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider below the drawing does the same by keys
    <g onPointerEnter={() => onHover(index)} onPointerLeave={() => onHover(undefined)} onClick={() => onPick(index)}>
      <rect
        class={`small${chosen ? ' chosen' : ''}${parted ? ' parted' : ''}`}
        {...{ x, y, width, height: cellHeight, rx: 3 }}
      />
      <text class={`${size}${chosen ? ' chosen' : ''}`} x={middle} y={y + cellHeight / 2 + 0.5}>
        {index}
      </text>
      {parted && <path class="mark" d={diamond(middle, above ? y - 9 : below + 9, 4)} />}
      {divisor !== undefined && (
        <text class="divisor" x={middle + (parted ? 11 : 0)} y={below + 12}>
          ÷{divisor}
        </text>
      )}
    </g>
  )
}

const diamond = (x: number, y: number, r: number): string => `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`

/** The taps of the window that is looked at. */
function Window({ drawing, picture, chosen }: { drawing: Drawing; picture: Picture; chosen: Small }) {
  const { strip, cellHeight } = drawing
  const { axis, largeY, smallY } = picture
  const start = chosen.x + (strip.cell * 0.86) / 2
  const up = largeY < smallY
  const [from, to] = up ? [smallY, largeY + cellHeight] : [smallY + cellHeight, largeY]
  const taps = tapsOf(axis, chosen.index).map((position, tap) => {
    return { tap, x: MARGIN + strip.left(position) + strip.cell / 2, real: position >= 0 && position < axis.input }
  })
  return (
    <g class="window">
      {taps.map(({ tap, x, real }) => (
        <line key={tap} class={real ? 'tap' : 'tap blank'} x1={start} y1={from} x2={x} y2={to + (up ? 5 : -5)} />
      ))}
      {taps.map(({ tap, x, real }) => (
        <circle key={tap} class={real ? 'dot' : 'dot blank'} cx={x} cy={to + (up ? 5 : -5)} r={4} />
      ))}
    </g>
  )
}
