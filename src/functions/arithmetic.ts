/**
 * What a formula of a vector may use: float32 in every lane, or float64 inside of `wide`. A formula is written once and
 * serves whatever stands for a vector: the emitter's variables are what it is made for.
 */
export interface Arithmetic<V> {
  constant(value: number): V
  add(a: V, b: V): V
  subtract(a: V, b: V): V
  multiply(a: V, b: V): V
  divide(a: V, b: V): V
  /** a * b + c, rounded once or twice, as the machine has it. */
  multiplyAdd(a: V, b: V, c: V): V
  absolute(a: V): V
  squareRoot(a: V): V
  /** The smaller and the larger of two; NaN wins over everything, and -0 is below 0. */
  minimum(a: V, b: V): V
  maximum(a: V, b: V): V
  /** The same of a value and a bound that is a number and no zero: less work. NaN stays. */
  atLeast(a: V, bound: V): V
  atMost(a: V, bound: V): V
  /** A mask: where a < b; never with NaN. */
  isBelow(a: V, b: V): V
  /** Lanes of a where the mask is, of b elsewhere. */
  select(mask: V, a: V, b: V): V
  /** A value that is not negative, with the sign of another one. */
  withSignOf(a: V, sign: V): V
  /** The lowest bits of the mantissa become exponent and sign: what lies above is dropped. */
  toExponent(a: V): V
  /** A formula in float64, rounded once at the end. */
  wide(formula: (w: Arithmetic<V>, ...values: V[]) => V, ...values: V[]): V
}

/** c[0] + c[1] x + c[2] x^2 + ... */
export function polynomial<V>(v: Arithmetic<V>, x: V, coefficients: readonly number[]): V {
  const [highest, ...others] = coefficients.toReversed().map((value) => v.constant(value))
  return others.reduce((sum, coefficient) => v.multiplyAdd(sum, x, coefficient), highest)
}
