import type { TargetedPointerEvent } from 'preact'
import { useState } from 'preact/hooks'
import { decimal } from '../../../src/words/numbers.ts'
import { useDrag } from '../../components/drag.ts'
import { Figure, useWidth } from '../../components/figure.tsx'
import { usePage } from '../../state/page.ts'
import type { Planned } from './messages.ts'
import { type Cutting, haloOf, type Piece, pieceAt, pieceOf, type Sheet, sheetFor, stepOf } from './model.ts'
import { Sliders } from './sliders.tsx'
import { pictureInWords, pieceInWords } from './words.ts'

const EDGE = 9 // units around the picture, for grips

/** The picture with its pieces; one of them with what it reads. */
export function CutPicture({ planned, cutting, name }: { planned: Planned; cutting: Cutting; name: string }) {
  const { state, set } = usePage()
  const [area, width] = useWidth<HTMLElement>()
  const [hovered, setHovered] = useState<number>()
  const sheet = sheetFor(cutting, Math.max(width, 260) - 2 * EDGE)
  const chosen = pieceAt(cutting, hovered ?? state.piece)
  const at = ({ currentTarget, clientX, clientY }: TargetedPointerEvent<SVGRectElement>): number => {
    const box = currentTarget.getBoundingClientRect()
    const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height]
    return pieceOf(cutting, y * (cutting.down?.size ?? 1), x * cutting.across.size)
  }
  return (
    <Figure
      label={pictureInWords(planned, cutting)}
      description={pieceInWords(planned, chosen)}
      head={`Which network is cut: ${name}; on a picture of ${planned.shape.join(' x ')}`}
      file="samepad-pieces"
      area={area}
      width={sheet.width + 2 * EDGE}
      height={sheet.height + 2 * EDGE}
      below={
        <>
          <Legend isShort={cutting.isShort} />
          <Sliders {...{ planned, chosen }} />
        </>
      }
    >
      <g transform={`translate(${EDGE} ${EDGE})`} onPointerLeave={() => setHovered(undefined)}>
        <Ground {...{ cutting, sheet }} />
        <Chosen {...{ chosen, sheet }} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the slider does the same by keys */}
        <rect
          class="reach"
          data-tool
          width={sheet.width}
          height={sheet.height}
          onPointerMove={(event) => setHovered(at(event))}
          onClick={() => hovered !== undefined && set({ piece: hovered })}
        />
        <Grips {...{ planned, chosen, sheet }} />
      </g>
    </Figure>
  )
}

/** The picture, where its pieces meet, what several read, and what comes out wrong. */
function Ground({ cutting: { down, across }, sheet: { scale, width, height } }: { cutting: Cutting; sheet: Sheet }) {
  const bars = (kind: 'twice' | 'wrong') => (
    <>
      {across[kind].map(([begin, end]) => (
        <rect key={`x${begin}`} class={kind} x={begin * scale} y={0} width={(end - begin) * scale} height={height} />
      ))}
      {down?.[kind].map(([begin, end]) => (
        <rect key={`y${begin}`} class={kind} x={0} y={begin * scale} width={width} height={(end - begin) * scale} />
      ))}
    </>
  )
  const cuts = (pieces: readonly Piece[]): number[] => pieces.slice(1).map(({ own }) => own[0] * scale)
  return (
    <>
      <rect class="whole" width={width} height={height} />
      {bars('twice')}
      {bars('wrong')}
      <path
        class="cuts"
        d={`${cuts(across.pieces)
          .map((x) => `M${x.toFixed(1)} 0V${height}`)
          .join('')}${cuts(down?.pieces ?? [])
          .map((y) => `M0 ${y.toFixed(1)}H${width}`)
          .join('')}`}
      />
    </>
  )
}

interface ChosenProps {
  readonly chosen: ReturnType<typeof pieceAt>
  readonly sheet: Sheet
}

/** Where a piece lies on the drawing. */
function boxOf({ chosen: { down, across }, sheet: { scale, height } }: ChosenProps, which: keyof Piece) {
  const [top, bottom] = down ? down[which].map((cell) => cell * scale) : [0, height]
  const [left, right] = across[which].map((cell) => cell * scale)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function Chosen(props: ChosenProps) {
  return (
    <>
      <rect class="piece-read" {...boxOf(props, 'read')} />
      <rect class="piece-own" {...boxOf(props, 'own')} />
    </>
  )
}

/** What the mouse takes hold of: the corner of the piece for its size, its edge for the halo. */
function Grips({ planned, chosen, sheet }: ChosenProps & { planned: Planned }) {
  const { state, set } = usePage()
  const { tile, halo } = state
  const read = boxOf({ chosen, sheet }, 'read')
  const own = boxOf({ chosen, sheet }, 'own')
  const around = haloOf(planned, halo)
  const size = useDrag(tile, sheet.scale, (cells) => set({ tile: cells }), planned.least)
  const step = stepOf(planned.plan)
  // To the right the halo gets smaller, a step of the grid at a time.
  const edge = useDrag(
    -around / step,
    sheet.scale * step,
    (steps) => set({ halo: Math.max(0, -Math.ceil(steps) * step) }),
    -Number.MAX_SAFE_INTEGER,
  )
  return (
    <g data-tool>
      <rect
        class="pull corner"
        x={read.x + read.width - 7}
        y={read.y + read.height - 7}
        width={14}
        height={14}
        rx={3}
        {...size}
      >
        <title>Pull: {decimal(tile)} cells at most</title>
      </rect>
      <rect
        class="pull edge"
        x={own.x + own.width - 4}
        y={own.y + own.height / 2 - 12}
        width={8}
        height={24}
        rx={3}
        {...edge}
      >
        <title>Pull: a halo of {decimal(around)} cells</title>
      </rect>
    </g>
  )
}

function Legend({ isShort }: { isShort: boolean }) {
  return (
    <p class="legend">
      <span class="legend-own">■ a piece’s own cells</span>
      <span class="legend-read">▢ what it reads: its halo around them</span>
      <span class="legend-twice">■ computed twice (where darker, four times)</span>
      {isShort && <span class="different">▨ wrong: a seam</span>}
      <span>pull the corner for the size, the edge for the halo</span>
    </p>
  )
}
