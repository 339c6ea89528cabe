import { type Arithmetic, polynomial } from './arithmetic.ts'
import { exp, RAISED, timesRaisedExp } from './exponential.ts'

/**
 * A value times 1 / (1 + e^-x), by z = e^-|x|, which does not overflow: the value over 1 + z, or for negative x times z
 * before. There z is raised, so that nothing is rounded to a number below the normal ones but the result.
 */
export function timesSigmoid<V>(v: Arithmetic<V>, value: V, x: V): V {
  const one = v.constant(1)
  const isNegative = v.isBelow(x, v.constant(0))
  const raised = timesRaisedExp(v, v.subtract(v.constant(0), v.absolute(x)))
  const z = v.multiply(raised(one), v.constant(RAISED))
  const sum = v.add(one, z)
  // What was lost of z in the sum: near 1 that would be a unit in the last place.
  const lost = v.subtract(v.subtract(sum, one), z)
  const quotient = v.divide(v.select(isNegative, raised(value, lost), value), sum)
  return v.select(isNegative, v.multiply(quotient, v.constant(RAISED)), quotient)
}

/** From here on tanh is taken from an exponential, below from a polynomial. */
const STEEP = 0.7
/** (tanh(x) / x - 1) / x^2 in powers of x^2, to 2^-30 of tanh. */
const TANH = [-0.3333332539, 0.1333298385, -0.0539209545, 0.0215710588, -0.0078833057, 0.0018956638]

/** tanh: near 0 the polynomial, else 1 - 2 z / (1 + z) with z = e^(-2 |x|). */
export function tanh<V>(v: Arithmetic<V>, x: V): V {
  const a = v.absolute(x)
  const square = v.multiply(a, a)
  const near = v.multiplyAdd(v.multiply(polynomial(v, square, TANH), square), a, a)
  const z = exp(v, v.multiply(a, v.constant(-2)))
  const one = v.constant(1)
  const far = v.subtract(one, v.divide(v.add(z, z), v.add(one, z)))
  return v.withSignOf(v.select(v.isBelow(a, v.constant(STEEP)), near, far), x)
}
