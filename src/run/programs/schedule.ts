import { type Band, bandsOf } from '../../plan/bands.ts'
import { inputOf, outputOf, type Problem } from '../../reference/problem.ts'
import { inLayout } from '../../tensor/tensor.ts'
import type { Values } from '../memory/memory.ts'
import { sharesMemory } from '../memory/result.ts'
import { BoxOfValues } from '../memory/values-box.ts'
import type { Holdings } from './holdings.ts'
import type { Operation } from './operation.ts'
import { inTurn, plansFor } from './parallel.ts'
import { planOf, type SharedPlan } from './plans.ts'
import { prepareProgram } from './programs.ts'
import { runPlan, runPlanApart } from './run-plan.ts'

/**
 * From so many bytes on, tensors that have to be copied into program memory and out of it are copied in bands: those stay in a
 * near cache, so that large pictures take up to half the time, and program memory stays small.
 */
export const MOST_COPIED = 2 ** 24
/** Bytes of input and output of a band, and the most where windows span much. */
const BAND = 2 ** 22
const LARGEST_BAND = 2 ** 28

/** A band with its plan. */
interface PlannedBand extends Band {
  readonly plan: SharedPlan
}

/** How problems of a layer are planned. */
interface Planning {
  readonly operation: Operation
  readonly deterministic: boolean
  /** At most so many threads. */
  readonly threads?: number | undefined
}

/** How a problem is computed on programs: as a whole, or in bands where it is too large for that. */
export class Schedule {
  readonly #problem: Problem
  readonly #layer: Planning
  readonly #whole: SharedPlan | undefined
  #bands: readonly PlannedBand[] | undefined

  constructor(problem: Problem, layer: Planning) {
    this.#problem = problem
    this.#layer = layer
    this.#whole = this.#planOf(problem)
  }

  /** Its plans, as far as it is known which ones it needs. */
  get plans(): ReadonlySet<SharedPlan> {
    return new Set(this.#whole ? [this.#whole] : [])
  }

  /** Compiles what the whole needs without making this thread wait, and makes the rest ready then. */
  async prepare(holdings: Holdings): Promise<void> {
    for (const plan of this.#whole ? plansFor(this.#whole, this.#layer.threads) : []) {
      await prepareProgram(plan.key, plan.emit)
      holdings.ready(plan)
    }
  }

  /**
   * Computes the problem.
   *
   * @param residual what the epilogue takes, if anything; it may be the output
   * @returns whether it did; false where no program fits, or the memory that one needs is not to be had
   */
  run(holdings: Holdings, input: Values, output: Values, residual?: Values): boolean {
    const whole = this.#whole
    const copied = whole ? copiedBytes(whole, input, output, residual) : Number.POSITIVE_INFINITY
    const { threads } = this.#layer
    // Copies would take in what lies between the cells of a part.
    if (this.#problem.within)
      return copied === 0 && runPlan(whole as SharedPlan, holdings, input, output, residual, threads)
    if (whole && copied <= MOST_COPIED && runPlan(whole, holdings, input, output, residual, threads)) return true
    this.#bands ??= this.#cut()
    if (this.#bands.length > 0) {
      holdings.keep(new Set(this.#bands.map(({ plan }) => plan)))
      // Where a band fails, those before it have been written over the residual.
      const before = residual && sharesMemory(residual.data, output.data) ? output.data.slice() : undefined
      if (this.#runBands(this.#bands, holdings, input, output, residual)) return true
      if (before) output.data.set(before)
    }
    return whole !== undefined && copied > MOST_COPIED && runPlan(whole, holdings, input, output, residual, threads)
  }

  /**
   * Computes the problem on workers, while this thread does something else.
   *
   * @returns how many threads took part; 0 where there are none for it, and nothing is done
   */
  async runApart(holdings: Holdings, input: Values, output: Values, residual?: Values): Promise<number> {
    const whole = this.#whole
    if (!whole || copiedBytes(whole, input, output, residual) > MOST_COPIED) return 0
    return inTurn(() => runPlanApart(whole, holdings, input, output, residual, this.#layer.threads))
  }

  #planOf(problem: Problem): SharedPlan | undefined {
    return planOf(this.#layer.operation.plan, problem, this.#layer.deterministic)
  }

  /** Bands with plans; none where they would be no smaller, or one has no plan. */
  #cut(): PlannedBand[] {
    const bands = bandsOf(this.#problem, BAND, LARGEST_BAND)
    const planned: PlannedBand[] = []
    for (const band of bands) {
      const plan = bands.length > 1 && this.#planOf(band.problem)
      if (!plan) return []
      planned.push({ ...band, plan })
    }
    return planned
  }

  #runBands(
    bands: readonly PlannedBand[],
    holdings: Holdings,
    input: Values,
    output: Values,
    residual: Values | undefined,
  ): boolean {
    const { layout } = this.#problem
    const [from, to] = [inLayout(inputOf(this.#problem), layout), inLayout(outputOf(this.#problem), layout)]
    return bands.every((band) => {
      const boxes = [new BoxOfValues(input, from, band.input), new BoxOfValues(output, to, band.output)] as const
      const joined = residual && new BoxOfValues(residual, to, band.output)
      return runPlan(band.plan, holdings, ...boxes, joined, this.#layer.threads)
    })
  }
}

function copiedBytes({ plan: { bytes } }: SharedPlan, input: Values, output: Values, residual?: Values): number {
  const copied = (values: Values | undefined, size: number): number => (values?.address === undefined ? size : 0)
  return copied(input, bytes.input) + copied(output, bytes.output) + copied(residual, bytes.residual)
}
