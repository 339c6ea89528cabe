import { useMemo } from 'preact/hooks'
import type { Diff } from 'samepad/models'
import { counted } from '../../../src/words/numbers.ts'
import { Figure, useWidth } from '../../components/figure.tsx'
import { fallInWords, HEAD } from './drawing.ts'
import { DriftBand } from './drift-band.tsx'
import { FamilyLegend } from './family-legend.tsx'
import { type PairDrawing, type PairRow, pairsOf } from './pairs.ts'
import { ColumnLine, useFolds } from './use-folds.tsx'

interface Props {
  readonly diff: Diff
  readonly names: readonly [string, string]
}

/** Two exports of a network as two columns of layers, from the input down, with the drift of their grids between them. */
export function Columns({ diff, names }: Props) {
  const [area, width] = useWidth<HTMLElement>()
  const { open, onOpen, buttons } = useFolds()
  const drawing = useMemo(() => pairsOf(diff, Math.max(width, 280), open), [diff, width, open])
  const { rows, begin, end, step, barAt, most, fall } = drawing
  const middle = (begin + end) / 2
  return (
    <Figure
      label={`The layers of ${names[0]} and ${names[1]}, and how far their grids drift apart`}
      description={rows.map((row) => rowInWords(row)).join(' ')}
      file="samepad-two-models"
      area={area}
      width={drawing.width}
      height={drawing.height}
      below={
        <>
          <p class="legend">
            <FamilyLegend />
            {most > 0 && <span class="different">■ how far apart both look, in cells of the input</span>}
            {!diff.equal && <span class="different">◆ they pad differently</span>}
            {rows.some(({ count }) => count > 1) && <span>× 23: so many layers, alike in both; press to see each</span>}
          </p>
          {buttons(rows)}
          {fall && <p class="conclusion">{fallInWords(fall)}</p>}
        </>
      }
    >
      <text class="column-head end" x={begin} y={HEAD - 12}>
        {fitted(names[0], begin)}
      </text>
      <text class="column-head" x={end} y={HEAD - 12}>
        {fitted(names[1], drawing.width - end)}
      </text>
      {most > 0 && (
        <text class="column-head middle" x={middle} y={HEAD - 12}>
          cells apart
        </text>
      )}
      <DriftBand rows={rows} {...{ step, barAt, most }} from={middle} isMiddle room={end - begin - 12} />
      {rows.map((row) => (
        <Row key={row.at} {...{ row, drawing, onOpen }} />
      ))}
    </Figure>
  )
}

const LETTER = 7.2

/** A file's name as far as it has room. */
const fitted = (name: string, room: number): string => {
  const letters = Math.max(4, Math.floor(room / LETTER))
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name
}

interface RowProps {
  readonly row: PairRow
  readonly drawing: PairDrawing
  readonly onOpen: (at: number) => void
}

function Row({ row: { y, at, count, name, a, b, differs, apart }, drawing, onOpen }: RowProps) {
  const { begin, end, barAt } = drawing
  const kind = differs ? 'bar-pads differs' : 'bar-pads'
  return (
    <ColumnLine {...{ y, count }} width={drawing.width} step={drawing.step} onOpen={() => onOpen(at)}>
      <text class={`bar-name${differs ? ' differs' : ''}`} x={0} y={12}>
        {differs ? '◆ ' : ''}
        {name}
      </text>
      {a && b && !apart && <line class="base" x1={begin + 2} x2={end - 2} y1={barAt + 7} y2={barAt + 7} />}
      {a && (
        <>
          <rect
            class={`layer-bar ${a.lean ?? ''}`}
            x={begin - a.length}
            y={barAt}
            width={a.length}
            height={14}
            rx={2}
          />
          <text class={`${kind} end`} x={begin - a.length - 6} y={barAt + 11}>
            {a.pads}
          </text>
        </>
      )}
      {b && (
        <>
          <rect class={`layer-bar ${b.lean ?? ''}`} x={end} y={barAt} width={b.length} height={14} rx={2} />
          <text class={kind} x={end + b.length + 6} y={barAt + 11}>
            {b.pads}
          </text>
        </>
      )}
    </ColumnLine>
  )
}

function rowInWords({ name, a, b, differs, apart }: PairRow): string {
  const pads = a && b ? (differs ? `pads ${a.pads} and ${b.pads}` : `pads ${a.pads} in both`) : 'in one of them only'
  return `${name}: ${pads}${apart ? `, ${counted(apart, 'cell')} apart` : ''}.`
}
