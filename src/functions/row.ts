import type { Arithmetic } from './arithmetic.ts'

/** A function of a number and of some others beside it. */
export interface FunctionRow {
  /** Its name, which no other one has: functions are told apart by it. */
  readonly name: string
  /** What the others are called. */
  readonly operands: readonly string[]
  /** What they are where nothing is said; without this they must be given. */
  readonly defaults?: readonly number[]
  /** Its definition, in float64. */
  readonly reference: (x: number, ...operands: readonly number[]) => number
  /** The same of a vector. Where that is not exact, the result is at most 2 units in the last place of float32 off. */
  readonly vector: <V>(v: Arithmetic<V>, x: V, ...operands: readonly V[]) => V
}
