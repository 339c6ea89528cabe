import { useLayoutEffect } from 'preact/hooks'
import type { OpenedSizes } from 'samepad/tiles'
import { counted } from '../../../src/words/numbers.ts'
import { saveAs } from '../../components/save.ts'
import { useWorker } from '../../components/use-worker.ts'
import { ScrollTable } from '../model/table.tsx'
import type { Reply, Request } from './open-messages.ts'

/** A model whose sizes were opened, as a file that takes the place of the reader's. */
export interface Opened extends Omit<OpenedSizes, 'bytes'> {
  readonly file: File
}

/** Offers to open the sizes of a model that no plan can be made for. */
export function OpenOffer({ own, onOpened }: { own: File; onOpened: (opened: Opened) => void }) {
  const { last, failure, busy, send } = useWorker<Request, Reply>(
    () => new Worker(new URL('./open-worker.ts', import.meta.url), { type: 'module' }),
  )
  useLayoutEffect(() => {
    if (!last?.opened) return
    const { bytes, ...rest } = last.opened
    const name = own.name.replace(/(\.[^.]*)?$/, '.open$1')
    onOpened({ ...rest, file: new File([new Uint8Array(bytes)], name) })
  }, [last])
  const refusal = failure ?? last?.refusal
  return (
    <>
      <p>
        If the model was exported for one size of the picture, its sizes can be opened: what was written for that size
        is written anew, so that it takes any. Nothing leaves the page.
      </p>
      <div class="buttons">
        <button type="button" class="primary" disabled={busy} onClick={() => send({ model: own })}>
          {busy ? 'The sizes are opened…' : 'Open its sizes'}
        </button>
      </div>
      {refusal && <p class="refusal">{refusal}</p>}
    </>
  )
}

const MOST = 100 // lines

/** What was written otherwise, and the file that came of it. */
export function OpenedCard({ opened: { file, inputs, changes, left } }: { opened: Opened }) {
  const shapes = Object.entries(inputs).map(([name, shape]) => `${name} ${shape.map(String).join(' x ')}`)
  return (
    <section class="card" aria-label="Opened sizes">
      <h2>Its sizes are open</h2>
      <p role="status">
        {left.length === 0 ? (
          <b class="equal">= {counted(changes.length, 'node')} written anew: it takes any size.</b>
        ) : (
          <b class="different">
            ◆ {counted(changes.length, 'node')} written anew, but {counted(left.length, 'node')} still{' '}
            {left.length === 1 ? 'holds' : 'hold'} for one size.
          </b>
        )}
      </p>
      <p class="muted facts">
        It takes {shapes.join(', ')}; at the old size its outputs have the shapes that they had.
      </p>
      <ul class="places">
        {left.slice(0, MOST).map(({ name, reason }) => (
          <li key={name}>
            <code>{name}</code>: {reason}
          </li>
        ))}
      </ul>
      {changes.length > 0 && (
        <details>
          <summary>What was written anew</summary>
          <ScrollTable label="Nodes written anew" heads={['node', 'before', 'after']}>
            {changes.slice(0, MOST).map(({ name, before, after }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td data-head="before">{before}</td>
                <td data-head="after">{after}</td>
              </tr>
            ))}
          </ScrollTable>
          {changes.length > MOST && <p class="muted">{changes.length - MOST} more.</p>}
        </details>
      )}
      <div class="save">
        <button type="button" onClick={() => saveAs(file, file.name)}>
          Save {file.name}
        </button>
      </div>
    </section>
  )
}
