import { useEffect, useId, useState } from 'preact/hooks'
import { usePage } from '../../state/page.ts'
import type { Drawing } from './model.ts'
import { windowInWords } from './words.ts'

const PAUSE = 700 // milliseconds on each window

/** Steps through the windows by a slider, by keys or by itself, and says what they read. */
export function Stepper({ drawing, at }: { drawing: Drawing; at: number }) {
  const { set } = usePage()
  const id = useId()
  const [playing, setPlaying] = useState(false)
  const { count, op, rows } = drawing
  const name = op === 'convTranspose' ? 'Sample' : 'Output'

  useEffect(() => {
    if (!playing) return
    const timer = setTimeout(() => set({ at: (at + 1) % Math.max(1, count) }), PAUSE)
    return () => clearTimeout(timer)
  }, [playing, at, count, set])

  const solved = rows.filter(({ answer }) => answer.solved)
  return (
    <div class="stepper">
      <div class="transport">
        <button type="button" aria-pressed={playing} onClick={() => setPlaying(!playing)} disabled={count === 0}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <label for={id}>
          {name} <output>{at}</output> of {count}
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={Math.max(0, count - 1)}
          value={at}
          aria-valuetext={`${name} ${at}: ${solved.map(({ answer }) => `${answer.rule} ${windowInWords(op, answer, at)}`).join('; ')}`}
          onInput={({ currentTarget }) => set({ at: Number(currentTarget.value) })}
        />
      </div>
      {solved.length > 0 && !solved.some(({ picture }) => picture?.small.some(({ index }) => index === at)) && (
        <p class="muted">Its window lies where the drawing leaves cells out.</p>
      )}
      <Legend drawing={drawing} />
      <dl class="reads">
        {solved.map(({ answer, y }) => (
          <div key={y}>
            <dt>{answer.rule}</dt>
            <dd>{windowInWords(op, answer, at)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** What the marks mean that are in the drawing. */
function Legend({ drawing }: { drawing: Drawing }) {
  const { op, rows } = drawing
  const transposed = op === 'convTranspose'
  return (
    <p class="legend">
      {rows.some(({ picture }) => picture?.shapes.padding) && <span>▨ {transposed ? 'cropped' : 'padding'}</span>}
      <span>● a tap {transposed ? 'lands on' : 'reads'} a cell</span>
      <span>○ {transposed ? 'lands on what is cropped' : 'reads padding'}</span>
      {rows.some(({ parts }) => parts) && (
        <>
          <span class="different">◆ ◇ otherwise than the first convention</span>
          <span class="different">× only the first has a tap here</span>
        </>
      )}
      {op === 'averagePool' && <span>÷ divisor</span>}
    </p>
  )
}
