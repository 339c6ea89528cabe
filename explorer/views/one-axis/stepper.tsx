import { useId } from 'preact/hooks'
import { PlayButton } from '../../components/play-button.tsx'
import { Legend, type Marked } from '../../drawing/legend.tsx'
import { positionsOf } from '../../drawing/strip.ts'
import { partingOf, readersOf } from '../../layer/taps.ts'
import { hasValues, valuesOf } from '../../layer/values.ts'
import { usePage } from '../../state/page.ts'
import type { Drawing, Row } from './model.ts'
import { unreadInWords, windowInWords } from './words.ts'

interface Props {
  readonly drawing: Drawing
  readonly at: number
  readonly cell: number | undefined
}

/** Steps through the windows by a slider, by keys or by itself, and says what they read. */
export function Stepper({ drawing, at, cell }: Props) {
  const { state, set } = usePage()
  const id = useId()
  const { count, op, rows } = drawing
  const name = op === 'convTranspose' ? 'Input cell' : 'Output'
  const solved = rows.filter(({ answer }) => answer.solved)
  return (
    <div class="stepper">
      <div class="transport">
        <PlayButton count={count} at={at} onStep={(output) => set({ output })} />
        <label for={id}>
          {name} <output>{at}</output> <span class="muted">(0 to {Math.max(0, count - 1)})</span>
        </label>
        <input
          id={id}
          type="range"
          min={0}
          max={Math.max(0, count - 1)}
          value={at}
          aria-valuetext={`${name} ${at}: ${solved.map(({ answer }) => `${answer.rule} ${windowInWords(op, answer, at)}`).join('; ')}`}
          onInput={({ currentTarget }) => set({ output: Number(currentTarget.value) })}
        />
        {!drawing.own && solved.some(({ answer }) => hasValues(answer.solved!.axis)) && <ValuesBox />}
      </div>
      <Legend {...marksOf(drawing, at, state.values === 'yes' || drawing.own !== undefined)} />
      <dl class="reads">
        {rows.map((row) => (
          <div key={row.y}>
            <dt>{row.answer.rule}</dt>
            <Reads {...{ drawing, row, at, cell }} />
          </div>
        ))}
      </dl>
    </div>
  )
}

/** Numbers in the cells instead of their positions. */
export function ValuesBox() {
  const { state, set } = usePage()
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={state.values === 'yes'}
        onChange={({ currentTarget }) => set({ values: currentTarget.checked ? 'yes' : 'no' })}
      />
      Numbers
    </label>
  )
}

/** What one convention does with the window that is looked at, and what it reads nowhere. */
function Reads({ drawing, row, at, cell }: Props & { readonly row: Row }) {
  const { state } = usePage()
  const { op } = drawing
  const { answer, picture, verdict } = row
  if (!picture) return <dd class="fault">{verdict}</dd>
  const values = state.values === 'yes' || drawing.own ? valuesOf(op, answer, drawing.own) : undefined
  const unread = unreadInWords(op, picture.unread)
  return (
    <dd>
      {cell === undefined ? windowInWords(op, answer, at) : readersInWords(op, readersOf(picture.axis, cell), cell)}
      {values && cell === undefined && at < picture.axis.output && <b class="sum">{values.sum(at)}</b>}
      {unread.length > 0 && <span class="muted"> · {unread.join('; ')}</span>}
    </dd>
  )
}

/** Which outputs read a cell. */
function readersInWords(op: string, readers: readonly number[], cell: number): string {
  const [noun, verb] = op === 'convTranspose' ? ['input cell', 'written'] : ['output', 'read']
  const place = cell < 0 ? `padding ${cell}` : `cell ${cell}`
  if (readers.length === 0) return `${place} is ${verb} by no ${noun}`
  return `${place} is ${verb} by ${noun}${readers.length === 1 ? '' : 's'} ${readers.join(', ')}`
}

/** The marks that are in a drawing while a window is looked at. */
function marksOf({ op, rows, strip }: Drawing, at: number, numbered: boolean): Marked {
  const pictures = rows.flatMap(({ picture }) => picture ?? [])
  const drawn = positionsOf(strip)
  const partings = pictures.map(({ axis }) => partingOf(axis, pictures[0].axis, at, drawn))
  return {
    ...{ op, numbered },
    padding: pictures.some(({ shapes }) => shapes.stripes),
    blank: op !== 'convTranspose' && pictures.some(({ shapes }) => shapes.blank),
    hollow: pictures.some(({ shapes }) => shapes.hollow),
    parts: pictures.some(({ small, extra }) => extra.length > 0 || small.some(({ parted }) => parted)),
    missing: pictures.some(({ lacking }) => lacking.length > 0) || partings.some(({ first }) => first.length > 0),
    cut: strip.gaps.length > 0,
    grip: true,
    divisor: op === 'averagePool',
  }
}
