import type { Arithmetic } from './arithmetic.ts'
import { anyExp, expMinusOne, wideExp } from './exponential.ts'
import { normalDerivative, normalShare, wideNormal, wideNormalDerivative } from './normal.ts'
import { ABOVE_ZERO, isAtMost } from './plain.ts'
import type { FunctionRow } from './row.ts'
import * as formulas from './sigmoid.ts'

// Functions made of e^x, with NaN where an operand is NaN and their limits at infinities.

/** Twice the factor and the cubic term of the approximation by tanh. */
const TWICE = 1.5957691216057308
const CUBIC = 0.044715
/** Beyond this what exponentials differ by from their limits is 0 in float32, also times x. */
const FAR = 120

const share = (x: number): number => 1 / (1 + Math.exp(-x))
const within = (x: number): number => Math.max(-1e3, Math.min(x, 1e3))
const near = <V>(v: Arithmetic<V>, x: V): V => v.atMost(v.atLeast(x, v.constant(-FAR)), v.constant(FAR))
const negated = <V>(v: Arithmetic<V>, x: V): V => v.multiply(x, v.constant(-1))

/** e^x. */
export const exponential = {
  name: 'exp',
  operands: [],
  reference: (x) => Math.exp(x),
  vector: anyExp,
  derivative: { reference: (x) => Math.exp(x), vector: anyExp },
} as const satisfies FunctionRow

/** 1 / (1 + e^-x). */
export const sigmoid = {
  name: 'sigmoid',
  operands: [],
  reference: (x) => 1 / (1 + Math.exp(-x)),
  vector: formulas.sigmoid,
  derivative: {
    reference: (x) => share(x) * share(-x),
    vector: (v, x) => v.multiply(formulas.sigmoid(v, x), formulas.sigmoid(v, negated(v, x))),
  },
} as const satisfies FunctionRow

/** The hyperbolic tangent. */
export const tanh = {
  name: 'tanh',
  operands: [],
  reference: (x) => Math.tanh(x),
  vector: formulas.tanh,
  derivative: {
    reference: (x) => 4 * share(2 * x) * share(-2 * x),
    vector(v, x) {
      const twice = v.add(x, x)
      const product = v.multiply(formulas.sigmoid(v, twice), formulas.sigmoid(v, negated(v, twice)))
      return v.multiply(v.constant(4), product)
    },
  },
} as const satisfies FunctionRow

/** x sigmoid(x). */
export const silu = {
  name: 'silu',
  operands: [],
  reference: (x) => Math.max(x, -1e3) / (1 + Math.exp(-x)),
  vector: formulas.silu,
  derivative: {
    reference: (x) => share(x) * (1 + within(x) * share(-x)),
    vector(v, x) {
      const inner = near(v, x)
      const rest = v.multiplyAdd(inner, formulas.sigmoid(v, negated(v, inner)), v.constant(1))
      return v.multiply(formulas.sigmoid(v, x), rest)
    },
  },
} as const satisfies FunctionRow

/** x times the share of a normal distribution below x. */
export const gelu = {
  name: 'gelu',
  operands: [],
  reference: (x) => Math.max(x, -1e3) * normalShare(x),
  vector: (v, x) => v.wide(wideNormal, x),
  derivative: { reference: normalDerivative, vector: (v, x) => v.wide(wideNormalDerivative, x) },
} as const satisfies FunctionRow

/** Its approximation: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
export const geluTanh = {
  name: 'geluTanh',
  operands: [],
  reference: (x) => Math.max(x, -1e3) / (1 + Math.exp(-TWICE * (x + CUBIC * x ** 3))),
  vector: (v, x) =>
    v.wide((w, x) => {
      const [one, least] = [w.constant(1), w.atLeast(x, w.constant(-12))]
      const inner = w.atMost(least, w.constant(12)) // beyond, the result is 0 or x
      const cube = w.multiply(w.multiply(inner, inner), inner)
      const sum = w.multiplyAdd(cube, w.constant(-TWICE * CUBIC), w.multiply(inner, w.constant(-TWICE)))
      return w.divide(least, w.add(one, wideExp(w, sum)))
    }, x),
  derivative: {
    reference(x) {
      const inner = Math.max(-1e2, Math.min(x, 1e2))
      const below = share(TWICE * (inner + CUBIC * inner ** 3))
      return below * (1 + inner * (1 - below) * TWICE * (1 + 3 * CUBIC * inner ** 2))
    },
    vector: (v, x) =>
      v.wide((w, x) => {
        const one = w.constant(1)
        const inner = w.atMost(w.atLeast(x, w.constant(-12)), w.constant(12)) // beyond, it is 0 or 1
        const square = w.multiply(inner, inner)
        const line = w.multiplyAdd(square, w.constant(-TWICE * CUBIC), w.constant(-TWICE))
        const below = w.divide(one, w.add(one, wideExp(w, w.multiply(line, inner))))
        const rise = w.multiplyAdd(square, w.constant(3 * TWICE * CUBIC), w.constant(TWICE))
        const rest = w.multiply(w.multiply(inner, w.subtract(one, below)), rise)
        return w.multiply(below, w.add(one, rest))
      }, x),
  },
} as const satisfies FunctionRow

/** x, or for negative x alpha (e^x - 1). */
export const elu = {
  name: 'elu',
  operands: ['alpha'],
  defaults: [1],
  reference: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x),
  vector: (v, x, alpha) => {
    const zero = v.constant(0)
    const below = v.multiply(alpha, expMinusOne(v, v.minimum(x, zero)))
    return v.select(v.isBelow(x, zero), below, x)
  },
  derivative: {
    reference: (x, alpha) => (x <= 0 ? alpha * Math.exp(x) : 1),
    vector(v, x, alpha) {
      const zero = v.constant(0)
      const below = v.multiply(alpha, anyExp(v, v.atMost(x, zero)))
      return v.select(isAtMost(v, x, ABOVE_ZERO), below, v.constant(1))
    },
  },
} as const satisfies FunctionRow

/** x tanh(ln(1 + e^x)). */
export const mish = {
  name: 'mish',
  operands: [],
  reference: (x) => Math.max(x, -1e3) * Math.tanh(Math.log1p(Math.exp(x))),
  vector: (v, x) =>
    v.wide((w, x) => {
      const least = w.atLeast(x, w.constant(-120))
      const power = wideExp(w, w.atMost(least, w.constant(30)))
      const product = w.multiply(power, w.add(power, w.constant(2))) // (1 + e^x)^2 - 1
      return w.multiply(least, w.divide(product, w.add(product, w.constant(2))))
    }, x),
  derivative: {
    reference(x) {
      const inner = Math.max(-1e3, Math.min(x, 1e2))
      const power = Math.exp(inner)
      const product = power * (power + 2)
      return product / (product + 2) + (4 * inner * power * (1 + power)) / (product + 2) ** 2
    },
    vector: (v, x) =>
      v.wide((w, x) => {
        const inner = w.atMost(w.atLeast(x, w.constant(-FAR)), w.constant(30)) // beyond, it is 0 or 1
        const power = wideExp(w, inner)
        const product = w.multiply(power, w.add(power, w.constant(2)))
        const sum = w.add(product, w.constant(2))
        const rise = w.multiply(w.multiply(inner, w.constant(4)), w.multiplyAdd(power, power, power))
        return w.divide(w.add(product, w.divide(rise, sum)), sum)
      }, x),
  },
} as const satisfies FunctionRow
