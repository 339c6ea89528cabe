import { useMemo } from 'preact/hooks'
import { shortNames } from '../../../../src/words/network.ts'
import { counted } from '../../../../src/words/numbers.ts'
import { FileButton } from '../../../components/file-button.tsx'
import { useGiven } from '../../../components/use-given.ts'
import { PartField } from '../../../layer/panel.tsx'
import { ownModels, ownPhoto } from '../../../state/given.ts'
import { usePage } from '../../../state/page.ts'
import { ScrollTable } from '../table.tsx'
import type { Ran, Reply } from './messages.ts'
import { Outputs } from './outputs.tsx'
import { fits, orders, type PhotoName, paddings, photos, scalings } from './state.ts'
import { type Bench, useRun } from './use-run.ts'
import { inputText, timesText, verdict } from './words.ts'
import './run.css'

/** The model that is looked at, run on a photo as it pads and padded otherwise. */
export function RunCard() {
  const { state, set } = usePage()
  return (
    <section class="card" aria-label="Run on a photo">
      <h2>Run on a photo</h2>
      {state.run === 'yes' ? (
        <Running />
      ) : (
        <>
          <p>
            The model is run here, in the page, on a photo: once with its own padding, and once with the other one. You
            see which of its outputs change, and by how much.
          </p>
          <button type="button" class="primary" onClick={() => set({ run: 'yes' })}>
            Run it
          </button>
        </>
      )}
    </section>
  )
}

function Running() {
  const { state } = usePage()
  const { scaling, fit, colours, versus, pixels, dims, photo } = state
  const [own] = useGiven(ownModels)
  const ownPicture = useGiven(ownPhoto)
  const order = useMemo(
    () => ({ scaling, fit, colours, versus, pixels, dims }),
    [scaling, fit, colours, versus, pixels, dims],
  )
  const bench = useRun(own, ownPicture ?? photo, order)
  return (
    <>
      <RunFields own={ownPicture} busy={bench.busy} stop={bench.stop} />
      <div class="ran" aria-busy={bench.busy}>
        <Answer bench={bench} />
      </div>
    </>
  )
}

function RunFields({ own, busy, stop }: { own: File | undefined; busy: boolean; stop: () => void }) {
  const { state, change } = usePage()
  const choose = (name: string): void => {
    ownPhoto.give(undefined)
    change('photo', name)
  }
  return (
    <div class="mending run-fields">
      <Choice
        label="Photo"
        words={own ? { own: own.name, ...photos } : photos}
        value={own ? 'own' : state.photo}
        onPick={(name) => name !== 'own' && choose(name as PhotoName)}
      />
      <FileButton label="Choose a photo…" accept="image/*" onFiles={([file]) => ownPhoto.give(file)} />
      <Choice
        label="The second run pads"
        words={paddings}
        value={state.versus}
        onPick={(name) => change('versus', name)}
      />
      <Choice
        label="Numbers of a pixel"
        words={scalings}
        value={state.scaling}
        onPick={(name) => change('scaling', name)}
      />
      <Choice label="Part of the photo" words={fits} value={state.fit} onPick={(name) => change('fit', name)} />
      <Choice
        label="Order of colours"
        words={orders}
        value={state.colours}
        onPick={(name) => change('colours', name)}
      />
      <PartField name="pixels" label="Scaled to height x width (empty: as the file says)" />
      <button type="button" disabled={!busy} onClick={stop}>
        Stop
      </button>
    </div>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly words: Readonly<Record<string, string>>
  readonly value: string
  readonly onPick: (name: string) => void
}

function Choice({ label, words, value, onPick }: ChoiceProps) {
  return (
    <label class="field choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => onPick(currentTarget.value)}>
        {Object.entries(words).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

function Answer({ bench: { ran, unsupported, refusal, busy } }: { bench: Bench }) {
  if (refusal) {
    return (
      <p class="refusal" role="alert">
        {refusal}
      </p>
    )
  }
  if (unsupported) return <Unsupported nodes={unsupported} />
  if (!ran) return <p class="muted">{busy ? 'It is read and run…' : ''}</p>
  return <Shown ran={ran} />
}

function Shown({ ran }: { ran: Ran }) {
  const { alike, text } = verdict(ran)
  return (
    <>
      <p role="status">
        <b class={alike ? 'equal' : 'different'}>
          {alike ? '=' : '◆'} {text}
        </b>
      </p>
      <p class="muted facts">{inputText(ran)}</p>
      <p class="muted facts">Time of a run, in this page: {timesText(ran.times)}</p>
      <Outputs ran={ran} />
      {ran.changes.length > 0 && <Changed ran={ran} />}
    </>
  )
}

const MOST = 100 // lines

function Changed({ ran: { changes, skipped } }: { ran: Ran }) {
  const names = shortNames(changes.map(({ name }) => name))
  return (
    <details>
      <summary>{counted(changes.length, 'layer')} padded differently</summary>
      <ScrollTable label="Layers padded differently" heads={['layer', 'as it pads', 'the second run']}>
        {changes.slice(0, MOST).map(({ name, before, after }, at) => (
          <tr key={name}>
            <th scope="row" title={name}>
              <code>{names[at]}</code>
            </th>
            <td data-head="as it pads">{before}</td>
            <td data-head="the second run">{after}</td>
          </tr>
        ))}
      </ScrollTable>
      {changes.length > MOST && <p class="muted">{changes.length - MOST} more.</p>}
      {skipped.slice(0, MOST).map(({ name, reason }) => (
        <p key={name} class="muted">
          <code>{name}</code> left as it is: {reason}
        </p>
      ))}
    </details>
  )
}

function Unsupported({ nodes }: { nodes: NonNullable<Reply['unsupported']> }) {
  return (
    <div role="alert">
      <p class="refusal">
        samepad does not run this model: {counted(nodes.length, 'node')} of it cannot be computed here.
      </p>
      <ul class="places">
        {nodes.slice(0, MOST).map(({ name, reason }) => (
          <li key={name}>
            <code>{name}</code> {reason}
          </li>
        ))}
      </ul>
      {nodes.length > MOST && <p class="muted">{nodes.length - MOST} more.</p>}
    </div>
  )
}
