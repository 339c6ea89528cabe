import { conventionOf, derive, isEquation } from 'samepad/geometry'
import type { Answer } from './answers.ts'
import { unrounded } from './arithmetic.ts'

/** How each convention comes to its padding, with the reader's numbers. */
export function Derivations(props: { answers: readonly Answer[]; input: number; axis?: string }) {
  const { answers, input, axis } = props
  const transposed = answers.some(({ setting }) => setting?.op === 'convTranspose')
  return (
    <section class="card" aria-label={`Derivation${axis ? ` of the ${axis}` : ''}`}>
      <h2>Where the padding{axis ? ` of the ${axis}` : ''} comes from</h2>
      <p class="muted letters">
        n input · k kernel · s stride · d dilation · K effective kernel ·{' '}
        {transposed ? 'F full result · T cropped in all' : 'P padding in all'} · ⌊ ⌋ rounded down · ⌈ ⌉ rounded up
      </p>
      <div class="derivations">
        {answers.map((answer, index) => (
          <Derivation key={index} answer={answer} input={input} />
        ))}
      </div>
    </section>
  )
}

function Derivation({ answer, input }: { answer: Answer; input: number }) {
  const { rule, setting, refusal } = answer
  if (!setting) {
    return (
      <div>
        <h3>
          <code>{rule}</code>
        </h3>
        <p class="muted">{refusal}</p>
      </div>
    )
  }
  const { id, source, fault } = conventionOf(setting.convention)
  const steps = derive(setting, input)
  return (
    <div>
      <h3>
        <code>{rule}</code>
      </h3>
      <p class="muted source">
        {id}: {source}
      </p>
      {fault && <p class="fault">A known fault: {fault.what}.</p>}
      {steps.length === 0 ? (
        <p class="muted">{refusal}</p>
      ) : (
        <dl class="steps">
          {steps.map((step) => (
            <div key={step.name}>
              <dt>{step.name}</dt>
              <dd>
                <span class="formula">{step.formula}</span>
                {step.numbers && step.numbers !== String(step.value) && <span class="numbers">= {step.numbers}</span>}
                {unrounded(step.numbers) && <span class="numbers">= {unrounded(step.numbers)}</span>}
                <b>
                  {isEquation(step) ? '=' : '→'} {step.value}
                </b>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
