import { useMemo } from 'preact/hooks'
import type { Audit } from 'samepad/models'
import { Figure, useWidth } from '../../components/figure.tsx'
import { columnOf } from './drawing.ts'

/** The network as a picture: its layers from the input down, the map's size as width, whose padding as colour. */
export function Column({ audit }: { audit: Audit }) {
  const [area, width] = useWidth<HTMLElement>()
  const { bars, height, left, hidden } = useMemo(() => columnOf(audit, Math.max(width, 260)), [audit, width])
  if (bars.length === 0) return null
  return (
    <Figure
      label={`The network from its input down: ${bars.length} layers with a window`}
      description={bars.map(({ name, size, pads }) => `${name}: ${size}, ${pads}.`).join(' ')}
      file="samepad-network-column"
      area={area}
      width={Math.max(width, 260)}
      height={height}
      below={
        <p class="legend">
          <span class="family-text tf-same">■ pads as TensorFlow SAME</span>
          <span class="family-text symmetric">■ pads both sides alike</span>
          <span>■ nothing to tell</span>
          <span>a bar is as wide as what the layer reads</span>
          {hidden > 0 && <span>{hidden} further layers are left out</span>}
        </p>
      }
    >
      {bars.map(({ y, name, size, pads, length, lean, found }, index) => (
        <g key={index} transform={`translate(0 ${y})`}>
          <rect class={`layer-bar ${lean ?? ''}`} x={left} y={0} width={length} height={14} rx={2} />
          <text class="bar-size" x={left - 8} y={11}>
            {size}
          </text>
          <text class="bar-name" x={left + length + 8} y={11}>
            {found ? '◆ ' : ''}
            {name}
            {pads && ` · ${pads}`}
          </text>
        </g>
      ))}
    </Figure>
  )
}
