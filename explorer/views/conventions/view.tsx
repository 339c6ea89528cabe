import { useMemo, useState } from 'preact/hooks'
import { isTransposed } from 'samepad/geometry'
import { Field } from '../../components/field.tsx'
import { Settings } from '../../layer/panel.tsx'
import { usePage } from '../../state/page.ts'
import { print } from '../../state/url.ts'
import { found, type Line } from './model.ts'

/** Every rule by which a framework pads, to be searched, each with its source and a way to see it. */
export function Conventions() {
  const [search, setSearch] = useState('')
  const lines = useMemo(() => found(search), [search])
  return (
    <div class="view">
      <Settings>
        <Field
          label="Search: a framework, an operation, a word"
          value={search}
          onText={(text) => {
            setSearch(text)
            return undefined
          }}
        />
        <p class="muted letters">
          n input · k kernel · s stride · d dilation · K effective kernel · P padding in all · F full result · T cropped
          in all
        </p>
      </Settings>
      <div class="stage">
        <section class="card" aria-label="Conventions">
          <h2 aria-live="polite">
            {lines.length} {lines.length === 1 ? 'convention' : 'conventions'}
          </h2>
          <p class="muted">How many cells each framework adds around an input, and how many of them come first.</p>
          <ul class="conventions">
            {lines.map((line) => (
              <Row key={line.id} line={line} />
            ))}
          </ul>
        </section>
      </div>
    </div>
  )
}

function Row({ line }: { line: Line }) {
  const { state } = usePage()
  const { id, framework, ops, rule, fault, source, text, convention } = line
  return (
    <li>
      <h3>
        <code>{id}</code> <span class="muted">{framework}</span>
      </h3>
      <p class="facts">
        {isTransposed(convention.rule) ? 'outputs' : 'padding in all'} <i>{rule[0]}</i>
        {isTransposed(convention.rule) ? '; cropped' : '; of it'} at the start <i>{rule[1]}</i>{' '}
        <span class="muted">· for {ops}</span>
      </p>
      {fault && <p class="fault">A known fault: {fault}.</p>}
      <p class="facts">
        <span class="muted">{source}</span> ·{' '}
        <a href={print({ ...state, view: 'one-axis', op: convention.ops[0], rules: [text] })}>see it</a>
      </p>
    </li>
  )
}
