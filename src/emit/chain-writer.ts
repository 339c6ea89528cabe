import { rowOf } from '../functions/rows.ts'
import { FLOAT } from '../plan/plan.ts'
import type { Amount } from '../plan/tables.ts'
import type { ChainStep } from '../reference/elementwise.ts'
import type { Code, Local } from '../wasm/code.ts'
import { vectors } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { Constants, VectorArithmetic } from './vectors.ts'

/** Writes chains of functions on vectors. */
export class ChainWriter {
  readonly arithmetic: VectorArithmetic
  readonly #code: Code
  readonly #sizes: SizeNumbers
  readonly #list: Amount
  readonly #numbers: Local[] = []

  /** @param list where float32 numbers are that chains take */
  constructor(code: Code, sizes: SizeNumbers, list: Amount, relaxed: boolean) {
    this.arithmetic = new VectorArithmetic(code, new Constants(code), relaxed)
    this.#code = code
    this.#sizes = sizes
    this.#list = list
  }

  /**
   * What a chain makes of a value, in a new variable unless it has no step.
   *
   * @param take where an operand is that is no number
   */
  send<O extends object>(
    value: Local,
    steps: readonly ChainStep<O | { readonly number: number }>[],
    take: (operand: O) => Local,
  ): Local {
    return steps.reduce((so, { name, operands }) => {
      const others = operands.map((operand) => ('number' in operand ? this.#number(operand.number) : take(operand)))
      return rowOf(name).vector(this.arithmetic, so, ...others)
    }, value)
  }

  /** A number of the list in every lane, loaded before the loops. */
  #number(index: number): Local {
    this.#numbers[index] ??= this.#load(index)
    return this.#numbers[index]
  }

  #load(index: number): Local {
    const [vector] = vectors(this.#code, 1)
    const list = this.#sizes.address(this.#list)
    this.#code.first(() => this.#code.load(vector, list, index * FLOAT, 'v128.load32_splat'))
    return vector
  }
}
