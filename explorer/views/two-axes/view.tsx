import { useMemo, useState } from 'preact/hooks'
import type { Op } from 'samepad/geometry'
import { Figure, useWidth } from '../../components/figure.tsx'
import { type Answer, answersOf } from '../../layer/answers.ts'
import { Derivations } from '../../layer/derivation.tsx'
import { headOfTwo } from '../../layer/head.ts'
import { Help } from '../../layer/help.tsx'
import { OperationField, RuleFields, Settings, SizeFields } from '../../layer/panel.tsx'
import { acrossName, acrossOf, alongName, sizesOf } from '../../layer/state.ts'
import { usePage } from '../../state/page.ts'
import { Agreement } from '../one-axis/agreement.tsx'
import { windowInWords } from '../one-axis/words.ts'
import { GridDrawing, type Hovered } from './grid.tsx'
import { gridsOf } from './model.ts'
import type { Place } from './room.ts'
import { Steps } from './steps.tsx'
import { rowValuesOf } from './values.ts'

/** The layer as a grid: height down, width across, padding on four sides. */
export function TwoAxes() {
  const { state, set } = usePage()
  const { op, rules, output, output2 } = state
  const [down, across] = [sizesOf(state), acrossOf(state)]
  const [area, width] = useWidth<HTMLElement>()
  const answers = useMemo(
    () => [answersOf(rules, op, down), answersOf(rules, op, across, 1)],
    [rules, op, ...Object.values(down), ...Object.values(across)],
  )
  const values = useMemo(
    () => (state.values === 'yes' ? rules.map((_, rule) => rowValuesOf(op, pairOf(answers, rule))) : []),
    [op, rules, answers, state.values],
  )
  const isNumbered = values.some(Boolean)
  const sheet = useMemo(
    () => gridsOf(op, answers[0], answers[1], Math.max(width, 240), { row: output, column: output2 }, isNumbered),
    [op, answers, width, output, output2, isNumbered],
  )
  const [hovered, setHovered] = useState<Hovered>({})
  const at = hovered.at ?? sheet.pinned
  const { cell } = hovered
  const isAlike = sameAlong(answers) && down.input === across.input
  return (
    <div class="view">
      <Settings>
        <OperationField />
        <SizeFields names={alongName} legend="Along the height" />
        <SizeFields names={acrossName} legend="Along the width" />
        <RuleFields />
        <Help />
      </Settings>
      <div class="stage">
        <Figure
          label={`${headOfTwo(op, down, across)}: ${rules.join(', ')}`}
          head={`${headOfTwo(op, down, across)} (rows x columns)`}
          description={sheet.grids
            .map(
              ({ rule, verdict }, index) => `${rule}: ${verdict && `${verdict}. `}${describe(op, answers, index, at)}`,
            )
            .join(' ')}
          file={`samepad-two-axes-${op}`}
          area={area}
          width={sheet.width}
          height={sheet.height}
          steps={{
            count: sheet.rows * sheet.columns,
            at: sheet.pinned.row * sheet.columns + sheet.pinned.column,
            show: (at) => set({ output: Math.floor(at / sheet.columns), output2: at % sheet.columns }),
          }}
          below={<Steps {...{ sheet, at, cell, op, answers, values }} />}
        >
          {sheet.grids.map((grid, index) => (
            <GridDrawing
              key={`${index} ${grid.rule}`}
              {...{ sheet, grid, at, op, cell }}
              values={values[index]}
              onHover={(over) => setHovered((last) => (isSamePlace(last, over) ? last : over))}
            />
          ))}
        </Figure>
        <Agreement answers={answers[0]} input={down.input} axis={isAlike ? undefined : 'height'} />
        {!isAlike && <Agreement answers={answers[1]} input={across.input} axis="width" />}
        <Derivations answers={answers[0]} input={down.input} axis={isAlike ? undefined : 'height'} />
        {!isAlike && <Derivations answers={answers[1]} input={across.input} axis="width" />}
      </div>
    </div>
  )
}

/** What a convention does on both axes. */
const pairOf = (answers: readonly (readonly Answer[])[], rule: number): Answer[] => answers.map((axis) => axis[rule])

/** Whether the pointer is over the same output and cell as before: then there is nothing to draw. */
const isSamePlace = (a: Hovered, b: Hovered): boolean =>
  JSON.stringify([a.at, a.cell]) === JSON.stringify([b.at, b.cell])

/** Whether every convention has the same setting along both axes. */
const sameAlong = ([down, across]: readonly (readonly Answer[])[]): boolean =>
  down.every(({ setting }, index) => JSON.stringify(setting) === JSON.stringify(across[index].setting))

function describe(op: Op, [down, across]: readonly Answer[][], index: number, { row, column }: Place): string {
  const [one, two] = [down[index], across[index]]
  if (!one.solved || !two.solved) return '' // the verdict is the refusal
  const pads = ({ solved }: Answer): string => `${solved!.axis.padBegin} before and ${solved!.axis.padEnd} after`
  const name = op === 'convTranspose' ? 'input cell' : 'output'
  const words = (answer: Answer, at: number): string => windowInWords(op, answer, at)
  return `Height: ${pads(one)}, ${one.solved.axis.output} outputs. Width: ${pads(two)}, ${two.solved.axis.output} outputs. The ${name} in row ${row} ${words(one, row)}; in column ${column} ${words(two, column)}.`
}
