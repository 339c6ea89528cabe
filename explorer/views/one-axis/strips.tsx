import { effectiveKernel } from 'samepad/geometry'
import { useSlide } from '../../components/slide.ts'
import { type Drawing, INSET, MARGIN, NOTE, type Picture, partingOf, SMALL, type Small, tapsOf } from './model.ts'

interface StripsProps {
  readonly drawing: Drawing
  readonly picture: Picture
  /** Whether it computes otherwise than the first convention. */
  readonly parts: boolean
  readonly at: number
  readonly onHover: (at: number | undefined) => void
  readonly onPick: (at: number) => void
}

/** The two strips of a convention, the fans between them, and the window that is looked at. */
export function Strips({ drawing, picture, parts, at, onHover, onPick }: StripsProps) {
  const { strip, cellHeight, every } = drawing
  const { axis, small, largeY, smallY, fans, shapes } = picture
  const chosen = small.find(({ index }) => index === at)
  // A number may be a little wider than its cell, but not as wide as its neighbours.
  const isNumbered = ({ index }: Small): boolean =>
    (index === at && fits(at, strip.cell)) || (index % every === 0 && fits(index, 2 * strip.cell))
  return (
    <>
      <path class="fans" d={fans} />
      <path class="large cell" d={shapes.cells} />
      <path class="large padding" d={shapes.padding} />
      <path class="stripes" d={shapes.stripes} />
      {chosen && <Read {...{ drawing, picture, chosen }} />}
      <Numbers {...{ drawing, picture, chosen }} />
      {strip.isCut && (
        <text
          class="index"
          x={MARGIN + (strip.left(strip.head) + strip.left(strip.tail)) / 2}
          y={largeY + cellHeight / 2}
        >
          ⋯
        </text>
      )}
      {small.map((one) => (
        <SmallCell
          key={one.index}
          {...{ one, cellHeight, onHover, onPick }}
          y={smallY}
          width={strip.cell * SMALL}
          chosen={one.index === at}
          above={smallY < largeY}
          parts={parts}
        />
      ))}
      {small.filter(isNumbered).map(({ index, x }) => (
        <text
          key={index}
          class={`index${strip.cell * SMALL < 20 ? ' small' : ''}${index === at ? ' chosen' : ''}`}
          x={x + (strip.cell * SMALL) / 2}
          y={smallY + cellHeight / 2 + 0.5}
        >
          {index}
        </text>
      ))}
      {chosen && <Window {...{ drawing, picture, chosen }} />}
      {small.length === 0 && (
        <text class="said" x={MARGIN} y={smallY + cellHeight / 2 + 4}>
          Windows of {effectiveKernel(axis)} cells are too wide to be drawn.
        </text>
      )}
    </>
  )
}

/** Whether a number has room in a cell. */
const fits = (number: number, cell: number): boolean => String(number).length * 7 < cell

interface Chosen {
  readonly drawing: Drawing
  readonly picture: Picture
  readonly chosen: Small
}

/** The cells, and the padding, that the window reads. */
function Read({ drawing, picture, chosen }: Chosen) {
  const { strip, cellHeight } = drawing
  const { axis, largeY } = picture
  const slide = useSlide(chosen.x, drawing)
  return (
    <g ref={slide}>
      {tapsOf(axis, chosen.index).map((position, tap) => (
        <rect
          key={tap}
          class={position >= 0 && position < axis.input ? 'large cell read' : 'large padding read'}
          x={MARGIN + strip.left(position) + INSET}
          y={largeY}
          width={strip.cell - 2 * INSET}
          height={cellHeight}
          rx={3}
        />
      ))}
    </g>
  )
}

/** The cells' positions, written in them. */
function Numbers({ drawing, picture, chosen }: Omit<Chosen, 'chosen'> & { readonly chosen: Small | undefined }) {
  const { strip, cellHeight, every } = drawing
  const { axis, largeY, cells } = picture
  const read = new Set(chosen ? tapsOf(axis, chosen.index) : [])
  const isNumbered = (position: number): boolean =>
    position % every === 0 || (read.has(position) && fits(position, strip.cell))
  return (
    <>
      {cells.filter(isNumbered).map((position) => (
        <text
          key={position}
          class={`index${strip.cell < 22 ? ' small' : ''}${read.has(position) ? ' read' : ''}`}
          x={MARGIN + strip.left(position) + strip.cell / 2}
          y={largeY + cellHeight / 2 + 0.5}
        >
          {position}
        </text>
      ))}
    </>
  )
}

interface SmallProps {
  readonly y: number
  readonly width: number
  readonly cellHeight: number
  readonly one: Small
  readonly chosen: boolean
  /** Marks stand above it. */
  readonly above: boolean
  /** There are marks in its row. */
  readonly parts: boolean
  readonly onHover: (at: number | undefined) => void
  readonly onPick: (at: number) => void
}

function SmallCell({ one, y, width, cellHeight, chosen, above, parts, onHover, onPick }: SmallProps) {
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
      {parted && <path class="mark" d={diamond(middle, above ? y - 9 : below + 9, 4)} />}
      {divisor !== undefined && (
        <text class="divisor" x={middle} y={below + 13 + (parts ? NOTE : 0)}>
          ÷{divisor}
        </text>
      )}
    </g>
  )
}

const diamond = (x: number, y: number, r: number): string => `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`

const cross = (x: number, y: number, r: number): string =>
  `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}l${2 * r} ${-2 * r}`

/** The taps of the window that is looked at; those that the first convention's does not share have marks of their own. */
function Window({ drawing, picture, chosen }: Chosen) {
  const { strip, cellHeight, rows } = drawing
  const { axis, largeY, smallY } = picture
  const start = chosen.x + (strip.cell * SMALL) / 2
  const up = largeY < smallY
  const from = up ? smallY : smallY + cellHeight
  const to = up ? largeY + cellHeight + 5 : largeY - 5
  const middle = (position: number): number => MARGIN + strip.left(position) + strip.cell / 2
  const isReal = (position: number): boolean => position >= 0 && position < axis.input
  const taps = tapsOf(axis, chosen.index)
  const parting = partingOf(axis, rows[0].picture?.axis ?? axis, chosen.index)
  const slide = useSlide(chosen.x, drawing)
  return (
    <g class="window" ref={slide}>
      {taps.map((position) => (
        <line
          key={position}
          class={isReal(position) ? 'tap' : 'tap blank'}
          x1={start}
          y1={from}
          x2={middle(position)}
          y2={to}
        />
      ))}
      {taps.map((position) => {
        const looks = isReal(position) ? 'dot' : 'dot blank'
        if (!parting.here.includes(position))
          return <circle key={position} class={looks} cx={middle(position)} cy={to} r={4} />
        return <path key={position} class={`${looks} here`} d={diamond(middle(position), to, 5.5)} />
      })}
      {parting.first.map((position) => (
        <path key={position} class="missing" d={cross(middle(position), to, 4)} />
      ))}
    </g>
  )
}
