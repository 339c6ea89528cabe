import { useMemo, useState } from 'preact/hooks'
import { Figure, useWidth } from '../../components/figure.tsx'
import { linesOf } from '../../drawing/text.ts'
import { answersOf } from '../../layer/answers.ts'
import { headOf } from '../../layer/head.ts'
import { usePage } from '../../state/page.ts'
import { drawingOf } from '../one-axis/model.ts'
import { RowDrawing } from '../one-axis/row.tsx'
import { Stepper } from '../one-axis/stepper.tsx'
import type { Hovered } from '../one-axis/strips.tsx'
import { driftBySize, driftOfFive, LAYER, RULES, SIZE } from './model.ts'

/** Two frameworks, and what everybody compares: the shapes. */
export function Shapes() {
  const answers = useMemo(() => answersOf(RULES, 'conv', LAYER), [])
  const [area, room] = useWidth<HTMLElement>()
  const cell = 34
  const beside = LAYER.input * cell
  const stacked = room > 0 && room < beside + 304 // no room for the outputs beside the cells: they stand below
  const row = stacked ? 140 : 92
  const [left, top] = stacked ? [0, 30 + cell + 12] : [beside, 30]
  return (
    <Figure
      label="TensorFlow and PyTorch both make 4 outputs of 8 cells"
      description="Two rows alike: 8 cells, an arrow, 4 outputs."
      head="Convolution, input 8 (cells 0 to 7), kernel 3, stride 2"
      file="samepad-story-shapes"
      area={area}
      width={stacked ? beside + 8 : beside + 304}
      height={2 * row}
    >
      {answers.map(({ rule, solved }, at) => (
        <g key={rule} transform={`translate(0 ${at * row})`}>
          <text class="rule-name" x={0} y={16}>
            {at === 0 ? "TensorFlow, padding='SAME'" : 'PyTorch, padding=1'}
          </text>
          <Cells kind="large cell" count={LAYER.input} x={0} y={30} cell={cell} />
          <text class="index" x={left + (stacked ? 16 : 32)} y={top + cell / 2}>
            {stacked ? '↓' : '→'}
          </text>
          <Cells
            kind="small"
            count={solved?.axis.output ?? 0}
            x={left + (stacked ? 34 : 64)}
            y={top}
            cell={cell}
            unnamed
          />
          <text class="said equal-text" x={left + (stacked ? 34 : 64) + 4 * cell + 10} y={top + cell / 2 + 4}>
            4 outputs ✓
          </text>
        </g>
      ))}
    </Figure>
  )
}

interface CellsProps {
  readonly kind: string
  readonly count: number
  readonly x: number
  readonly y: number
  readonly cell: number
  /** Without their positions, which would look like results. */
  readonly unnamed?: boolean
}

function Cells({ kind, count, x, y, cell, unnamed }: CellsProps) {
  return (
    <>
      {Array.from({ length: count }, (_, at) => (
        <g key={at}>
          <rect class={kind} x={x + at * cell + 1} y={y} width={cell - 2} height={cell} rx={3} />
          {!unnamed && (
            <text class="index" x={x + at * cell + cell / 2} y={y + cell / 2}>
              {at}
            </text>
          )}
        </g>
      ))}
    </>
  )
}

/** The same layer, cell by cell. */
export function OneLayer() {
  const { state } = usePage()
  const [area, width] = useWidth<HTMLElement>()
  const drawing = useMemo(
    () => drawingOf('conv', answersOf(RULES, 'conv', LAYER), width, state.output),
    [width, state.output],
  )
  const [{ index, cell }, setHovered] = useState<Hovered>({})
  const at = Math.min(index ?? drawing.pinned, drawing.count - 1)
  return (
    <Figure
      label="Which cells every output reads, in TensorFlow and in PyTorch"
      description="Every window of PyTorch begins one cell earlier than TensorFlow's."
      head={headOf('conv', LAYER)}
      file="samepad-story-layer"
      area={area}
      width={drawing.width}
      height={drawing.height}
      below={<Stepper {...{ drawing, at, cell }} />}
    >
      {drawing.rows.map((row) => (
        <RowDrawing key={row.answer.rule} {...{ drawing, row, at, cell }} onHover={setHovered} />
      ))}
    </Figure>
  )
}

