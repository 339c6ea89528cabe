import { useMemo } from 'preact/hooks'
import { Figure, useWidth } from '../../components/figure.tsx'
import { curveOf, meanOf, STEPS } from './curve.ts'
import type { Progress } from './messages.ts'
import { progressInWords } from './words.ts'

const [LEFT, TOP, BELOW, HEIGHT] = [40, 26, 34, 260]
const RIGHT = 42 // for the last loss, where no line is

interface Props {
  readonly progress: Progress
  readonly allow: (isRunning: boolean) => void
  readonly reset: () => void
}

/** The loss as it falls, and what starts and stops it. */
export function CurveFigure({ progress, allow, reset }: Props) {
  const { losses, isRunning, isDone } = progress
  const [area, measured] = useWidth<HTMLElement>()
  const width = Math.max(measured, 260)
  const inside = width - LEFT - RIGHT
  const curve = useMemo(() => curveOf(losses, inside, HEIGHT), [losses, inside])
  return (
    <Figure
      label={`The loss over ${losses.length} of ${STEPS} steps`}
      description={progressInWords(progress)}
      file="samepad-loss"
      area={area}
      width={width}
      height={TOP + HEIGHT + BELOW}
      below={
        <div class="stepper">
          <div class="transport">
            <button type="button" class="primary" disabled={isDone} onClick={() => allow(!isRunning)}>
              {isRunning ? 'Pause' : isDone ? 'Done' : losses.length > 0 ? 'Continue' : 'Start'}
            </button>
            <button type="button" onClick={reset} disabled={losses.length === 0}>
              Reset the network
            </button>
            <progress aria-label="Steps done" max={STEPS} value={losses.length} />
          </div>
          <p class="learned" role={isRunning ? undefined : 'status'}>
            {progressInWords(progress)}
          </p>
        </div>
      }
    >
      <text class="said" x={0} y={14}>
        loss: 0 is certain and right, 1.39 is a guess
      </text>
      <g transform={`translate(${LEFT} ${TOP})`}>
        <text class="axis-number" x={inside / 2} y={HEIGHT + 32}>
          steps of learning
        </text>
        {curve.rows.map(({ text, at }) => (
          <g key={text}>
            <line class="guide" x1={0} x2={inside} y1={at} y2={at} />
            <text class="axis-number row" x={-8} y={at + 4}>
              {text}
            </text>
          </g>
        ))}
        {curve.columns.map(({ text, at }) => (
          <text key={text} class="axis-number" x={at} y={HEIGHT + 18}>
            {text}
          </text>
        ))}
        <path class="loss-each" d={curve.each} />
        <path class="loss-mean" d={curve.mean} />
        {curve.end && (
          <>
            <circle class="loss-end" cx={curve.end[0]} cy={curve.end[1]} r={4} />
            <text class="loss-now" x={curve.end[0] + 8} y={curve.end[1] + 4}>
              {meanOf(losses).toFixed(2)}
            </text>
          </>
        )}
      </g>
    </Figure>
  )
}
