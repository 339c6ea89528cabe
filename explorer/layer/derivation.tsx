import { conventionOf, derive, isEquation } from 'samepad/geometry'
import { counted } from '../../src/words/numbers.ts'
import type { Answer } from './answers.ts'
import { unrounded } from './arithmetic.ts'

/** What stands in formulas. */
const letters: Readonly<Record<string, string>> = {
  n: 'size of the input',
  k: 'kernel',
  s: 'stride',
  d: 'dilation',
  K: 'effective kernel',
  P: 'padding in all',
  F: 'full result, before anything is cropped or added',
  T: 'cropped in all',
  begin: 'what is at the start',
  op: 'output padding',
  p_begin: 'padding that was given for the start',
  p_end: 'padding that was given for the end',
  '⌊ ⌋': 'rounded down',
  '⌈ ⌉': 'rounded up',
}

/** How each convention comes to its padding, with the reader's numbers. */
export function Derivations(props: { answers: readonly Answer[]; input: number; axis?: string }) {
  const { answers, input, axis } = props
  const transposed = answers.some(({ setting }) => setting?.op === 'convTranspose')
  const formulas = answers.flatMap(({ setting }) => (setting ? derive(setting, input) : []))
  const words = new Set(formulas.flatMap(({ formula }) => formula.match(/[A-Za-z_]+|[⌊⌈]/g) ?? []))
  return (
    <section class="card" aria-label={`Derivation${axis ? ` of the ${axis}` : ''}`}>
      <h2>
        Where the {transposed ? 'size' : 'padding'}
        {axis ? ` of the ${axis}` : ''} comes from
      </h2>
      <p class="muted letters">
        {Object.entries(letters)
          .filter(([letter]) => words.has(letter.split(' ')[0]))
          .map(([letter, meaning]) => `${letter} ${meaning}`)
          .join(' · ')}
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
  const opposite = setting.op === 'convTranspose' ? 'added' : 'cut off'
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
                {step.value < 0 && (
                  <span class="muted">
                    : {counted(-step.value, 'cell')} {opposite}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}
