import { shortNames } from '../../../src/words/network.ts'
import { counted } from '../../../src/words/numbers.ts'
import { usePage } from '../../state/page.ts'
import type { Report } from './messages.ts'
import { mendedName } from './model.ts'
import { type Rewrite, rewrites } from './state.ts'
import { ScrollTable } from './table.tsx'
import type { Desk } from './use-audit.ts'
import { bytes, samenessWords } from './words.ts'

type FixPlan = NonNullable<Report['plan']>

const MOST = 100 // lines

/** What is to be written otherwise, and the file with it. */
export function FixPanel({ desk, audit, plan }: { desk: Desk; audit: Report['audit']; plan: FixPlan }) {
  const { state, change, set } = usePage()
  const { changes, byHand } = plan
  const listed = byHand.length > 0 ? byHand : changes
  const isUnsafe = audit.findings.some(({ fix }) => fix && !fix.safe)
  return (
    <section class="card" aria-label="Mended file">
      <h2>Mend {desk.name ?? 'the file'}</h2>
      <div class="mending">
        <label class="field choice">
          <span>What is done</span>
          <select value={state.rewrite} onChange={({ currentTarget }) => change('rewrite', currentTarget.value)}>
            {Object.entries(rewrites).map(([name, about]: [Rewrite | string, string]) => (
              <option key={name} value={name}>
                {about}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="primary"
          disabled={changes.length === 0 || desk.busy}
          onClick={() => desk.write('first')}
        >
          Download {desk.name && mendedName(desk.name)}
        </button>
      </div>
      {state.rewrite === 'findings' && isUnsafe && (
        <label class="check">
          <input
            type="checkbox"
            checked={state.unsafe === 'yes'}
            onChange={({ currentTarget }) => set({ unsafe: currentTarget.checked ? 'yes' : 'no' })}
          />
          Also where the model computes something else afterwards
        </label>
      )}
      <p role="status">
        {desk.written?.which === 'first' ? <WrittenFile written={desk.written} /> : outcome(plan, state.rewrite)}
      </p>
      {listed.length > 0 && <Changes changes={listed} />}
      <Skipped skipped={plan.skipped} />
    </section>
  )
}

/** That a file was written and is right. */
export function WrittenFile({ written: { name, file } }: { written: NonNullable<Desk['written']> }) {
  return (
    <span class="equal">
      = Written: {name}, {bytes(file.size)}. It was read again, and every node does what it should.
    </span>
  )
}

/** What would be done, in a sentence. */
function outcome({ changes, skipped, byHand }: FixPlan, rewrite: Rewrite): string {
  if (byHand.length > 0) {
    return `Files of this format are not rewritten. Change ${counted(byHand.length, 'layer')} where the model is made:`
  }
  if (changes.length > 0)
    return `${counted(changes.length, 'node')} would be written differently; all other bytes stay.`
  if (skipped.length > 0) return 'Nothing can be done:'
  return rewrite === 'findings' ? 'There is nothing to mend in it.' : 'It is written like this already.'
}

function Changes({ changes }: Pick<FixPlan, 'changes'>) {
  const names = shortNames(changes.map(({ name }) => name))
  return (
    <>
      <ScrollTable label="Table of changes" heads={['node', 'before', 'after', 'the same values']}>
        {changes.slice(0, MOST).map(({ index, name, before, after, same }, at) => (
          <tr key={index}>
            <th scope="row" title={name}>
              <code>{names[at]}</code>
            </th>
            <td>{before}</td>
            <td>{after}</td>
            <td class={same === 'no' ? 'different' : ''}>{samenessWords[same]}</td>
          </tr>
        ))}
      </ScrollTable>
      {changes.length > MOST && <p class="muted">{changes.length - MOST} more.</p>}
    </>
  )
}

/** What cannot be rewritten, by reason. */
function Skipped({ skipped }: Pick<FixPlan, 'skipped'>) {
  if (skipped.length === 0) return null
  const reasons = [...new Set(skipped.map(({ reason }) => reason))]
  return (
    <ul class="places muted">
      {reasons.map((reason) => {
        const same = skipped.filter((one) => one.reason === reason)
        return (
          <li key={reason}>
            {same.length === 1 ? <code>{same[0].name}</code> : counted(same.length, 'node')} left as{' '}
            {same.length === 1 ? 'it is' : 'they are'}: {reason}
          </li>
        )
      })}
    </ul>
  )
}
