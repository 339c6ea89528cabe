import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { keepFocus } from '../components/keep-focus.ts'
import { usePage } from '../state/page.ts'
import { initial, type PartName, write } from '../state/url.ts'
import { fieldsOf, MOST_RULES, operations, type SizeName, sizeNames } from './state.ts'
import { suggestions } from './suggestions.ts'

interface PartFieldProps {
  readonly name: PartName
  readonly label: string
  readonly least?: number
  readonly lines?: number
}

/** A field for one part of the state. */
export function PartField({ name, ...rest }: PartFieldProps) {
  const { state, change } = usePage()
  return <Field {...rest} value={write(state, name)} onText={(text) => change(name, text)} />
}

/** The operation of the layer. */
export function OperationField() {
  const { state, change } = usePage()
  return (
    <label class="field choice">
      <span>Operation</span>
      <select value={state.op} onChange={({ currentTarget }) => change('op', currentTarget.value)}>
        {Object.entries(operations).map(([op, { name }]) => (
          <option key={op} value={op}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

/** The sizes along an axis. */
export function SizeFields({ names, legend }: { names: Readonly<Record<SizeName, PartName>>; legend?: string }) {
  return (
    <fieldset class="sizes">
      <legend class={legend ? '' : 'unseen'}>{legend ?? 'Sizes'}</legend>
      {sizeNames.map((name) => (
        <PartField key={name} name={names[name]} label={name} least={1} />
      ))}
    </fieldset>
  )
}

/** The conventions that are compared, in the words of settings. */
export function RuleFields() {
  const { state, change, set } = usePage()
  const { rules, op } = state
  const spare = suggestions[op].filter((rule) => !rules.includes(rule))
  const withRule = (index: number, rule: string): string =>
    rules.map((one, at) => (at === index ? rule : one)).join(';')
  return (
    <fieldset class="rules">
      <legend>Conventions</legend>
      {rules.map((rule, index) => (
        <div class="rule" key={index}>
          <Field
            label={`Convention ${index + 1}`}
            quiet
            value={rule}
            suggestions={suggestions[op]}
            onText={(text) => {
              const fields = fieldsOf(text, state, (rule) => rules.map((one, at) => (at === index ? rule : one)))
              if (!fields) return change('rules', withRule(index, text.replaceAll(';', ' ')))
              set(fields)
              return undefined
            }}
          />
          {rules.length > 1 && (
            <button
              type="button"
              class="step"
              aria-label={`Remove ${rule}`}
              onClick={({ currentTarget }) => {
                keepFocus(currentTarget.closest('fieldset'))
                set({ rules: rules.filter((_, at) => at !== index) })
              }}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {rules.length < MOST_RULES && spare.length > 0 && (
        <label class="field choice">
          <span class="unseen">Add a convention</span>
          <select
            value=""
            onChange={({ currentTarget }) => {
              keepFocus(currentTarget.closest('fieldset'))
              set({ rules: [...rules, currentTarget.value] })
            }}
          >
            <option value="">Add a convention…</option>
            {spare.map((rule) => (
              <option key={rule}>{rule}</option>
            ))}
          </select>
        </label>
      )}
    </fieldset>
  )
}

const WIDE = '(min-width: 60rem)'

/** The settings beside a view; on small screens a line beneath it that opens. */
export function Settings({ children }: { children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(() => matchMedia(WIDE).matches)
  useLayoutEffect(() => {
    const wide = matchMedia(WIDE)
    const follow = (): void => setOpen(wide.matches)
    wide.addEventListener('change', follow)
    return () => wide.removeEventListener('change', follow)
  }, [])
  return (
    <details
      class="settings"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open)
        // On a small screen the drawing goes to the top: a number and its effect are seen together.
        if (currentTarget.open && !matchMedia(WIDE).matches) {
          currentTarget.parentElement?.querySelector('.stage')?.scrollIntoView({ block: 'start' })
        }
      }}
    >
      <summary>Settings</summary>
      <section class="fields" aria-label="Settings">
        {children}
        <Reset />
      </section>
    </details>
  )
}

/** Everything of the view as it was at first. */
function Reset() {
  const { state, set } = usePage()
  return (
    <button type="button" class="reset" onClick={() => set({ ...initial, view: state.view })}>
      Reset
    </button>
  )
}
