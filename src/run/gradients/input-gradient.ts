import type { Filter, Problem } from '../../reference/problem.ts'
import { multiplications, SMALL } from '../layers/once.ts'
import type { Values } from '../memory/memory.ts'
import { Computation } from '../programs/computation.ts'
import { leadingBack } from './leading-back.ts'

/** What computes the gradient of a layer's input, for one size. */
export interface InputGradient {
  /**
   * @param input as the layer took it
   * @param change how the loss changes with each output, before its epilogue
   */
  run(input: Values, change: Values, gradient: Values): void
  release(): void
}

/** A problem with its filter, and how it is computed. */
export interface GradientSetting {
  readonly problem: Problem
  readonly filter: Filter
  readonly deterministic?: boolean | undefined
  readonly threads?: number | undefined
  /** Whether it is computed once: then programs are not made for small problems. */
  readonly once: boolean
}

/** Makes what computes the gradient of the input of a kind of layer. */
export type InputGradientOf = (setting: GradientSetting) => InputGradient

/** That of a convolution of either kind is the operation that leads back. */
export const filterInputGradient: InputGradientOf = ({ problem, filter, once, ...how }) => {
  const back = leadingBack(problem, filter)
  const computation = new Computation({ ...how, ...back }, once && multiplications(back.problem) < SMALL)
  let revision = filter.revision?.number
  return {
    run(_, change, gradient) {
      if (revision !== filter.revision?.number) back.refresh?.()
      revision = filter.revision?.number
      computation.run(change, gradient)
    },
    release: () => computation.release(),
  }
}
