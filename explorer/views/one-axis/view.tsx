import { useMemo, useState } from 'preact/hooks'
import { Figure, useWidth } from '../../components/figure.tsx'
import { answersOf } from '../../layer/answers.ts'
import { Derivations } from '../../layer/derivation.tsx'
import { headOf } from '../../layer/head.ts'
import { Help } from '../../layer/help.tsx'
import { OperationField, RuleFields, Settings, SizeFields } from '../../layer/panel.tsx'
import { alongName, sizesOf } from '../../layer/state.ts'
import { usePage } from '../../state/page.ts'
import { Agreement } from './agreement.tsx'
import { drawingOf } from './model.ts'
import { RowDrawing } from './row.tsx'
import { Stepper } from './stepper.tsx'
import type { Hovered } from './strips.tsx'
import { padsInWords, windowInWords } from './words.ts'

/** Cells, padding, windows and taps along one axis, for several conventions. */
export function OneAxis() {
  const { state, set } = usePage()
  const { op, rules } = state
  const sizes = sizesOf(state)
  const [area, width] = useWidth<HTMLElement>()
  const answers = useMemo(() => answersOf(rules, op, sizes), [rules, op, ...Object.values(sizes)])
  const drawing = useMemo(() => drawingOf(op, answers, width, state.output), [op, answers, width, state.output])
  const [{ index, cell }, setHovered] = useState<Hovered>({})
  const at = Math.min(index ?? drawing.pinned, Math.max(0, drawing.count - 1))

  const description = drawing.rows
    .map(({ answer, verdict }) => {
      if (!answer.solved) return `${answer.rule}: ${answer.refusal}.`
      return `${answer.rule}: ${padsInWords(op, answer)}; ${verdict && `${verdict}; `}${smallName(op)} ${at} ${windowInWords(op, answer, at)}.`
    })
    .join(' ')

  return (
    <div class="view">
      <Settings>
        <OperationField />
        <SizeFields names={alongName} />
        <RuleFields />
        <Help />
      </Settings>
      <div class="stage">
        <Figure
          label={`${headOf(op, sizes)}: ${rules.join(', ')}`}
          head={headOf(op, sizes)}
          description={description}
          file={`samepad-one-axis-${op}`}
          area={area}
          width={drawing.width}
          height={drawing.height}
          steps={{ count: drawing.count, at: drawing.pinned, show: (output) => set({ output }) }}
          below={<Stepper {...{ drawing, at, cell }} />}
        >
          {drawing.rows.map((row, index) => (
            <RowDrawing key={`${index} ${row.answer.rule}`} {...{ drawing, row, at, cell }} onHover={setHovered} />
          ))}
        </Figure>
        <Agreement answers={answers} input={sizes.input} />
        <Derivations answers={answers} input={sizes.input} />
      </div>
    </div>
  )
}

/** What a small cell is called. */
const smallName = (op: string): string => (op === 'convTranspose' ? 'sample' : 'output')
