import { useDrag } from '../../components/drag.ts'
import { fullName } from '../../layer/framework-names.ts'
import { valuesOf } from '../../layer/values.ts'
import { usePage } from '../../state/page.ts'
import { type Drawing, LINE, type Row } from './model.ts'
import { MARGIN, type Picture, SMALL } from './picture.ts'
import { type Hovered, Strips } from './strips.tsx'

interface Props {
  readonly drawing: Drawing
  readonly row: Row
  /** The output (transposed: the sample) whose window is shown. */
  readonly at: number
  /** The cell whose readers are shown. */
  readonly cell: number | undefined
  readonly onHover: (over: Hovered) => void
}

/** One convention: its name, its strips, and the window that is looked at. */
export function RowDrawing({ drawing, row, at, cell, onHover }: Props) {
  const { state, set } = usePage()
  const { answer, y, words, aside, parts, picture } = row
  const { op, width } = drawing
  const values = state.values === 'yes' || drawing.own ? valuesOf(op, answer, drawing.own) : undefined
  return (
    <g class={op === 'convTranspose' ? 'transposed' : ''}>
      <text x={MARGIN} y={y + 12} class="rule-name">
        {fullName(answer.rule)}
      </text>
      <text x={width - MARGIN} y={y + 12} class="said right">
        {aside}
      </text>
      {words.map(({ text, parts }, line) => (
        <text key={line} x={MARGIN} y={y + 12 + (line + 1) * LINE} class={parts ? 'said parts' : 'said'}>
          {text}
        </text>
      ))}
      {picture && (
        <Strips {...{ drawing, picture, parts, at, cell, values, onHover }} onPick={(output) => set({ output })} />
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
