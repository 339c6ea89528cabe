import { decimal } from '../../../src/words/numbers.ts'
import { runName } from './chain.ts'
import type { Drawing, Line, Stage } from './model.ts'

/** A stage in words. */
export const stageInWords = ({ text, a, b, apart }: Stage): string =>
  `After ${runName(text)}: ${a.axis.output} and ${b.axis.output} outputs, output 0 at cell ${decimal(a.centre)} and ${decimal(b.centre)}, ${decimal(Math.abs(apart))} apart.`

/** The grid of every layer, laid over the cells of the input: the first rule above the line, the second one below. */
export function DriftLines({ drawing, names }: { drawing: Drawing; names: readonly [string, string] }) {
  const { ruler, left, right, lines, height } = drawing
  return (
    <>
      <text class="side-name a" x={left} y={12}>
        ▲ {names[0]}
      </text>
      <text class="side-name b" x={right} y={12}>
        ▼ {names[1]}
      </text>
      {right - left > 420 && (
        <text class="cell-number" x={(left + right) / 2} y={12}>
          cells of the network’s input
        </text>
      )}
      {ruler.map(({ x, cell }) => (
        <g key={cell}>
          <line class="guide" x1={x} x2={x} y1={40} y2={height - 8} />
          <text class="cell-number" x={x} y={34}>
            {cell}
          </text>
        </g>
      ))}
      {lines.map((line) => (
        <DriftLine key={line.y} line={line} drawing={drawing} />
      ))}
    </>
  )
}

function DriftLine({ line, drawing }: { line: Line; drawing: Drawing }) {
  const { stage, y, above, below, from, to } = line
  const { left, right, narrow, width } = drawing
  const sizes =
    stage.a.axis.output === stage.b.axis.output
      ? `${stage.a.axis.output}`
      : `${stage.a.axis.output} / ${stage.b.axis.output}`
  const words = stage.apart === 0 ? 'together' : `${decimal(Math.abs(stage.apart))} apart`
  return (
    <>
      <text class="layer-name" x={0} y={narrow ? y - 20 : y + 4}>
        {runName(stage.text)}
      </text>
      <text class="layer-size" x={narrow ? width / 2 : left - 14} y={narrow ? y - 20 : y + 4}>
        → {sizes}
      </text>
      <line class="base" x1={left} x2={right} y1={y} y2={y} />
      <path class="grid-a" d={above} />
      <path class="grid-b" d={below} />
      {stage.apart !== 0 && <line class="drift" x1={from} x2={to} y1={y} y2={y} />}
      <circle class="first-a" cx={from} cy={y - 9} r={3.5} />
      <circle class="first-b" cx={to} cy={y + 9} r={3.5} />
      <text
        class={stage.apart === 0 ? 'apart' : 'apart different'}
        x={narrow ? width : width - 4}
        y={narrow ? y - 20 : y + 4}
      >
        {stage.apart === 0 ? words : `◆ ${words}`}
      </text>
    </>
  )
}
