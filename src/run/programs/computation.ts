import type { Filter, Problem } from '../../reference/problem.ts'
import type { Values } from '../memory/memory.ts'
import { compute } from './compute.ts'
import type { Engine } from './engine.ts'
import { Holdings } from './holdings.ts'
import type { Operation } from './operation.ts'
import { Schedule } from './schedule.ts'

/** What is computed, and how. */
export interface ComputationSetting {
  readonly operation: Operation
  readonly problem: Problem
  /** Must not lie in program memory, which may move. */
  readonly filter: Filter
  readonly deterministic?: boolean | undefined
  readonly threads?: number | undefined
}

/** One problem that is computed again and again: its plans and packed weights are kept until it is released. */
export class Computation {
  readonly #setting: ComputationSetting
  readonly #schedule: Schedule | undefined
  readonly #holdings: Holdings

  /** @param isSmall whether a program is not worth while */
  constructor(setting: ComputationSetting, isSmall: boolean) {
    const { operation, problem, deterministic = false, threads } = setting
    this.#setting = setting
    this.#schedule = isSmall ? undefined : new Schedule(problem, { operation, deterministic, threads })
    this.#holdings = new Holdings(setting.filter)
  }

  run(input: Values, output: Values, residual?: Values): Engine {
    const { problem } = this.#setting
    return compute(this.#setting, problem, this.#schedule, this.#holdings, input, output, residual)
  }

  release(): void {
    this.#holdings.release()
  }
}
