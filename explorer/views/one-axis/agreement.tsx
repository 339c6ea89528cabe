import { useEffect, useMemo, useState } from 'preact/hooks'
import { type Comparison, compare, effectiveKernel, type Setting } from 'samepad/geometry'
import type { Answer } from '../../layer/answers.ts'
import { classesOf } from '../../layer/classes.ts'
import { messageOf } from '../../state/message.ts'

/** Larger layers take longer to decide than a reader waits while typing. */
const MOST = 600

/** Whether a comparison is quick enough for a page. */
const isQuick = (...settings: readonly Setting[]): boolean =>
  settings.every((setting) => effectiveKernel(setting) + setting.stride <= MOST)

interface Props {
  readonly answers: readonly Answer[]
  readonly input: number
  /** The axis that is meant, where there are two that differ. */
  readonly axis?: string
}

/** Whether conventions agree with the first one for every input, and else for which. */
export function Agreement({ answers, input, axis }: Props) {
  const [first, ...others] = answers
  if (others.length === 0) return null
  return (
    <section class="card" aria-label={`For every input ${axis ?? 'size'}`}>
      <h2>For every input {axis ?? 'size'}</h2>
      {others.map((other, index) => (
        <Pair key={index} {...{ first, other, input }} />
      ))}
    </section>
  )
}

interface PairProps {
  readonly first: Answer
  readonly other: Answer
  readonly input: number
}

function Pair({ first, other, input }: PairProps) {
  const comparison = useComparison(first.setting, other.setting)
  return (
    <div class="pair">
      <h3>
        <code>{other.rule}</code> beside <code>{first.rule}</code>
      </h3>
      {typeof comparison === 'string' ? (
        <p class="muted">{comparison}</p>
      ) : (
        comparison && (
          <Verdict
            {...{ comparison, input }}
            settings={[first.setting!, other.setting!]}
            names={[first.rule, other.rule]}
          />
        )
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
  if (!a || !b) return 'One of them does not say how this operation is padded.'
  if (!isQuick(a, b)) return 'The layer is too large to be decided while you type; npx samepad compare takes its time.'
  try {
    return compare(a, b)
  } catch (error) {
    return messageOf(error)
  }
}

interface VerdictProps {
  readonly settings: readonly [Setting, Setting]
  readonly comparison: Comparison
  readonly input: number
  readonly names: readonly [first: string, second: string]
}

/** The answer in sentences, the reason first: one line where all sizes are alike. */
function Verdict({ settings, comparison, input, names }: VerdictProps) {
  const { equal, horizon, smallest } = comparison
  const classes = useMemo(() => classesOf(...settings, comparison, names), [comparison, names.join('\n')])
  const rare = !equal && classes.every((one) => one.equal)
  return (
    <>
      <ul class="classes" aria-label={`By input size, proved for every input above ${horizon}`}>
        {classes.map(({ where, equal, reason, effect, residues, period }) => {
          const here = input > horizon && residues.includes(input % period) && period > 1
          return (
            <li key={where} class={here ? 'here' : ''}>
              {where} {reason}, so{' '}
              <b class={equal ? 'equal' : 'different'}>
                {equal ? '= ' : '◆ '}
                {effect}
              </b>
              .{here && <span class="muted"> Your input of {input} is one of these.</span>}
            </li>
          )
        })}
      </ul>
      {rare && smallest && (
        <p class="different">
          ◆ They part on small inputs alone, first on {smallest.input}; above {horizon} never.
        </p>
      )}
      {!equal && !rare && smallest && (
        <p class="muted">The smallest input on which they differ is {smallest.input}; this is proved for every size.</p>
      )}
    </>
  )
}