const [BAR, GAP, LEFT, RIGHT] = [26, 16, 92, 116]
const HEAD = 42 // for what bars are

/** What a drawing of bars shows, on one line or on two. */
function Heading({ text, width }: { text: string; width: number }) {
  return (
    <>
      {linesOf(text, Math.max(width, 260)).map((line, at) => (
        <text key={line} class="said" x={0} y={14 + 17 * at}>
          {line}
        </text>
      ))}
    </>
  )
}

/** How far apart the two networks look after each layer. */
export function FiveLayers() {
  const drifts = useMemo(driftOfFive, [])
  const [area, width] = useWidth<HTMLElement>()
  const most = Math.max(...drifts)
  const room = Math.max(60, width - LEFT - RIGHT)
  return (
    <Figure
      label={`Cells apart after each of five layers: ${drifts.join(', ')}`}
      description="Every layer doubles the distance and adds one cell."
      file="samepad-story-five"
      area={area}
      width={Math.max(width, 268)}
      height={HEAD + drifts.length * (BAR + GAP)}
    >
      <Heading text="How far apart the outputs of TensorFlow and PyTorch look, in cells of the input" width={width} />
      {drifts.map((apart, at) => (
        <g key={apart} transform={`translate(0 ${HEAD + at * (BAR + GAP)})`}>
          <text class="said" x={0} y={BAR / 2 + 5}>
            after layer {at + 1}
          </text>
          <rect class="bar chosen" x={LEFT} y={0} width={(apart / most) * room} height={BAR} rx={3} />
          <text class="said parts" x={LEFT + (apart / most) * room + 8} y={BAR / 2 + 5}>
            {apart} {apart === 1 ? 'cell' : 'cells'} apart
          </text>
        </g>
      ))}
    </Figure>
  )
}

const TALL = 150

/** The distance after five layers, by input size. */
export function SafeSizes() {
  const drifts = useMemo(driftBySize, [])
  const [area, width] = useWidth<HTMLElement>()
  const most = Math.max(...drifts.map(({ apart }) => Math.abs(apart ?? 0)))
  const used = Math.max(width, 260)
  const step = used / drifts.length
  return (
    <Figure
      label="Cells apart by input size: none on 481, 513 and 545"
      description="A bar for every size around 512; on 481, 513 and 545 there is none."
      file="samepad-story-sizes"
      area={area}
      width={used}
      height={HEAD + TALL + 26}
    >
      <Heading text="How far apart the two look after five layers, for each size of the input" width={width} />
      <g transform={`translate(0 ${HEAD})`}>
        {drifts.map(({ size, apart = 0 }, at) => {
          const height = (Math.abs(apart) / most) * (TALL - 24)
          const middle = (at + 0.5) * step
          return (
            <g key={size}>
              {apart === 0 ? (
                <circle class="none" cx={middle} cy={TALL - 5} r={Math.min(4.5, step * 0.75)} />
              ) : (
                <rect
                  class={size === SIZE ? 'bar chosen' : 'bar'}
                  x={at * step + step * 0.12}
                  y={TALL - height}
                  width={step * 0.76}
                  height={height}
                />
              )}
              {(apart === 0 || size === SIZE) && (
                <text class="cell-number chosen" x={middle} y={apart === 0 ? TALL + 18 : TALL - height - 7}>
                  {apart === 0 ? `${size}: 0` : `${size}: ${Math.abs(apart)} cells apart`}
                </text>
              )}
            </g>
          )
        })}
      </g>
    </Figure>
  )
}
