import { anyExp, expMinusOne, wideExp } from './exponential.ts'
import { normalShare, wideNormal } from './normal.ts'
import type { FunctionRow } from './row.ts'
import * as formulas from './sigmoid.ts'

// Functions made of e^x, with NaN where an operand is NaN and their limits at infinities.

/** Twice the factor and the cubic term of the approximation by tanh. */
const TWICE = 1.5957691216057308
const CUBIC = 0.044715

/** e^x. */
export const exponential = {
  name: 'exp',
  operands: [],
  reference: (x) => Math.exp(x),
  vector: anyExp,
} as const satisfies FunctionRow

/** 1 / (1 + e^-x). */
export const sigmoid = {
  name: 'sigmoid',
  operands: [],
  reference: (x) => 1 / (1 + Math.exp(-x)),
  vector: formulas.sigmoid,
} as const satisfies FunctionRow

/** The hyperbolic tangent. */
export const tanh = {
  name: 'tanh',
  operands: [],
  reference: (x) => Math.tanh(x),
  vector: formulas.tanh,
} as const satisfies FunctionRow

/** x sigmoid(x). */
export const silu = {
  name: 'silu',
  operands: [],
  reference: (x) => Math.max(x, -1e3) / (1 + Math.exp(-x)),
  vector: formulas.silu,
} as const satisfies FunctionRow

/** x times the share of a normal distribution below x. */
export const gelu = {
  name: 'gelu',
  operands: [],
  reference: (x) => Math.max(x, -1e3) * normalShare(x),
  vector: (v, x) => v.wide(wideNormal, x),
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
} as const satisfies FunctionRow
