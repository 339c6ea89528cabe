import { type Arithmetic, polynomial } from './arithmetic.ts'

// e^x = 2^n e^r: n is the integer nearest to x log2(e), and r what is left, at most half of ln 2. Adding 1.5 times a power
// of two rounds to an integer, which then stands in the lowest bits of the mantissa: shifted up they are the exponent of 2^n.
// Coefficients are minimax fits of this project's own; the errors beside them are relative.

export const LOG2E = Math.LOG2E
/** ln 2 in two parts: the first has so few bits that its products with n are exact. */
export const LN2_HIGH = 0.693145751953125
export const LN2_LOW = Math.LN2 - LN2_HIGH
/** (e^r - 1 - r) / r^2, to 2^-28 of e^r. */
export const RISE = [0.4999999343, 0.166665204, 0.0416683908, 0.0083687453, 0.0013814538]

/** Leads to the exponent n + raised, which must not leave the range of float32. */
export const shiftTo = (raised: number): number => 1.5 * 2 ** 23 + 127 + raised

/** 2^(n + raised) and e^r - 1, of x from -112 to 90. */
function reduced<V>(v: Arithmetic<V>, x: V, shift: V): { power: V; rise: V } {
  const sum = v.multiplyAdd(x, v.constant(LOG2E), shift)
  const n = v.subtract(sum, shift)
  const high = v.multiplyAdd(n, v.constant(-LN2_HIGH), x)
  const r = v.multiplyAdd(n, v.constant(-LN2_LOW), high)
  const rise = v.multiplyAdd(v.multiply(r, r), polynomial(v, r, RISE), r)
  return { power: v.toExponent(sum), rise }
}

/** Below this e^x is 0 in float32, and x e^x too. */
export const LEAST = -112
/** What leads back from raised numbers. */
const RAISED = 2 ** -64

/** e^x of any x: raised below 0, lowered above. */
export function anyExp<V>(v: Arithmetic<V>, x: V): V {
  const isNegative = v.isBelow(x, v.constant(0))
  const either = (below: number, above: number): V => v.select(isNegative, v.constant(below), v.constant(above))
  const bounded = v.atMost(v.atLeast(x, v.constant(LEAST)), v.constant(90))
  const { power, rise } = reduced(v, bounded, either(shiftTo(64), shiftTo(-64)))
  return v.multiply(v.multiplyAdd(power, rise, power), either(RAISED, 1 / RAISED))
}

/** e^x - 1 of x <= 0. */
export function expMinusOne<V>(v: Arithmetic<V>, x: V): V {
  const { power, rise } = reduced(v, v.atLeast(x, v.constant(-30)), v.constant(shiftTo(0)))
  return v.multiplyAdd(power, rise, v.subtract(power, v.constant(1)))
}

/** 2^f of f from -1/2 to 1/2, to 2^-29. */
const POWER = [
  1.00000000055862, 0.693147205886861, 0.240226468676585, 0.0555032845087831, 0.00961849041233697, 0.00134000632795511,
  0.00015345692244052,
]

/** e^x in float64, to 2^-28, of x from -700 to 700: for formulas within `wide`. */
export function wideExp<V>(w: Arithmetic<V>, x: V): V {
  const shift = w.constant(1.5 * 2 ** 52 + 1023)
  const scaled = w.multiply(x, w.constant(LOG2E))
  const sum = w.add(scaled, shift)
  const fraction = w.subtract(scaled, w.subtract(sum, shift))
  return w.multiply(polynomial(w, fraction, POWER), w.toExponent(sum))
}
