import { useMemo, useState } from 'preact/hooks'
import { isPool } from 'samepad/geometry'
import { counted } from '../../../src/words/numbers.ts'
import { Figure, useWidth } from '../../components/figure.tsx'
import { headOf } from '../../layer/head.ts'
import { OperationField, PartField, Settings } from '../../layer/panel.tsx'
import { operations } from '../../layer/state.ts'
import { usePage } from '../../state/page.ts'
import { print } from '../../state/url.ts'
import { drawingOf } from '../one-axis/model.ts'
import { RowDrawing } from '../one-axis/row.tsx'
import { Stepper } from '../one-axis/stepper.tsx'
import type { Hovered } from '../one-axis/strips.tsx'
import { type Group, groupsOf } from './model.ts'
import type { Seen } from './state.ts'

const MOST = 3 // explanations that are drawn

/** Numbers that somebody got, and the conventions that give them. */
export function Diagnosis() {
  const { state } = usePage()
  const { op, stride, dilation, given, weights, got } = state
  const groups = useMemo(
    () => groupsOf({ op, stride, dilation, given, weights, got }),
    [op, stride, dilation, given, weights, got],
  )
  return (
    <div class="view">
      <Settings>
        <OperationField />
        <PartField name="given" label="input: numbers, or how many" lines={2} />
        <PartField name="weights" label="kernel: weights, or how many" lines={2} />
        <PartField name="got" label="output that you got, or error" lines={2} />
        <fieldset class="sizes">
          <legend class="unseen">Steps</legend>
          <PartField name="stride" label="stride" least={1} />
          <PartField name="dilation" label="dilation" least={1} />
        </fieldset>
      </Settings>
      <div class="stage">
        {typeof groups === 'string' ? (
          <section class="card" role="status">
            <p class="fault">{groups}</p>
          </section>
        ) : (
          <Explained groups={groups} />
        )}
      </div>
    </div>
  )
}

function Explained({ groups }: { groups: readonly Group[] }) {
  const { state } = usePage()
  if (groups.length === 0) {
    return (
      <section class="card" role="status">
        <p>
          <b class="different">◆ No convention gives these numbers</b>, whatever its padding: look at the stride, the
          dilation, the order of the weights, and at what was done before and after.
        </p>
      </section>
    )
  }
  return (
    <>
      <section class="card" aria-label="Explanations">
        <h2 aria-live="polite">
          {groups.length === 1
            ? 'One padding explains it'
            : `${groups.length} paddings explain it; the likeliest first`}
        </h2>
        <p>
          The layer got {listOf(state.given)}, with the kernel {listOf(state.weights)}, and gave {listOf(state.got)}.
          Your own numbers go into the settings.
        </p>
        <ol class="explanations">
          {groups.slice(0, 12).map(({ pads, names, answer, kernel, input }) => (
            <li key={names[0]}>
              <b>{pads}</b>, as <code>{answer.rule}</code> pads.{' '}
              <a href={print({ ...state, view: 'one-axis', rules: [answer.rule], kernel, input })}>Open in one axis</a>
              {names.length > 1 && (
                <details>
                  <summary>{counted(names.length, 'convention')} that do the same here</summary>
                  <p class="muted">{names.join(', ')}</p>
                </details>
              )}
            </li>
          ))}
        </ol>
      </section>
      <Drawn groups={groups.slice(0, MOST)} />
    </>
  )
}

const SHORT = 12 // numbers that are listed

/** Numbers, or how many there are. */
function listOf(seen: Seen): string {
  if (typeof seen !== 'object') return seen === 'error' ? 'an error' : counted(seen, 'number')
  return `[${seen.slice(0, SHORT).join(', ')}${seen.length > SHORT ? ', …' : ''}]`
}

function Drawn({ groups }: { groups: readonly Group[] }) {
  const { state } = usePage()
  const [area, width] = useWidth<HTMLElement>()
  const answers = useMemo(() => groups.map(({ answer }) => answer), [groups])
  const { op, output, given, weights } = state
  const drawing = useMemo(() => {
    const own = typeof given === 'object' && (isPool(op) || typeof weights === 'object')
    const numbers = own && { own: { input: given, ...(typeof weights === 'object' && { weights }) } }
    return { ...drawingOf(op, answers, width, output), ...numbers }
  }, [op, answers, width, output, given, weights])
  const [{ index, cell }, setHovered] = useState<Hovered>({})
  const at = Math.min(index ?? drawing.pinned, Math.max(0, drawing.count - 1))
  return (
    <Figure
      label={`${operations[state.op].name}: which cells were read to make these numbers`}
      description={groups.map(({ pads, names }) => `${names[0]}: ${pads}.`).join(' ')}
      head={headOf(op, {
        input: groups[0].input,
        kernel: groups[0].kernel,
        stride: state.stride,
        dilation: state.dilation,
      })}
      file="samepad-numbers"
      area={area}
      width={drawing.width}
      height={drawing.height}
      below={<Stepper {...{ drawing, at, cell }} />}
    >
      {drawing.rows.map((row, key) => (
        <RowDrawing key={`${key} ${row.answer.rule}`} {...{ drawing, row, at, cell }} onHover={setHovered} />
      ))}
    </Figure>
  )
}
