import { useEffect, useState } from 'preact/hooks'
import { type Comparison, compare, effectiveKernel, type Op, type Setting } from 'samepad/geometry'
import { does, later, more } from '../../../src/words/apart.ts'
import type { Answer } from '../../layer/answers.ts'
import { messageOf } from '../../state/message.ts'

/** Larger layers take longer to decide than a reader waits while typing. */
const MOST = 600

/** Whether a comparison is quick enough for a page. */
const isQuick = (...settings: readonly Setting[]): boolean =>
  settings.every((setting) => effectiveKernel(setting) + setting.stride <= MOST)

interface Props {
  readonly op: Op
  readonly answers: readonly Answer[]
  readonly input: number
  /** The axis that is meant, where there are two that differ. */
  readonly axis?: string
}

/** Whether conventions agree with the first one for every input, and else for which. */
export function Agreement({ op, answers, input, axis }: Props) {
  const [first, ...others] = answers
  if (others.length === 0) return null
  return (
    <section class="card" aria-label={`For every input ${axis ?? 'size'}`}>
      <h2>For every input {axis ?? 'size'}</h2>
      {others.map((other, index) => (
        <Pair key={index} {...{ op, first, other, input }} />
      ))}
    </section>
  )
}

interface PairProps {
  readonly op: Op
  readonly first: Answer
  readonly other: Answer
  readonly input: number
}

function Pair({ op, first, other, input }: PairProps) {
  const comparison = useComparison(first.setting, other.setting)
  return (
    <div class="pair">
      <h3>
        <code>{other.rule}</code> beside <code>{first.rule}</code>
      </h3>
      {typeof comparison === 'string' ? (
        <p class="muted">{comparison}</p>
      ) : (
        comparison && <Verdict {...{ op, comparison, input }} names={[first.rule, other.rule]} />
      )}
    </div>
  )
}

/** The decision, made after what was typed is on the screen; in words where there is none. */
function useComparison(a: Setting | undefined, b: Setting | undefined): Comparison | string | undefined {
  const [answer, setAnswer] = useState<Comparison | string>()
  useEffect(() => {
    const timer = setTimeout(() => setAnswer(decide(a, b)), 60)
    return () => clearTimeout(timer)
  }, [a, b])
  return answer
}

function decide(a: Setting | undefined, b: Setting | undefined): Comparison | string {
  if (!a || !b) return 'One of them has no rule for this operation.'
  if (!isQuick(a, b)) return 'The layer is too large to be decided while you type; npx samepad compare takes its time.'
  try {
    return compare(a, b)
  } catch (error) {
    return messageOf(error)
  }
}

const MOST_RESIDUES = 16

interface VerdictProps {
  readonly op: Op
  readonly comparison: Comparison
  readonly input: number
  readonly names: readonly [first: string, second: string]
}

function Verdict({ op, comparison, input, names }: VerdictProps) {
  const { equal, reason, residues, modulus, horizon } = comparison
  return (
    <>
      <p>
        <b class={equal ? 'equal' : 'different'}>{equal ? '= equal' : '◆ different:'}</b>{' '}
        {equal ? 'for every input: ' : ''}
        {reason.replace('the first', names[0]).replace('the second', names[1])}.
      </p>
      {!equal && modulus <= MOST_RESIDUES && residues.some(({ phase }) => phase !== undefined) && (
        <ul class="residues" aria-label={`By the input modulo ${modulus}, proved for every input above ${horizon}`}>
          {residues.map(({ residue, equal, phase, outputs }) => (
            <li key={residue} class={input % modulus === residue ? 'here' : ''}>
              <span>
                n mod {modulus} = {residue}
              </span>
              <b class={equal ? 'equal' : 'different'}>{equal ? '= equal' : `◆ ${differenceOf(op, phase, outputs)}`}</b>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function differenceOf(op: Op, phase: number | undefined, outputs = 0): string {
  if (phase === undefined) return 'not alike'
  const said = [phase ? `${does(op)} ${later(phase, 'cell')}` : '', more(outputs, 'output')]
  return said.filter(Boolean).join(', ') || 'padding treated otherwise'
}
