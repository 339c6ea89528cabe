import type { Arithmetic } from './arithmetic.ts'
import { anyExp, expMinusOne, wideExp } from './exponential.ts'
import { normalShare, wideNormal } from './normal.ts'
import { sigmoid, silu, tanh } from './sigmoid.ts'

/** A function of a number and of some others beside it. */
export interface FunctionRow {
  /** What the others are called. */
  readonly operands: readonly string[]
  /** What they are where nothing is said; without this they must be given. */
  readonly defaults?: readonly number[]
  /** Its definition, in float64. */
  readonly reference: (x: number, ...operands: readonly number[]) => number
  /** The same of a vector. Where that is not exact, the result is at most 2 units in the last place of float32 off. */
  readonly vector: <V>(v: Arithmetic<V>, x: V, ...operands: readonly V[]) => V
}

const between = (x: number, least: number, most: number): number => Math.min(Math.max(x, least), most)
/** A zero has no sign after this: `atLeast` lets -0 pass. */
const unsigned = <V>(v: Arithmetic<V>, x: V): V => v.add(x, v.constant(0))
const positive = <V>(v: Arithmetic<V>, x: V): V => unsigned(v, v.atLeast(x, v.constant(0)))
const sloped = <V>(v: Arithmetic<V>, x: V, slope: V): V =>
  v.select(v.isBelow(x, v.constant(0)), v.multiply(x, slope), x)
const slopedReference = (x: number, slope: number): number => (x < 0 ? x * slope : x)

/** Twice the factor and the cubic term of the approximation by tanh. */
const [TWICE, CUBIC] = [2 * Math.sqrt(2 / Math.PI), 0.044715]

/**
 * Every function that an elementwise step may be, with NaN where an operand is NaN and its limit at infinities. To add one is
 * to add a row; its error is tested with all others.
 */
export const functions = {
  add: {
    operands: ['addend'],
    reference: (x, y) => x + y,
    vector: (v, x, y) => v.add(x, y),
  },
  subtract: {
    operands: ['subtrahend'],
    reference: (x, y) => x - y,
    vector: (v, x, y) => v.subtract(x, y),
  },
  multiply: {
    operands: ['factor'],
    reference: (x, y) => x * y,
    vector: (v, x, y) => v.multiply(x, y),
  },
  divide: {
    operands: ['divisor'],
    reference: (x, y) => x / y,
    vector: (v, x, y) => v.divide(x, y),
  },
  minimum: {
    operands: ['other'],
    reference: (x, y) => Math.min(x, y),
    vector: (v, x, y) => v.minimum(x, y),
  },
  maximum: {
    operands: ['other'],
    reference: (x, y) => Math.max(x, y),
    vector: (v, x, y) => v.maximum(x, y),
  },
  exp: {
    operands: [],
    reference: (x) => Math.exp(x),
    vector: anyExp,
  },
  sqrt: {
    operands: [],
    reference: (x) => Math.sqrt(x),
    vector: (v, x) => v.squareRoot(x),
  },
  square: {
    operands: [],
    reference: (x) => x * x,
    vector: (v, x) => v.multiply(x, x),
  },
  /** 1 / x. */
  reciprocal: {
    operands: [],
    reference: (x) => 1 / x,
    vector: (v, x) => v.divide(v.constant(1), x),
  },
  /** max(x, 0). */
  relu: {
    operands: [],
    reference: (x) => Math.max(x, 0),
    vector: positive,
  },
  /** min(max(x, 0), 6). */
  relu6: {
    operands: [],
    reference: (x) => between(x, 0, 6),
    vector: (v, x) => v.atMost(positive(v, x), v.constant(6)),
  },
  /** min(max(x, least), most). */
  clip: {
    operands: ['least', 'most'],
    reference: between,
    vector: (v, x, least, most) => v.minimum(v.maximum(x, least), most),
  },
  /** x, or for negative x its product with the slope. */
  leakyRelu: {
    operands: ['slope'],
    defaults: [0.01],
    reference: slopedReference,
    vector: sloped,
  },
  /** The same; slopes are a tensor as a rule, one for each channel. */
  prelu: {
    operands: ['slope'],
    reference: slopedReference,
    vector: sloped,
  },
  /** 1 / (1 + e^-x). */
  sigmoid: {
    operands: [],
    reference: (x) => 1 / (1 + Math.exp(-x)),
    vector: sigmoid,
  },
  tanh: {
    operands: [],
    reference: (x) => Math.tanh(x),
    vector: tanh,
  },
  /** x sigmoid(x). */
  silu: {
    operands: [],
    reference: (x) => Math.max(x, -1e3) / (1 + Math.exp(-x)),
    vector: silu,
  },
  /** min(max(x slope + offset, 0), 1); PyTorch's by default, ONNX's is 0.2 and 0.5. */
  hardSigmoid: {
    operands: ['slope', 'offset'],
    defaults: [1 / 6, 1 / 2],
    reference: (x, slope, offset) => between(x * slope + offset, 0, 1),
    vector: (v, x, ...operands) =>
      v.wide(
        (w, x, slope, offset) => {
          const line = positive(w, w.add(w.multiply(x, slope), offset))
          return w.atMost(line, w.constant(1))
        },
        x,
        ...operands,
      ),
  },
  /** x min(max(x + 3, 0), 6) / 6. */
  hardSwish: {
    operands: [],
    reference: (x) => (Math.max(x, -3) * between(x + 3, 0, 6)) / 6,
    vector(v, x) {
      const [three, six] = [v.constant(3), v.constant(6)]
      const gate = v.atMost(v.atLeast(v.add(x, three), v.constant(0)), six)
      return v.multiply(v.atLeast(x, v.constant(-3)), v.divide(gate, six))
    },
  },
  /** x times the share of a normal distribution below x. */
  gelu: {
    operands: [],
    reference: (x) => Math.max(x, -1e3) * normalShare(x),
    vector: (v, x) => v.wide(wideNormal, x),
  },
  /** Its approximation: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  geluTanh: {
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
  },
  /** x, or for negative x alpha (e^x - 1). */
  elu: {
    operands: ['alpha'],
    defaults: [1],
    reference: (x, alpha) => (x < 0 ? alpha * Math.expm1(x) : x),
    vector: (v, x, alpha) => {
      const zero = v.constant(0)
      const below = v.multiply(alpha, expMinusOne(v, v.minimum(x, zero)))
      return v.select(v.isBelow(x, zero), below, x)
    },
  },
  /** x tanh(ln(1 + e^x)). */
  mish: {
    operands: [],
    reference: (x) => Math.max(x, -1e3) * Math.tanh(Math.log1p(Math.exp(x))),
    vector: (v, x) =>
      v.wide((w, x) => {
        const least = w.atLeast(x, w.constant(-120))
        const power = wideExp(w, w.atMost(least, w.constant(30)))
        const product = w.multiply(power, w.add(power, w.constant(2))) // (1 + e^x)^2 - 1
        return w.multiply(least, w.divide(product, w.add(product, w.constant(2))))
      }, x),
  },
} as const satisfies Readonly<Record<string, FunctionRow>>

/** The name of a function. */
export type FunctionName = keyof typeof functions

/** The row of a function. */
export const rowOf = (name: FunctionName): FunctionRow => functions[name]
