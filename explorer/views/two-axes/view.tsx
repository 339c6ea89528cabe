import { useMemo } from 'preact/hooks'
import type { Op } from 'samepad/geometry'
import { Figure, useWidth } from '../../components/figure.tsx'
import { isWhole } from '../../drawing/strip.ts'
import { type Answer, answersOf } from '../../layer/answers.ts'
import { OperationField, RuleFields, Settings, SizeFields } from '../../layer/panel.tsx'
import { acrossName, acrossOf, alongName, operations, sizesOf } from '../../layer/state.ts'
import { usePage } from '../../state/page.ts'
import { windowInWords } from '../one-axis/words.ts'
import { GridDrawing, WORDS } from './grid.tsx'
import { gridsOf, type Sheet } from './model.ts'

/** The layer as a grid: height down, width across, padding on four sides. */
export function TwoAxes() {
  const { state } = usePage()
  const { op, rules } = state
  const [down, across] = [sizesOf(state), acrossOf(state)]
  const [area, width] = useWidth<HTMLElement>()
  const answers = useMemo(
    () => [answersOf(rules, op, down), answersOf(rules, op, across, 1)],
    [rules, op, ...Object.values(down), ...Object.values(across)],
  )
  const sheet = useMemo(() => gridsOf(op, answers[0], answers[1], Math.max(width, 200)), [op, answers, width])
  const row = Math.min(state.at, Math.max(0, sheet.rows - 1))
  const column = Math.min(state.across, Math.max(0, sheet.columns - 1))
  return (
    <div class="view">
      <Settings>
        <OperationField />
        <SizeFields names={alongName} legend="Along the height" />
        <SizeFields names={acrossName} legend="Along the width" />
        <RuleFields />
      </Settings>
      <div class="stage">
        <Steps {...{ sheet, row, column }} />
        <div class="grids">
          {sheet.grids.map((grid, index) => (
            <Figure
              key={`${index} ${grid.rule}`}
              label={`${grid.rule}: ${operations[op].name} of ${down.input} x ${across.input} cells`}
              description={[grid.verdict && `${grid.verdict}.`, describe(op, answers, index, row, column)].join(' ')}
              file={`samepad-two-axes-${index + 1}`}
              area={index === 0 ? area : undefined}
              width={sheet.width}
              height={grid.picture ? sheet.height + WORDS - 16 : WORDS}
            >
              <GridDrawing {...{ sheet, grid, row, column, op }} />
            </Figure>
          ))}
        </div>
      </div>
    </div>
  )
}

function describe(op: Op, [down, across]: readonly Answer[][], index: number, row: number, column: number): string {
  const [one, two] = [down[index], across[index]]
  if (!one.solved || !two.solved) return '' // the verdict is the refusal
  const pads = ({ solved }: Answer): string => `${solved!.axis.padBegin} begin and ${solved!.axis.padEnd} end`
  const name = op === 'convTranspose' ? 'sample' : 'output'
  const words = (answer: Answer, at: number): string => windowInWords(op, answer, at)
  return `Height: ${pads(one)}, ${one.solved.axis.output} outputs. Width: ${pads(two)}, ${two.solved.axis.output} outputs. The ${name} in row ${row} ${words(one, row)}; in column ${column} ${words(two, column)}.`
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

/** Moves the window that is looked at. */
function Steps({ sheet, row, column }: { sheet: Sheet; row: number; column: number }) {
  const { set } = usePage()
  const pictures = sheet.grids.flatMap(({ picture }) => picture ?? [])
  const isShown = pictures.some(({ down, across }) => isWhole(down, row, sheet.y) && isWhole(across, column, sheet.x))
  return (
    <section class="card steps-of-two" aria-label="Window">
      <Slider name="Row" value={row} count={sheet.rows} change={(at) => set({ at })} />
      <Slider name="Column" value={column} count={sheet.columns} change={(across) => set({ across })} />
      {pictures.length > 0 && !isShown && (
        <p class="muted">This window lies where the drawing leaves cells out, or is wider than what is drawn.</p>
      )}
    </section>
  )
}
