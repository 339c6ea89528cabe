import type { Finding } from 'samepad/models'
import { counted } from '../../../src/words/numbers.ts'
import type { RuleText } from './messages.ts'
import { type Kind, kindsOf } from './model.ts'
import { severityMarks } from './words.ts'

const MOST = 8 // places of one rule that are listed at once

interface Props {
  readonly findings: readonly Finding[]
  readonly rules: readonly RuleText[]
  /** Whether the page can mend the file. */
  readonly editable: boolean
  /** Which file it is, where there are two. */
  readonly name?: string
}

/** What is wrong, by rule: what, why, and what to do about it. */
export function Findings({ findings, rules, editable, name }: Props) {
  return (
    <section class="card" aria-label={name ? `Findings in ${name}` : 'Findings'}>
      <h2>
        {name
          ? `${name} by itself: ${greetingOf(findings, 'nothing in it contradicts its padding')}`
          : greetingOf(findings)}
      </h2>
      {findings.length === 0 ? (
        <p class="equal">= Nothing is wrong with its padding, as far as the file tells.</p>
      ) : (
        <ul class="kinds">
          {kindsOf(findings, rules).map((kind) => (
            <KindOfFinding key={kind.rule.name} kind={kind} editable={editable} />
          ))}
        </ul>
      )}
    </section>
  )
}

/**
 * Notes are no faults: what is right is greeted as right.
 *
 * @param right what a file without faults is greeted with; beside another file it may be wrong all the same
 */
function greetingOf(findings: readonly Finding[], right = 'Its padding is right'): string {
  const faults = findings.filter(({ severity }) => severity !== 'note').length
  const notes = findings.length - faults
  const rest = notes > 0 ? `${counted(notes, 'note')}` : ''
  if (faults === 0) return `${right}${rest && `; ${rest}`}`
  return `${counted(faults, 'finding')}${rest && `, ${rest}`}`
}

function KindOfFinding({ kind: { rule, findings }, editable }: { kind: Kind; editable: boolean }) {
  const [{ severity }] = findings
  const [first, rest] = [findings.slice(0, MOST), findings.slice(MOST)]
  return (
    <li class={`kind ${severity}`}>
      <h3>
        <span class="badge">
          <span aria-hidden="true">{severityMarks[severity]} </span>
          {severity}
        </span>{' '}
        {rule.what}
      </h3>
      <Places findings={first} editable={editable} />
      {rest.length > 0 && (
        <details>
          <summary>{counted(rest.length, 'more place')}</summary>
          <Places findings={rest} editable={editable} />
        </details>
      )}
      <dl class="rule-text">
        <dt>Why</dt>
        <dd>{rule.why}</dd>
        <dt>Fix</dt>
        <dd>{rule.fix}</dd>
        <dt>Example</dt>
        <dd>{rule.example}</dd>
      </dl>
      <p class="muted letters">
        {rule.name}
        {rule.fixable === 'no' || !editable
          ? ''
          : `; can be mended below, and the values ${rule.fixable === 'safe' ? 'stay' : 'change'}`}
      </p>
    </li>
  )
}

function Places({ findings, editable }: Pick<Props, 'findings' | 'editable'>) {
  return (
    <ul class="places">
      {findings.map(({ node, message, fix }, index) => (
        <li key={index}>
          {node && <code>{node.name}</code>} {message}
          {fix && editable && <span class="muted"> — {fix.what}</span>}
        </li>
      ))}
    </ul>
  )
}
