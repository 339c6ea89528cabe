import { type Arithmetic, polynomial } from './arithmetic.ts'
import { wideExp } from './exponential.ts'

/** Terms that are enough in float64, of the series below `MIDDLE` and of the fraction above. */
const TERMS = 60
const MIDDLE = 2.5

/** The share of a normal distribution that lies below x: a series near 0, a continued fraction far from it. */
export function normalShare(x: number): number {
  const a = Math.abs(x)
  const density = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI)
  if (a < MIDDLE) {
    let [sum, term] = [x, x]
    for (let n = 1; n < TERMS; n++) sum += term *= (x * x) / (2 * n + 1)
    return 0.5 + density * sum
  }
  let below = a
  for (let n = TERMS; n > 0; n--) below = a + n / below
  return x < 0 ? density / below : 1 - density / below
}

/** Beyond this, x times the share below -x is 0 in float32. */
const FARTHEST = 14.5
/** The slope of the variable in which the share is nearly a polynomial. */
const SLOPE = 0.3
/** The share below -a, divided by t e^(-a^2 / 2), in powers of t = 1 / (1 + a SLOPE); to 2^-28. */
const SHARE = [
  0.11968669006205626, 0.1195718088756276, 0.11023546769990636, 0.07838944397014641, 0.09615743902525274,
  -0.07942463781547775, 0.19178592826383745, -0.22821465282710163, 0.11243606319068426, -0.0206235521749155,
]

/** The share below x, and e^(-x^2 / 2), in float64. */
function wideShare<V>(w: Arithmetic<V>, x: V): { readonly share: V; readonly density: V } {
  const one = w.constant(1)
  const a = w.atMost(w.absolute(x), w.constant(FARTHEST))
  const t = w.divide(one, w.multiplyAdd(a, w.constant(SLOPE), one))
  const density = wideExp(w, w.multiply(w.multiply(a, a), w.constant(-0.5)))
  const below = w.multiply(w.multiply(polynomial(w, t, SHARE), t), density)
  return { share: w.select(w.isBelow(x, w.constant(0)), below, w.subtract(one, below)), density }
}

/** x times the share below x, in float64. */
export function wideNormal<V>(w: Arithmetic<V>, x: V): V {
  return w.multiply(w.atLeast(x, w.constant(-FARTHEST)), wideShare(w, x).share)
}

/** Its derivative: the share below x, and x times the density there. */
export function wideNormalDerivative<V>(w: Arithmetic<V>, x: V): V {
  const { share, density } = wideShare(w, x)
  const near = w.atMost(w.atLeast(x, w.constant(-FARTHEST)), w.constant(FARTHEST))
  return w.multiplyAdd(w.multiply(near, density), w.constant(1 / Math.sqrt(2 * Math.PI)), share)
}

/** The same by its definition. */
export function normalDerivative(x: number): number {
  const near = Math.max(-1e3, Math.min(x, 1e3))
  return normalShare(x) + (near * Math.exp((-near * near) / 2)) / Math.sqrt(2 * Math.PI)
}
