import { counted } from '../../../src/words/numbers.ts'
import { meanOf, STEPS } from './curve.ts'
import type { Example, Progress } from './messages.ts'

/** How far the network is. */
export function progressInWords({ losses, right, perStep, isDone }: Progress): string {
  if (losses.length === 0)
    return `It has learned nothing yet: ${percent(right)} of 200 new pictures are recognized; by chance it would be 25 %.`
  const fallen = `the loss began at ${losses[0].toFixed(3)} and is ${meanOf(losses).toFixed(3)}`
  const time = perStep === undefined ? '' : `, ${perStep.toFixed(1)} ms a step`
  const steps = isDone ? `All ${STEPS} steps are done` : `After ${counted(losses.length, 'step')}`
  return `${steps}: ${fallen}; ${percent(right)} of 200 new pictures are recognized${time}.`
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))} %`

/** What a picture shows, and what it is taken for. */
export const exampleInWords = ({ label, guess, probability }: Example): string =>
  `A ${label}, taken for a ${guess}, ${(100 * probability).toFixed(0)} % sure`
