import type { TargetedPointerEvent } from 'preact'
import { cross, diamond } from '../../drawing/paths.ts'
import { positionAt } from '../../drawing/strip.ts'
import type { Values } from '../../layer/values.ts'
import { Gaps, Numbers } from './cells.tsx'
import { type Drawing, NOTE } from './model.ts'
import { MARGIN, type Picture, SMALL, type Small } from './picture.ts'
import { Read, Readers, Window } from './window.tsx'

/** What the pointer is over: an output (transposed: a sample), or a cell. */
export interface Hovered {
  readonly index?: number
  readonly cell?: number
}

interface StripsProps {
  readonly drawing: Drawing
  readonly picture: Picture
  /** Whether it computes otherwise than the first convention. */
  readonly parts: boolean
  readonly at: number
  /** The cell whose readers are shown. */
  readonly cell: number | undefined
  readonly values: Values | undefined
  readonly onHover: (over: Hovered) => void
  readonly onPick: (at: number) => void
}

/** The two strips of a convention, the fans between them, and the window that is looked at. */
export function Strips({ drawing, picture, parts, at, cell, values, onHover, onPick }: StripsProps) {
  const { cellHeight } = drawing
  const { small, largeY, smallY, fans, shapes } = picture
  const chosen = small.find(({ index }) => index === at)
  return (
    <>
      <path class="fans" d={fans} />
      <path class="large cell" d={shapes.cells} />
      <path class="large hollow" d={shapes.hollow} />
      <path class="large padding" d={shapes.padding} />
      <path class="stripes" d={shapes.stripes} />
      {chosen && <Read {...{ drawing, picture, chosen }} />}
      <Numbers {...{ drawing, picture, chosen, values }} />
      <Gaps {...{ drawing, picture }} />
      {small.map((one) => (
        <SmallCell
          key={one.index}
          {...{ one, cellHeight, onHover, onPick }}
          y={smallY}
          width={drawing.strip.cell * SMALL}
          chosen={one.index === at}
          above={smallY < largeY}
          parts={parts}
        />
      ))}
      <SmallNumbers {...{ drawing, picture, at, values }} />
      <Others {...{ drawing, picture }} />
      {cell === undefined && chosen && <Window {...{ drawing, picture, chosen, values }} />}
      {cell !== undefined && <Readers {...{ drawing, picture, cell }} />}
      <Pointed {...{ drawing, picture, onHover }} />
    </>
  )
}

/** Transposed: written cells that only one of two conventions has. */
function Others({ drawing, picture }: Pick<StripsProps, 'drawing' | 'picture'>) {
  const { strip, cellHeight } = drawing
  const middle = (position: number): number => MARGIN + strip.left(position) + strip.cell / 2
  return (
    <>
      {picture.extra.map((position) => (
        <path key={position} class="mark" d={diamond(middle(position), picture.largeY + cellHeight + 9, 4)} />
      ))}
      {picture.lacking.map((position) => (
        <path key={position} class="missing" d={cross(middle(position), picture.largeY + cellHeight / 2, 5)} />
      ))}
    </>
  )
}

/** The large side as the pointer finds it: the cell under it. */
function Pointed({ drawing, picture, onHover }: Pick<StripsProps, 'drawing' | 'picture' | 'onHover'>) {
  const { strip, cellHeight } = drawing
  const over = ({ currentTarget, clientX }: TargetedPointerEvent<SVGRectElement>): void => {
    const { left, width } = currentTarget.getBoundingClientRect()
    onHover({ cell: positionAt(strip, ((clientX - left) / width) * strip.width) })
  }
  return (
    <rect
      class="reach"
      data-tool
      x={MARGIN}
      y={picture.largeY}
      width={strip.width}
      height={cellHeight}
      onPointerMove={over}
      onPointerLeave={() => onHover({})}
    />
  )
}

interface SmallNumbersProps extends Pick<StripsProps, 'drawing' | 'picture' | 'at' | 'values'> {}

/** The outputs' indices, or their values, written in them. */
function SmallNumbers({ drawing, picture, at, values }: SmallNumbersProps) {
  const { strip, cellHeight, every } = drawing
  const width = strip.cell * SMALL
  // A number may be a little wider than its cell, but not as wide as its neighbours.
  const fits = (text: string, room: number): boolean => text.length * 7 < room
  const textOf = (index: number): string => String(values ? values.small(index) : index)
  const isNumbered = ({ index }: Small): boolean =>
    (index === at && fits(textOf(index), 1.5 * strip.cell)) ||
    ((values !== undefined || index % every === 0) && fits(textOf(index), values ? width : 2 * strip.cell))
  return (
    <>
      {picture.small.filter(isNumbered).map(({ index, x }) => (
        <text
          key={index}
          class={`index${width < 20 ? ' small' : ''}${index === at ? ' chosen' : ''}${values ? ' value' : ''}`}
          x={x + width / 2}
          y={picture.smallY + cellHeight / 2 + 0.5}
        >
          {textOf(index)}
        </text>
      ))}
    </>
  )
}

interface SmallProps extends Pick<StripsProps, 'onHover' | 'onPick' | 'parts'> {
  readonly y: number
  readonly width: number
  readonly cellHeight: number
  readonly one: Small
  readonly chosen: boolean
  /** Marks stand above it. */
  readonly above: boolean
}

function SmallCell({ one, y, width, cellHeight, chosen, above, parts, onHover, onPick }: SmallProps) {
  const { index, x, parted, divisor } = one
  const middle = x + width / 2
  const below = y + cellHeight
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the slider below the drawing does the same by keys
    <g onPointerEnter={() => onHover({ index })} onPointerLeave={() => onHover({})} onClick={() => onPick(index)}>
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
