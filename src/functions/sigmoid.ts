import { type Arithmetic, polynomial } from './arithmetic.ts'
import { LEAST, LN2_HIGH, LN2_LOW, LOG2E, RISE, shiftTo } from './exponential.ts'

/** From here on, 1 + e^-x is 1 in float32. */
const MOST = 40
/** (e^-s - 1 + s) / -s^2 in powers of s. */
const FALL = RISE.map((value, power) => (power % 2 === 0 ? -value : value))
/** Leads to the exponent n, and to the sign of negative numbers. */
const NEGATIVE = 256

/**
 * 1 + e^-x in parts: with e^-x = 2^n (1 - g) it is first + power g. The product is exact, and so is `first` unless one of its
 * parts is some 2^24 times the other.
 *
 * @param unit a power of two in whose multiples the sum is computed: below 1, it does not overflow
 * @param shift leads to the exponent of -2^n in these multiples
 */
function onePlusExp<V>(v: Arithmetic<V>, x: V, unit: V, shift: V): Readonly<Record<'first' | 'power' | 'g', V>> {
  const sum = v.multiplyAdd(x, v.constant(-LOG2E), shift)
  const n = v.subtract(sum, shift)
  const s = v.multiplyAdd(n, v.constant(LN2_LOW), v.multiplyAdd(n, v.constant(LN2_HIGH), x))
  const g = v.multiplyAdd(v.multiply(s, s), polynomial(v, s, FALL), s)
  const power = v.toExponent(sum) // -2^n
  return { first: v.subtract(unit, power), power, g }
}

/** A number of units over 1 + e^-x, which is rounded once: what is lost of `first` is added to the product. */
function overOnePlusExp<V>(v: Arithmetic<V>, value: V, x: V, unit: V, shift: V): V {
  const { first, power, g } = onePlusExp(v, x, unit, shift)
  const lost = v.subtract(unit, v.add(first, power))
  return v.divide(value, v.add(first, v.multiplyAdd(power, g, lost)))
}

/** 1 / (1 + e^-x). */
export function sigmoid<V>(v: Arithmetic<V>, x: V): V {
  const bounded = v.atMost(v.atLeast(x, v.constant(LEAST)), v.constant(MOST))
  const unit = v.constant(2 ** -64)
  return overOnePlusExp(v, unit, bounded, unit, v.constant(shiftTo(NEGATIVE - 64)))
}

/** x / (1 + e^-x). The smallest x allow no unit below 1, and those far below 0 need one. */
export function silu<V>(v: Arithmetic<V>, x: V): V {
  const least = v.atLeast(x, v.constant(LEAST))
  const isFar = v.isBelow(x, v.constant(-64))
  const unit = v.select(isFar, v.constant(2 ** -64), v.constant(1))
  const shift = v.select(isFar, v.constant(shiftTo(NEGATIVE - 64)), v.constant(shiftTo(NEGATIVE)))
  return overOnePlusExp(v, v.multiply(least, unit), v.atMost(least, v.constant(MOST)), unit, shift)
}

/** From here on tanh is 1 in float32. */
const FLAT = 10
/** From here on tanh is taken from an exponential, below from a polynomial. */
const STEEP = 0.7
/** (tanh(x) / x - 1) / x^2 in powers of x^2, to 2^-30 of tanh. */
const TANH = [-0.3333332539, 0.1333298385, -0.0539209545, 0.0215710588, -0.0078833057, 0.0018956638]

/** tanh: near 0 the polynomial, else 1 - 2 / (1 + e^(2 |x|)). */
export function tanh<V>(v: Arithmetic<V>, x: V): V {
  const a = v.absolute(x)
  const square = v.multiply(a, a)
  const near = v.multiplyAdd(v.multiply(polynomial(v, square, TANH), square), a, a)
  const one = v.constant(1)
  const twice = v.multiply(v.atMost(a, v.constant(FLAT)), v.constant(-2))
  const { first, power, g } = onePlusExp(v, twice, one, v.constant(shiftTo(NEGATIVE)))
  const far = v.subtract(one, v.divide(v.constant(2), v.multiplyAdd(power, g, first)))
  return v.withSignOf(v.select(v.isBelow(a, v.constant(STEEP)), near, far), x)
}
