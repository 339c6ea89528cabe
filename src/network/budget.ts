import { Verbatim } from '../geometry/error.ts'
import { complaint } from './complain.ts'

// What a walk may do and keep, in proportion to the bytes of its file: a few bytes can ask for a vector of 1024 numbers at
// each of a million nodes, and a few functions that call each other twice come to any number of nodes.

/** Nodes and values that calls of functions come to: so many for any file, one more for a byte, and never more than. */
const [FEW_CALLED, MOST_CALLED] = [20_000, 400_000]
/** What a window in a function counts for beside its node: it is listed with all that is known of it. */
const WINDOW = 60
/** Steps of computing values: so many for any file, more for a byte, and never more than. */
const [FEW_STEPS, STEPS_A_BYTE, MOST_STEPS] = [2_000_000, 10, 20_000_000]

/** What may be done for one model. Whoever walks through it counts here. */
export class Budget {
  readonly #mostCalled: number
  #called = 0
  #steps: number

  /** @param bytes of the file */
  constructor(bytes: number) {
    this.#mostCalled = Math.min(FEW_CALLED + bytes, MOST_CALLED)
    this.#steps = Math.min(FEW_STEPS + STEPS_A_BYTE * bytes, MOST_STEPS)
  }

  /**
   * Counts nodes and values within functions.
   *
   * @param at byte of the file at which that is
   * @throws SamepadError when they are more than the file's size allows
   */
  call(parts: number, at: number): void {
    this.#called += parts
    if (this.#called <= this.#mostCalled) return
    const must = `calls of functions must come to at most ${this.#mostCalled} nodes and values`
    throw complaint(must, new Verbatim('more'), at)
  }

  /** Counts a window within a function. */
  window(at: number): void {
    this.call(WINDOW, at)
  }

  /** Spends steps of computing values; once they are used up, values count as not known. */
  spend(steps: number): boolean {
    this.#steps -= steps
    return this.#steps >= 0
  }
}
