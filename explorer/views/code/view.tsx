import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { argumentsOf, spelledFrameworks } from 'samepad/geometry'
import { CopyButton } from '../../components/copy-button.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { frameworkNames } from '../../layer/framework-names.ts'
import { OperationField, RuleFields, Settings, SizeFields } from '../../layer/panel.tsx'
import { acrossName, alongName } from '../../layer/state.ts'
import { usePage } from '../../state/page.ts'
import { ranks } from './state.ts'
import { type Written, writtenFor } from './written.ts'

/** The layer of the settings, written for a framework so that it computes the same as one of the conventions. */
export function Code() {
  const { state } = usePage()
  const { to, rules } = state
  const from = Math.min(state.from, rules.length - 1)
  const written = useMemo(() => writtenFor(state, state.axes, rules[from], to), [state, rules, from, to])
  return (
    <div class="view">
      <CodeSettings />
      <div class="stage">
        <section class="card" aria-label="Code">
          <Choices from={from} />
          {'error' in written ? (
            <p class="fault" role="status">
              {written.error}
            </p>
          ) : (
            <Listing written={written} name={frameworkNames[to]} />
          )}
        </section>
        {!('error' in written) && <Arguments written={written} />}
      </div>
    </div>
  )
}

function CodeSettings() {
  const { state, change } = usePage()
  const isTwo = state.axes === '2'
  return (
    <Settings>
      <OperationField />
      <label class="field choice">
        <span>Axes</span>
        <select value={state.axes} onChange={({ currentTarget }) => change('axes', currentTarget.value)}>
          {ranks.map((rank) => (
            <option key={rank} value={rank}>
              {rank === '1' ? 'one' : 'two'}
            </option>
          ))}
        </select>
      </label>
      <SizeFields names={alongName} legend={isTwo ? 'Along the height' : undefined} />
      {isTwo && <SizeFields names={acrossName} legend="Along the width" />}
      <RuleFields />
    </Settings>
  )
}

/** Which convention is written, and for which framework. */
function Choices({ from }: { from: number }) {
  const { state, change, set } = usePage()
  return (
    <div class="choices">
      <fieldset class="chips">
        <legend>Computes the same as</legend>
        {state.rules.map((one, index) => (
          <Chip key={`${index} ${one}`} name="from" checked={index === from} onPick={() => set({ from: index })}>
            <code>{one}</code>
          </Chip>
        ))}
      </fieldset>
      <fieldset class="chips">
        <legend>Written for</legend>
        {spelledFrameworks.map((one) => (
          <Chip key={one} name="to" checked={one === state.to} onPick={() => change('to', one)}>
            {frameworkNames[one]}
          </Chip>
        ))}
      </fieldset>
    </div>
  )
}

function Listing({ written, name }: { written: Written; name: string }) {
  return (
    <>
      <div class="listing">
        <CopyButton text={() => written.text} label="Copy code" />
        <Scroll label={`The layer in ${name}`}>
          <pre>
            <code>{written.text}</code>
          </pre>
        </Scroll>
      </div>
      <p class="muted">
        The numbers are those of an input of {written.input.join(' x ')}: padding may depend on its size.
      </p>
    </>
  )
}

interface ChipProps {
  readonly name: string
  readonly checked: boolean
  readonly onPick: () => void
  readonly children: ComponentChildren
}

function Chip({ name, checked, onPick, children }: ChipProps) {
  return (
    <label class="chip">
      <input type="radio" name={name} checked={checked} onChange={onPick} />
      <span>{children}</span>
    </label>
  )
}

/** The same numbers under every framework's names and in its order. */
function Arguments({ written }: { written: Written }) {
  return (
    <section class="card" aria-label="Arguments">
      <h2>The numbers in every framework's order</h2>
      <Scroll label="Table of arguments">
        <table class="arguments">
          <tbody>
            {spelledFrameworks.map((framework) => (
              <tr key={framework}>
                <th scope="row">{frameworkNames[framework]}</th>
                <td>
                  <code>
                    {Object.entries(argumentsOf(written.geometry, framework))
                      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
                      .join('  ')}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
