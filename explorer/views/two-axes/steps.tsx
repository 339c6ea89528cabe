import { useId } from 'preact/hooks'
import type { Op } from 'samepad/geometry'
import { counted, listed } from '../../../src/words/numbers.ts'
import { PlayButton } from '../../components/play-button.tsx'
import { Legend } from '../../drawing/legend.tsx'
import type { Answer } from '../../layer/answers.ts'
import { readersOf } from '../../layer/taps.ts'
import { usePage } from '../../state/page.ts'
import { ValuesBox } from '../one-axis/stepper.tsx'
import { unreadInWords, windowInWords } from '../one-axis/words.ts'
import type { Sheet } from './model.ts'
import type { GridPicture } from './picture.ts'
import type { Place } from './room.ts'
import { hasRowValues, type RowValues } from './values.ts'

interface Props {
  readonly sheet: Sheet
  readonly at: Place
  readonly op: Op
  readonly answers: readonly (readonly Answer[])[]
  /** The cell whose readers are told. */
  readonly cell: Place | undefined
  /** The numbers of each convention, where they are wanted. */
  readonly values: readonly (RowValues | undefined)[]
}

/** Moves the window that is looked at, and says what it reads. */
export function Steps({ sheet, at, op, answers, cell, values }: Props) {
  const { set } = usePage()
  const { rows, columns, grids } = sheet
  const step = (index: number): void => set({ output: Math.floor(index / columns), output2: index % columns })
  const weights = values.find(Boolean)?.weights
  const pictures = grids.flatMap(({ picture }) => picture ?? [])
  return (
    <>
      <div class="steps-of-two">
        <PlayButton count={rows * columns} at={at.row * columns + at.column} onStep={step} />
        <Slider name="Row" value={at.row} count={rows} change={(output) => set({ output })} />
        <Slider name="Column" value={at.column} count={columns} change={(output2) => set({ output2 })} />
        {grids.some((_, index) => hasRowValues(answers.map((axis) => axis[index]))) && <ValuesBox />}
      </div>
      <Legend
        op={op}
        middles
        numbered={values.some(Boolean)}
        padding={pictures.some(({ isPaddingRead }) => isPaddingRead)}
        blank={pictures.some(({ blank }) => blank)}
        hollow={pictures.some(({ hollow }) => hollow)}
        parts={pictures.some(({ map }) => map.parted)}
        cut={sheet.x.gaps.length > 0 || sheet.y.gaps.length > 0}
      />
      {weights && (
        <p class="kernel">
          The kernel: <code>{weights.map((row) => row.join(' ')).join('\n')}</code>
        </p>
      )}
      <dl class="reads">
        {grids.map(({ rule, picture, verdict }, index) => (
          <div key={`${index} ${rule}`}>
            <dt>{rule}</dt>
            {picture ? (
              <dd>
                rows: {windowInWords(op, answers[0][index], at.row)} · columns:{' '}
                {windowInWords(op, answers[1][index], at.column)}
                {values[index] && isOutput(picture, at) && <b class="sum">{values[index].sum(at.row, at.column)}</b>}
                {cell && <span class="by"> · {readersInWords(op, picture, cell)}</span>}
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
    </>
  )
}

const isOutput = ({ down, across }: GridPicture, { row, column }: Place): boolean =>
  row < down.output && column < across.output

/** Which outputs read a cell. */
function readersInWords(op: Op, { down, across }: GridPicture, { row, column }: Place): string {
  const [noun, verb] = op === 'convTranspose' ? ['input cell', 'written'] : ['output', 'read']
  const [rows, columns] = [readersOf(down, row), readersOf(across, column)]
  const isReal = row >= 0 && row < down.input && column >= 0 && column < across.input
  const place = `the ${isReal ? 'cell' : 'padding'} in row ${row}, column ${column} is ${verb} by`
  const count = rows.length * columns.length
  if (count === 0) return `${place} no ${noun}`
  return `${place} ${counted(count, noun)}: ${named('row', rows)}, ${named('column', columns)}`
}

const named = (noun: string, list: readonly number[]): string =>
  `${noun}${list.length === 1 ? '' : 's'} ${listed(list.map(String))}`

/** Picks one of so many rows or columns. */
function Slider(props: { name: string; value: number; count: number; change: (value: number) => void }) {
  const { name, value, count, change } = props
  const id = useId() // a label around both would be that of the output
  return (
    <div class="transport">
      <label for={id}>
        {name} <output>{value}</output> <span class="muted">(0 to {Math.max(0, count - 1)})</span>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={Math.max(0, count - 1)}
        value={value}
        onInput={({ currentTarget }) => change(Number(currentTarget.value))}
      />
    </div>
  )
}
