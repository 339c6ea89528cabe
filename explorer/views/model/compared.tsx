import { useMemo } from 'preact/hooks'
import type { Diff, NodePair } from 'samepad/models'
import { shortNames } from '../../../src/words/network.ts'
import { counted, decimal } from '../../../src/words/numbers.ts'
import { Columns } from './columns.tsx'
import { padsOf } from './drawing.ts'
import { ScrollTable } from './table.tsx'

const MOST = 200 // lines

/** Two exports of one network: where they part, and how far their grids drift apart. */
export function Compared({ diff, names }: { diff: Diff; names: readonly [string, string] }) {
  const { equal, pairs, first, onlyA, onlyB, drift, notes, elsewhere } = diff
  const apart = pairs.filter(({ difference }) => difference)
  const short = useMemo(() => shortNames(pairs.map(({ a }) => a.name)), [pairs])
  return (
    <>
      <section class="card" aria-label="Comparison">
        <h2>
          {names[0]} beside {names[1]}
        </h2>
        <p role="status">
          {equal ? (
            <b class="equal">= Alike: {counted(pairs.length, 'layer')}, and each pads as the other one does.</b>
          ) : (
            <b class="different">
              ◆ {apart.length} of {counted(pairs.length, 'layer')} differ
              {first && `, the first is ${short[pairs.indexOf(first)]}`}
              {drift && `; the grids drift ${counted(Math.abs(drift.cells), 'cell')} of the input apart`}.
            </b>
          )}
        </p>
        {elsewhere && <p class="muted">{elsewhere}</p>}
        {notes.map((note) => (
          <p key={note} class="muted">
            {note}.
          </p>
        ))}
        {[onlyA, onlyB].map(
          (only, side) =>
            only.length > 0 && (
              <p key={side} class="muted">
                Only in {names[side]}: {counted(only.length, 'layer')}.
              </p>
            ),
        )}
      </section>
      {pairs.length > 0 && <Columns {...{ diff, names }} />}
      {apart.length > 0 && (
        <section class="card" aria-label="Layers that differ">
          <h2>Layers that differ</h2>
          <ScrollTable label="Table of pairs" heads={['layer', 'drift', 'first pads', 'second pads', 'why']}>
            {pairs
              .slice(0, MOST)
              .flatMap((pair, index) =>
                pair.difference ? <Pair key={index} {...{ pair }} name={short[index]} /> : [],
              )}
          </ScrollTable>
        </section>
      )}
    </>
  )
}

function Pair({ pair: { a, b, reason, drift, fault }, name }: { pair: NodePair; name: string }) {
  const cells = Math.max(0, ...drift.map((one) => Math.abs(one ?? 0)))
  return (
    <tr>
      <th scope="row" title={a.name}>
        <code>{name}</code> <small class="muted">{a.window}</small>
      </th>
      <td class={cells > 0 ? 'different' : ''}>{cells > 0 ? decimal(cells) : '0'}</td>
      <td>{padsOf(a)}</td>
      <td>{padsOf(b)}</td>
      <td>
        <small class="muted">{fault?.text ?? reason}</small>
      </td>
    </tr>
  )
}
