import { cellOf } from 'samepad/geometry'
import { useSlide } from '../../components/slide.ts'
import { cross, diamond, INSET, wedge } from '../../drawing/paths.ts'
import { positionsOf, tapsShown } from '../../drawing/strip.ts'
import { partingOf, readersOf } from '../../layer/taps.ts'
import type { Values } from '../../layer/values.ts'
import type { Drawing } from './model.ts'
import { MARGIN, type Picture, SMALL, type Small } from './picture.ts'

interface Props {
  readonly drawing: Drawing
  readonly picture: Picture
  readonly chosen: Small
}

/** The cells, and the padding, that the window reads. */
export function Read({ drawing, picture, chosen }: Props) {
  const { strip, cellHeight } = drawing
  const { axis, largeY } = picture
  const slide = useSlide(chosen.x, drawing)
  return (
    <g ref={slide}>
      {tapsShown(axis, chosen.index, strip).shown.map((position, tap) => (
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

/** The taps of the window that is looked at; those that the first convention's does not share have marks of their own. */
export function Window({ drawing, picture, chosen, values }: Props & { readonly values: Values | undefined }) {
  const { strip, cellHeight, rows } = drawing
  const { axis, largeY, smallY } = picture
  const start = chosen.x + (strip.cell * SMALL) / 2
  const up = largeY < smallY
  const from = up ? smallY : smallY + cellHeight
  const side = up ? largeY + cellHeight : largeY
  const middle = (position: number): number => MARGIN + strip.left(position) + strip.cell / 2
  const isReal = (position: number): boolean => position >= 0 && position < axis.input
  const { shown, hidden } = tapsShown(axis, chosen.index, strip)
  const parting = partingOf(axis, rows[0].picture?.axis ?? axis, chosen.index, positionsOf(strip))
  const slide = useSlide(chosen.x, drawing)
  // In small cells marks lie outside, beside their numbers.
  const mark = strip.cell < 22 ? 3 : 4
  const edge = strip.cell < 22 ? side + (up ? mark : -mark) : side
  return (
    <g class="window" ref={slide}>
      {hidden.map(({ gap, count }) => (
        <g key={gap.begin}>
          <path
            class="wedge"
            d={wedge(start, from, MARGIN + strip.left(gap.begin), MARGIN + strip.left(gap.end), side)}
          />
          <text class="hidden-taps" x={MARGIN + strip.left(gap.begin) + gap.width / 2} y={up ? side + 14 : side - 6}>
            {count} taps
          </text>
        </g>
      ))}
      {shown.map((position) => (
        <line
          key={position}
          class={isReal(position) ? 'tap' : 'tap blank'}
          x1={start}
          y1={from}
          x2={middle(position)}
          y2={side}
        />
      ))}
      {shown.map((position) => {
        const looks = isReal(position) ? 'dot' : 'dot blank'
        if (!parting.here.includes(position))
          return <circle key={position} class={looks} cx={middle(position)} cy={edge} r={mark} />
        return <path key={position} class={`${looks} here`} d={diamond(middle(position), edge, mark * 1.4)} />
      })}
      {parting.first.map((position) => (
        <path
          key={position}
          class="missing"
          d={cross(middle(position), up ? side + mark + 2 : side - mark - 2, mark)}
        />
      ))}
      {values?.weights && <Weights {...{ drawing, picture, chosen, shown }} weights={values.weights} />}
    </g>
  )
}

interface WeightsProps extends Props {
  readonly shown: readonly number[]
  readonly weights: readonly number[]
}

/** The kernel's weights, each on the line of its tap. */
function Weights({ drawing, picture, chosen, shown, weights }: WeightsProps) {
  const { strip, cellHeight } = drawing
  const { axis, largeY, smallY } = picture
  const start = chosen.x + (strip.cell * SMALL) / 2
  const [from, side] = largeY < smallY ? [smallY, largeY + cellHeight] : [smallY + cellHeight, largeY]
  const longest = Math.max(...weights.map((one) => String(one).length))
  const isCrowded = strip.cell * axis.dilation * PART < longest * 6.4 + 8
  return (
    <>
      {shown.map((position, tap) => {
        const text = String(weights[(position - cellOf(axis, chosen.index, 0)) / axis.dilation])
        const width = Math.max(16, text.length * 6.4 + 6)
        const part = isCrowded ? (tap % 2 ? 0.75 : 0.3) : PART
        const [x, y] = [between(start, MARGIN + strip.left(position) + strip.cell / 2, part), between(from, side, part)]
        return (
          <g key={position} class="weight">
            <rect x={x - width / 2} y={y - 8} width={width} height={16} rx={8} />
            <text class="index small" {...{ x, y: y + 0.5 }}>
              {text}
            </text>
          </g>
        )
      })}
    </>
  )
}

/** Where weights stand on the way from an output to a cell. */
const PART = 0.55
const between = (from: number, to: number, part: number): number => from + (to - from) * part

/** Every output that reads a cell (transposed: every sample that lands on it). */
export function Readers({ drawing, picture, cell }: Omit<Props, 'chosen'> & { readonly cell: number }) {
  const { strip, cellHeight } = drawing
  const { axis, small, largeY, smallY } = picture
  const readers = new Set(readersOf(axis, cell))
  const shown = small.filter(({ index }) => readers.has(index))
  const x = MARGIN + strip.left(cell)
  const [from, side] = largeY < smallY ? [smallY, largeY + cellHeight] : [smallY + cellHeight, largeY]
  const width = strip.cell * SMALL
  return (
    <g class="readers">
      <rect class="pointed" x={x + INSET} y={largeY} width={strip.cell - 2 * INSET} height={cellHeight} rx={3} />
      {shown.map((one) => (
        <g key={one.index}>
          <line class="tap" x1={one.x + width / 2} y1={from} x2={x + strip.cell / 2} y2={side} />
          <rect class="pointed" x={one.x} y={smallY} width={width} height={cellHeight} rx={3} />
        </g>
      ))}
    </g>
  )
}
