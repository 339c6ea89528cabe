import { useMemo } from 'preact/hooks'
import type { Audit } from 'samepad/models'
import { usePage } from '../../state/page.ts'
import { type NodeRow, rowsOf } from './model.ts'
import { ScrollTable } from './table.tsx'

const MOST = 400 // lines that a browser lays out while somebody waits

/** Every node that slides a window: what it pads, and whose rule that is. */
export function NodeTable({ audit }: { audit: Audit }) {
  const { state, set } = usePage()
  const all = state.nodes === 'all'
  const rows = useMemo(() => rowsOf(audit, all), [audit, all])
  const shown = rows.slice(0, MOST)
  return (
    <section class="card" aria-label="Nodes">
      <h2>Nodes</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={all}
          onChange={({ currentTarget }) => set({ nodes: currentTarget.checked ? 'all' : 'telling' })}
        />
        All {audit.nodes.length}, not only those that tell rules apart
      </label>
      {shown.length > 0 && <Table rows={shown} />}
      {rows.length > MOST && (
        <p class="muted">{rows.length - MOST} more; npx samepad audit --all lists them in a terminal.</p>
      )}
    </section>
  )
}

function Table({ rows }: { rows: readonly NodeRow[] }) {
  return (
    <ScrollTable label="Table of nodes" heads={['node', 'window', 'input', 'begin, end', 'output', 'pads like']}>
      {rows.map((row) => (
        <Row key={row.node.index} row={row} />
      ))}
    </ScrollTable>
  )
}

function Row({ row: { name, node, window, input, pads, output, found } }: { row: NodeRow }) {
  const { family, lean, reason, name: full, path } = node
  return (
    <tr>
      <th scope="row" title={path === 'main' ? full : `${path}: ${full}`}>
        <code>{name}</code>
        {found && (
          <b class="different" title="see the findings">
            {' '}
            ◆<span class="unseen">see the findings</span>
          </b>
        )}
      </th>
      <td>{window}</td>
      <td>{input}</td>
      <td>{pads}</td>
      <td>{output}</td>
      <td>
        <span class={lean ? `family ${lean}` : 'muted'}>{family}</span>
        {reason && <small class="muted">{reason}</small>}
      </td>
    </tr>
  )
}
