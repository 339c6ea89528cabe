import { useDrag } from '../../components/drag.ts'
import { usePage } from '../../state/page.ts'
import { type Drawing, MARGIN, type Picture, type Row, SMALL } from './model.ts'
import { Strips } from './strips.tsx'
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
      {picture && (
        <Strips
          drawing={drawing}
          picture={picture}
          parts={parts}
          at={at}
          onHover={onHover}
          onPick={(at) => set({ at })}
        />
      )}
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
  const inset = Math.min(5, cellHeight / 6)
  const x = transposed ? last!.x + strip.cell * SMALL : MARGIN + strip.left(axis.input)
  return (
    <g class="grip" data-tool {...drag}>
      <rect class="reach" x={x - 9} y={transposed ? smallY : largeY} width={18} height={cellHeight} />
      <line
        x1={x}
        x2={x}
        y1={(transposed ? smallY : largeY) + inset}
        y2={(transposed ? smallY : largeY) + cellHeight - inset}
      />
    </g>
  )
}
