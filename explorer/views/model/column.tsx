import { useMemo } from 'preact/hooks'
import type { Audit, PortedDrift } from 'samepad/models'
import { counted } from '../../../src/words/numbers.ts'
import { Figure, useWidth } from '../../components/figure.tsx'
import { type Bar, type ColumnDrawing, columnOf, fallInWords, HEAD } from './drawing.ts'
import { DriftBand } from './drift-band.tsx'
import { FamilyLegend } from './family-legend.tsx'
import { ColumnLine, useFolds } from './use-folds.tsx'

interface Props {
  readonly audit: Audit
  /** How far each layer would look elsewhere in a port. */
  readonly ported: PortedDrift
}

const portNames = { 'tf-same': 'TensorFlow SAME', symmetric: 'PyTorch’s symmetric padding' } as const

/** The network as a picture: its layers from the input down, the map's size as width, whose padding as colour. */
export function Column({ audit, ported }: Props) {
  const [area, width] = useWidth<HTMLElement>()
  const { open, onOpen, buttons } = useFolds()
  const drawing = useMemo(() => columnOf(audit, ported, Math.max(width, 260), open), [audit, ported, width, open])
  const { bars, left, right, room, most, step, barAt, growth, fall } = drawing
  if (bars.length === 0) return null
  const port = portNames[ported.rule]
  const isNarrow = barAt > 2
  return (
    <Figure
      label={`The network from its input down: ${audit.nodes.length} layers with a window`}
      description={bars
        .map(({ name, size, pads, apart }) => `${name}: ${size}, ${pads}${apart ? `, ${apart} apart in a port` : ''}.`)
        .join(' ')}
      head={
        most === 0
          ? 'The layers, from the input down'
          : `The layers, from the input down; the band: how far each would look elsewhere with ${port} instead, in cells of the input`
      }
      file="samepad-network-column"
      area={area}
      width={drawing.width}
      height={drawing.height}
      below={
        <>
          <p class="legend">
            <FamilyLegend />
            {audit.findings.length > 0 && <span>! something is said of it below</span>}
            {bars.some(({ count }) => count > 1) && <span>× 23: so many layers that are alike; press to see each</span>}
          </p>
          {buttons(bars)}
          <p class="conclusion">
            {most === 0 ? (
              <b class="equal">= At this size {port} would change nothing: no layer would look elsewhere.</b>
            ) : (
              <>
                With {port} instead, every shape would be the same, but layers would look up to{' '}
                <b class="different">◆ {counted(most, 'cell')} of the input away</b> from where they look now. It begins
                with <code>{growth?.[0]}</code>, and is largest from <code>{growth?.[1]}</code> on.
                {fall && <> {fallInWords(fall)}</>}
              </>
            )}
          </p>
        </>
      }
    >
      <text class="column-head end" x={left - 8} y={HEAD - 12}>
        reads
      </text>
      <text class="column-head" x={left} y={HEAD - 12}>
        {isNarrow ? 'layer, padding' : 'layer · padding before, after'}
      </text>
      {most > 0 && (
        <>
          <text class="column-head" x={right} y={HEAD - 12}>
            cells apart
          </text>
          <DriftBand rows={bars} {...{ step, barAt }} from={right} room={room} most={most} />
        </>
      )}
      {bars.map((bar) => (
        <LayerBar key={bar.at} {...{ bar, drawing, onOpen }} />
      ))}
    </Figure>
  )
}

interface BarProps {
  readonly bar: Bar
  readonly drawing: ColumnDrawing
  readonly onOpen: (at: number) => void
}

function LayerBar({ bar, drawing, onOpen }: BarProps) {
  const { y, at, count, name, size, pads, length, lean, found } = bar
  const { left, barAt } = drawing
  const isAbove = barAt > 2 // the name stands above the bar
  const beside = [isAbove ? '' : `${found ? '! ' : ''}${name}`, pads].filter(Boolean).join(' · ')
  return (
    <ColumnLine {...{ y, count }} width={drawing.width} step={drawing.step} onOpen={() => onOpen(at)}>
      {isAbove && (
        <text class="bar-name" x={0} y={12}>
          {found ? '! ' : ''}
          {name}
        </text>
      )}
      <rect class={`layer-bar ${lean ?? ''}`} x={left} y={barAt} width={length} height={14} rx={2} />
      <text class="bar-size" x={left - 8} y={barAt + 11}>
        {size}
      </text>
      <text class="bar-name" x={left + length + 8} y={barAt + 11}>
        {beside}
      </text>
    </ColumnLine>
  )
}
