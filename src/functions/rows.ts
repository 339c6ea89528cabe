import { elu, exponential, gelu, geluTanh, mish, sigmoid, silu, tanh } from './exponentials.ts'
import {
  add,
  below,
  clip,
  divide,
  equal,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  maximum,
  minimum,
  multiply,
  prelu,
  reciprocal,
  relu,
  relu6,
  sqrt,
  square,
  subtract,
} from './plain.ts'
import { derivativeOf, type FunctionRow } from './row.ts'

/**
 * Every function that an elementwise step may be, by its name. To add one is to add a row to `plain.ts` or `exponentials.ts`
 * and its name here; its error is tested with all others. Whoever imports a row alone ships no other.
 */
export const functions = {
  add,
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  exp: exponential,
  sqrt,
  square,
  reciprocal,
  relu,
  relu6,
  clip,
  leakyRelu,
  prelu,
  sigmoid,
  tanh,
  silu,
  hardSigmoid,
  hardSwish,
  gelu,
  geluTanh,
  elu,
  mish,
  below,
  equal,
} as const satisfies Readonly<Record<string, FunctionRow>>

/** The name of a function. */
export type FunctionName = keyof typeof functions

/** The name of a function, or of the derivative of one. */
export type AnyFunctionName = FunctionName | `${FunctionName}'`

/** The row of a function, or of a derivative, which must be there. */
export function rowOf(name: AnyFunctionName): FunctionRow {
  if (!name.endsWith("'")) return functions[name as FunctionName]
  return derivativeOf(functions[name.slice(0, -1) as FunctionName]) as FunctionRow
}
