import { useMemo } from 'preact/hooks'
import type { Audit } from 'samepad/models'
import { usePage } from '../../state/page.ts'
import { print } from '../../state/url.ts'
import { layerOf, type NodeRow, oftenSaid, rowsOf } from './model.ts'
import { ScrollTable } from './table.tsx'

const MOST = 400 // lines that a browser lays out while somebody waits

/** Every node that slides a window: what it pads, and whose rule that is. */
export function NodeTable({ audit, name }: { audit: Audit; name: string | undefined }) {
  const { state, set } = usePage()
  const all = state.nodes === 'all'
  const rows = useMemo(() => rowsOf(audit, all), [audit, all])
  const shown = rows.slice(0, MOST)
  const said = useMemo(() => oftenSaid(rows), [rows])
  return (
    <section class="card" aria-label="Nodes">
      <h2>{name ? `Nodes of ${name}` : 'Nodes'}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={all}
          onChange={({ currentTarget }) => set({ nodes: currentTarget.checked ? 'all' : 'telling' })}
        />
        All {audit.nodes.length}, not only those that tell conventions apart
      </label>
      {said && (
        <p class="muted">
          Of {said.count} nodes: {said.reason}.
        </p>
      )}
      {shown.length > 0 && <Table rows={shown} said={said?.reason} />}
      {rows.length > MOST && (
        <p class="muted">{rows.length - MOST} more; npx samepad audit --all lists them in a terminal.</p>
      )}
    </section>
  )
}

const heads = ['node', 'pads like', 'window', 'input', 'before, after', 'output']

function Table({ rows, said }: { rows: readonly NodeRow[]; said: string | undefined }) {
  return (
    <ScrollTable label="Table of nodes" heads={heads}>
      {rows.map((row) => (
        <Row key={row.node.index} {...{ row, said }} />
      ))}
    </ScrollTable>
  )
}

function Row({ row, said }: { row: NodeRow; said: string | undefined }) {
  const { name, node, window, input, pads, output, found } = row
  const { state } = usePage()
  const { family, lean, reason, name: full, path } = node
  const layer = layerOf(node)
  return (
    <tr>
      <th scope="row" title={path === 'main' ? full : `${path}: ${full}`}>
        <code>{name}</code>
        {found && (
          <b class="different" title="see the findings">
            {' '}
            !<span class="unseen">see the findings</span>
          </b>
        )}
      </th>
      <td data-head={heads[1]}>
        <span class={lean ? `family ${lean}` : 'muted'}>{family}</span>
        {reason && reason !== said && <small class="muted">{reason}</small>}
      </td>
      <td data-head={heads[2]}>
        {layer ? <a href={print({ ...state, ...layer, view: 'one-axis' })}>{window}</a> : window}
      </td>
      {[input, pads, output].map((text, at) => (
        <td key={heads[at + 3]} data-head={heads[at + 3]}>
          {text}
        </td>
      ))}
    </tr>
  )
}
