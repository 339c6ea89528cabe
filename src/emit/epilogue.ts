import { numberOf } from '../functions/float32.ts'
import type { Structure } from '../plan/plan.ts'
import type { Amount } from '../plan/tables.ts'
import { type EpilogueOperand, readsResidual } from '../reference/epilogue.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shifted } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { Constants, VectorArithmetic } from './vectors.ts'

/** What the epilogue of a vector of outputs reads. */
export interface OutputReads {
  /** Loads, for each lane, a number of its channel, at an address made of that of the bias. */
  readonly channels: (addressOf: (bias: Local) => Local) => Local
  /** Loads the lanes that exist of a tensor that lies as the output does, at addresses made of those of the output. */
  readonly residual: (addressOf: (output: Local) => Local) => Local
}

/** Writes what outputs pass through before they are stored, whatever the strategy. */
export class Finisher {
  readonly #plan: Pick<Structure, 'epilogue' | 'biases'>
  readonly #numbers: SizeNumbers
  readonly #code: Code
  readonly #constants: Constants
  readonly #arithmetic: VectorArithmetic
  readonly #apart: Local | undefined

  /** @param apart bytes from an output to its residual */
  constructor(
    code: Code,
    plan: Pick<Structure, 'epilogue' | 'biases' | 'relaxed'>,
    numbers: SizeNumbers,
    apart: Local | undefined,
  ) {
    this.#plan = plan
    this.#numbers = numbers
    this.#code = code
    this.#constants = new Constants(code)
    this.#arithmetic = new VectorArithmetic(code, this.#constants, plan.relaxed)
    this.#apart = apart
  }

  /** What becomes of a vector of outputs; the same variable where that is nothing. */
  finish(value: Local, around: OutputReads): Local {
    return this.#plan.epilogue.reduce((so, { row, operands }) => {
      const others = operands.map((operand) => this.#operand(operand, around))
      return row.vector(this.#arithmetic, so, ...others)
    }, value)
  }

  #operand(operand: EpilogueOperand<Amount>, { channels, residual }: OutputReads): Local {
    if ('bits' in operand) {
      const { bits } = operand
      if (typeof bits === 'number') return this.#arithmetic.constant(numberOf(bits))
      return this.#constants.plain(this.#numbers.vector(bits))
    }
    const behind = (by: Local) => (from: Local) => shifted(this.#code, { from }, { from: by }).from
    if ('residual' in operand) return residual(behind(this.#apart as Local))
    return channels(behind(this.#numbers.variable(this.#plan.biases, 1 + operand.channels)))
  }
}

/** How far a residual lies from the output, computed at the begin of a program; undefined where there is none. */
export function residualDistance(
  code: Code,
  { epilogue }: Pick<Structure, 'epilogue'>,
  output: Local,
  residual: Local,
): Local | undefined {
  if (!readsResidual(epilogue)) return undefined
  const apart = code.local('i32')
  code.first(() => code.compute(apart, 'i32.sub', residual, output))
  return apart
}

/** What outputs of a program pass through. */
export function finisherOf(
  code: Code,
  structure: Pick<Structure, 'epilogue' | 'biases' | 'relaxed'>,
  numbers: SizeNumbers,
  { output, residual }: Readonly<Record<'output' | 'residual', Local>>,
): Finisher {
  return new Finisher(code, structure, numbers, residualDistance(code, structure, output, residual))
}
