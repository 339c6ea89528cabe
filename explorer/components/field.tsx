import type { ComponentChildren, TargetedInputEvent, TargetedKeyboardEvent } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useDrag } from './drag.ts'

const STEP = 8 // units to drag a label for one more
const ROOM = 5 // digits of a number that has half the width

interface Props {
  readonly label: ComponentChildren
  /** The text of the value that holds. */
  readonly value: string
  /** Takes a text; returns what is wrong with it, if it is refused. */
  readonly onText: (text: string) => string | undefined
  /** A number: keys and dragging change it, and it goes no lower. */
  readonly least?: number
  /** What may be typed, as suggestions. */
  readonly suggestions?: readonly string[]
  /** Hides the label from sight, where what stands around the field says the same. */
  readonly quiet?: boolean
  /** A longer text, on so many lines. */
  readonly lines?: number
}

/** What was typed last; refused, it stays there beside the value that holds, until that changes. */
interface Draft {
  readonly text: string
  readonly value: string
  readonly error: string | undefined
}

/** A field that shows the library's own message about what it does not take, and leaves the last good value alone. */
export function Field({ label, value, onText, least, suggestions, quiet, lines }: Props) {
  const id = useId()
  const [draft, setDraft] = useState<Draft>()
  const current = draft && (draft.error === undefined || draft.value === value) ? draft : undefined
  const meant = current?.error && nearText(current.text, current.error)
  const number = Number(value)
  const to = (next: number): void => {
    const text = String(Math.max(least ?? 0, next))
    const error = onText(text)
    setDraft(error ? { text, value, error } : undefined)
  }
  const drag = useDrag(number, STEP, to, least)
  const whole = useRef<HTMLDivElement>(null)
  // Where settings scroll, what is said below a field may be out of sight.
  useLayoutEffect(() => {
    if (current?.error) whole.current?.scrollIntoView({ block: 'nearest' })
  }, [current?.error])
  const step = (by: number): void => to(number + by)
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Escape') setDraft(undefined) // back to the value that holds
    if (least === undefined || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    step((event.key === 'ArrowUp' ? 1 : -1) * (event.shiftKey ? 10 : 1))
  }

  const entry = {
    ...({ id, autocomplete: 'off', autocapitalize: 'off', spellcheck: false, onKeyDown } as const),
    value: current?.text ?? value,
    'aria-invalid': current?.error !== undefined,
    'aria-describedby': current?.error && `${id}-error`,
    onInput: ({ currentTarget: { value: text } }: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setDraft({ text, value, error: onText(text) }),
    onBlur: () => !draft?.error && setDraft(undefined),
  }

  const kind = least === undefined ? '' : entry.value.length > ROOM ? ' number long' : ' number'
  return (
    <div ref={whole} class={`field${kind}${current?.error ? ' refused' : ''}`}>
      <label
        for={id}
        class={quiet ? 'unseen' : least === undefined ? '' : 'scrub'}
        {...(least === undefined ? {} : drag)}
      >
        {label}
      </label>
      <div class="entry">
        {least !== undefined && <Step label={label} sign="−" onClick={() => step(-1)} />}
        {lines ? (
          <textarea rows={lines} {...entry} />
        ) : (
          <input
            type="text"
            inputMode={least === undefined ? 'text' : 'numeric'}
            list={suggestions && `${id}-list`}
            {...entry}
          />
        )}
        {least !== undefined && <Step label={label} sign="+" onClick={() => step(1)} />}
      </div>
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
      {current?.error && (
        <p class="error" id={`${id}-error`} role="alert">
          {current.error}
        </p>
      )}
      {meant && (
        <button
          type="button"
          class="meant"
          onClick={({ currentTarget }) => {
            currentTarget.parentElement?.querySelector<HTMLElement>('input, textarea')?.focus() // the button goes away
            const error = onText(meant)
            setDraft(error ? { text: meant, value, error } : undefined)
          }}
        >
          Did you mean {meant}?
        </button>
      )}
    </div>
  )
}

/** The text with the word that the library takes a misspelt one for; undefined where it takes it for none. */
function nearText(text: string, message: string): string | undefined {
  const [, meant, got] = /is called ([^\s,]+), got '([^']+)'/.exec(message) ?? []
  const at = got === undefined ? -1 : text.toLowerCase().replaceAll('_', '-').indexOf(got.toLowerCase())
  return at < 0 ? undefined : text.slice(0, at) + meant + text.slice(at + got.length)
}

/** For the mouse; keys have the arrows. */
function Step({ label, sign, onClick }: { label: ComponentChildren; sign: '−' | '+'; onClick: () => void }) {
  return (
    <button
      type="button"
      class="step"
      tabIndex={-1}
      onClick={onClick}
      aria-label={`${label}, one ${sign === '+' ? 'more' : 'fewer'}`}
    >
      {sign}
    </button>
  )
}
