import { useMemo } from 'preact/hooks'
import type { Audit, Diff, NodePair } from 'samepad/models'
import { shortNames } from '../../../src/words/network.ts'
import { counted, decimal } from '../../../src/words/numbers.ts'
import { Columns } from './columns.tsx'
import { padsOf } from './drawing.ts'
import { WrittenFile } from './fix.tsx'
import type { Second } from './messages.ts'
import { mendedName } from './model.ts'
import { ScrollTable } from './table.tsx'
import type { Desk } from './use-audit.ts'

const MOST = 200 // lines

interface Props {
  readonly diff: Diff
  readonly names: readonly [string, string]
  readonly desk: Desk
  readonly audit: Audit
  readonly second: Second
}

/** Two exports of one network: where they part, and how far their grids drift apart. */
export function Compared({ diff, names, ...rest }: Props) {
  const { equal, pairs, first, onlyA, onlyB, drift, notes, elsewhere } = diff
  const apart = pairs.filter(({ difference }) => difference)
  const common = commonReason(apart)
  const heads = ['layer', 'cells apart', `${names[0]} pads`, `${names[1]} pads`, ...(common ? [] : ['why'])]
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
              {drift && `; where it is most, they look ${counted(Math.abs(drift.cells), 'cell')} of the input apart`}.
            </b>
          )}
        </p>
        {!equal && <WhichIsRight {...{ diff, names }} {...rest} />}
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
          {common && <p>{common}.</p>}
          <ScrollTable label="Table of pairs" heads={heads}>
            {pairs
              .slice(0, MOST)
              .flatMap((pair, index) =>
                pair.difference ? <Pair key={index} {...{ pair, heads }} name={short[index]} /> : [],
              )}
          </ScrollTable>
        </section>
      )}
    </>
  )
}

/** Which of two files is to be mended, and the file that is. */
function WhichIsRight({ names, desk, audit, second }: Props) {
  const [one, two] = [audit.style, second.audit.style].map((style) => styles[style])
  const { changes = [] } = second
  return (
    <>
      <p>
        {names[0]} is padded {one}, {names[1]} {two}. A network needs the padding with which its weights were trained:
        if {names[0]} is the original, <b>{names[1]} is wrong</b>
        {changes.length > 0
          ? `, and is mended by padding ${counted(changes.length, 'layer')} as ${names[0]} does.`
          : '.'}
      </p>
      {changes.length > 0 && (
        <div class="buttons">
          <button type="button" class="primary" disabled={desk.busy} onClick={() => desk.write('second')}>
            Mend {names[1]}: download {mendedName(names[1])}
          </button>
        </div>
      )}
      {desk.written?.which === 'second' && (
        <p role="status">
          <WrittenFile written={desk.written} />
        </p>
      )}
    </>
  )
}

const styles: Readonly<Record<Audit['style'], string>> = {
  'tf-same': 'as TensorFlow SAME',
  symmetric: 'on both sides alike, as PyTorch does',
  mixed: 'in both ways at once',
  either: 'so that it fits both families',
}

/** Why all of some layers differ, where it is the same for all. */
function commonReason(pairs: readonly NodePair[]): string | undefined {
  const [first, ...others] = new Set(pairs.map(({ fault, reason }) => fault?.text ?? reason))
  return pairs.length > 1 && first && others.length === 0 ? `In all of them ${first}` : undefined
}

interface PairProps {
  readonly pair: NodePair
  readonly name: string
  readonly heads: readonly string[]
}

function Pair({ pair: { a, b, reason, drift, fault }, name, heads }: PairProps) {
  const cells = Math.max(0, ...drift.map((one) => Math.abs(one ?? 0)))
  return (
    <tr>
      <th scope="row" title={a.name}>
        <code>{name}</code> <small class="muted">{a.window}</small>
      </th>
      <td data-head={heads[1]} class={cells > 0 ? 'different' : ''}>
        {cells > 0 ? decimal(cells) : '0'}
      </td>
      <td data-head={heads[2]}>{padsOf(a)}</td>
      <td data-head={heads[3]}>{padsOf(b)}</td>
      {heads[4] && (
        <td data-head={heads[4]}>
          <small class="muted">{fault?.text ?? reason}</small>
        </td>
      )}
    </tr>
  )
}
