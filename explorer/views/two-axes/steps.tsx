import type { Op } from 'samepad/geometry'
import { PlayButton } from '../../components/play-button.tsx'
import { Legend } from '../../drawing/legend.tsx'
import type { Answer } from '../../layer/answers.ts'
import { usePage } from '../../state/page.ts'
import { unreadInWords, windowInWords } from '../one-axis/words.ts'
import type { Place, Sheet } from './model.ts'

interface Props {
  readonly sheet: Sheet
  readonly at: Place
  readonly op: Op
  readonly answers: readonly (readonly Answer[])[]
}

/** Moves the window that is looked at, and says what it reads. */
export function Steps({ sheet, at, op, answers }: Props) {
  const { set } = usePage()
  const { rows, columns, grids } = sheet
  const step = (index: number): void => set({ output: Math.floor(index / columns), output2: index % columns })
  const pictures = grids.flatMap(({ picture }) => picture ?? [])
  return (
    <section class="stepper" aria-label="Window">
      <div class="steps-of-two">
        <PlayButton count={rows * columns} at={at.row * columns + at.column} onStep={step} />
        <Slider name="Row" value={at.row} count={rows} change={(output) => set({ output })} />
        <Slider name="Column" value={at.column} count={columns} change={(output2) => set({ output2 })} />
      </div>
      <dl class="reads">
        {grids.map(({ rule, picture, verdict }, index) => (
          <div key={`${index} ${rule}`}>
            <dt>{rule}</dt>
            {picture ? (
              <dd>
                rows: {windowInWords(op, answers[0][index], at.row)} · columns:{' '}
                {windowInWords(op, answers[1][index], at.column)}
                {picture.unread.flatMap((unread, axis) =>
                  unreadInWords(op, unread).map((text) => (
                    <span key={`${axis} ${text}`} class="muted">
                      {' '}
                      · {axis === 0 ? 'rows' : 'columns'}: {text}
                    </span>
                  )),
                )}
              </dd>
            ) : (
              <dd class="fault">{verdict}</dd>
            )}
          </div>
        ))}
      </dl>
      <Legend
        op={op}
        middles
        padding={pictures.some(({ cells, around }) => around.width > cells.width || around.height > cells.height)}
        hollow={pictures.some(({ hollow }) => hollow)}
        parts={grids.some(({ parts }) => parts)}
        cut={sheet.x.gaps.length > 0 || sheet.y.gaps.length > 0}
      />
    </section>
  )
}

/** Picks one of so many rows or columns. */
function Slider(props: { name: string; value: number; count: number; change: (value: number) => void }) {
  const { name, value, count, change } = props
  return (
    <label class="transport">
      <span>
        {name} <output>{value}</output> of {count}
      </span>
      <input
        type="range"
        min={0}
        max={Math.max(0, count - 1)}
        value={value}
        onInput={({ currentTarget }) => change(Number(currentTarget.value))}
      />
    </label>
  )
}
