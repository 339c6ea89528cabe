import type { Arithmetic } from './arithmetic.ts'

/**
 * How a function changes with its value, as a function of the same operands. Where the two sides of a value differ, it is what
 * PyTorch takes: for relu at 0, and wherever a bound is met, 0. Of NaN nothing is said.
 */
export interface Derivative extends Pick<FunctionRow, 'reference' | 'vector'> {
  /** Whether it is the same at f(x) as at x, of these operands: then the function's results tell all. */
  readonly isOfResult?: (...operands: readonly number[]) => boolean
}

/** A function of a number and of some others beside it. */
export interface FunctionRow {
  /** What errors call it. */
  readonly name: string
  /** What the others are called. */
  readonly operands: readonly string[]
  /** What they are where nothing is said; without this they must be given. */
  readonly defaults?: readonly number[]
  /** Its definition, in float64. */
  readonly reference: (x: number, ...operands: readonly number[]) => number
  /** The same of a vector. Where that is not exact, the result is at most 2 units in the last place of float32 off. */
  readonly vector: <V>(v: Arithmetic<V>, x: V, ...operands: readonly V[]) => V
  /** Its derivative, where it has one: what gradients pass through. */
  readonly derivative?: Derivative
}

const derivatives = new WeakMap<FunctionRow, FunctionRow>()

/** The derivative of a function as a function, called f', and always the same one. Undefined where there is none. */
export function derivativeOf(row: FunctionRow): FunctionRow | undefined {
  const { name, operands, derivative } = row
  const made = derivatives.get(row) ?? (derivative && { name: `${name}'`, operands, ...derivative })
  if (made) derivatives.set(row, made)
  return made
}
