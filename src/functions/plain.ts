import type { Arithmetic } from './arithmetic.ts'
import type { Derivative, FunctionRow } from './row.ts'

// Functions that take a few instructions each, with NaN where an operand is NaN and their limits at infinities.

const between = (x: number, least: number, most: number): number => Math.min(Math.max(x, least), most)
/** A zero has no sign after this: `atLeast` lets -0 pass. */
const unsigned = <V>(v: Arithmetic<V>, x: V): V => v.add(x, v.constant(0))
const positive = <V>(v: Arithmetic<V>, x: V): V => unsigned(v, v.atLeast(x, v.constant(0)))
const sloped = <V>(v: Arithmetic<V>, x: V, slope: V): V =>
  v.select(v.isBelow(x, v.constant(0)), v.multiply(x, slope), x)
const slopedReference = (x: number, slope: number): number => (x < 0 ? x * slope : x)
const isAlways = (): boolean => true

/** Where x is at the bound or below it, not where it is NaN; the next number above the bound is given. */
export const isAtMost = <V>(v: Arithmetic<V>, x: V, above: number): V => v.isBelow(x, v.constant(above))
export const ABOVE_ZERO = 2 ** -149
const [BELOW_SIX, ABOVE_MINUS_THREE] = [6 - 2 ** -21, -3 + 2 ** -22]

/** 1 between two bounds, 0 elsewhere. */
const within = {
  reference: (x: number, least: number, most: number): number => (x > least && x < most ? 1 : 0),
  vector<V>(v: Arithmetic<V>, x: V, least: V, most: V): V {
    const [zero, one] = [v.constant(0), v.constant(1)]
    return v.select(v.isBelow(least, x), v.select(v.isBelow(x, most), one, zero), zero)
  },
}

/** 1 above 0, the slope elsewhere. With a slope below 0 results do not tell values above 0 from those below. */
const slopedDerivative = {
  reference: (x, slope) => (x > 0 ? 1 : slope),
  vector: (v, x, slope) => v.select(v.isBelow(v.constant(0), x), v.constant(1), slope),
  isOfResult: (slope) => slope >= 0,
} as const satisfies Derivative

export const add = {
  name: 'add',
  operands: ['addend'],
  reference: (x, y) => x + y,
  vector: (v, x, y) => v.add(x, y),
} as const satisfies FunctionRow

export const subtract = {
  name: 'subtract',
  operands: ['subtrahend'],
  reference: (x, y) => x - y,
  vector: (v, x, y) => v.subtract(x, y),
} as const satisfies FunctionRow

export const multiply = {
  name: 'multiply',
  operands: ['factor'],
  reference: (x, y) => x * y,
  vector: (v, x, y) => v.multiply(x, y),
} as const satisfies FunctionRow

export const divide = {
  name: 'divide',
  operands: ['divisor'],
  reference: (x, y) => x / y,
  vector: (v, x, y) => v.divide(x, y),
} as const satisfies FunctionRow

export const minimum = {
  name: 'minimum',
  operands: ['other'],
  reference: (x, y) => Math.min(x, y),
  vector: (v, x, y) => v.minimum(x, y),
} as const satisfies FunctionRow

export const maximum = {
  name: 'maximum',
  operands: ['other'],
  reference: (x, y) => Math.max(x, y),
  vector: (v, x, y) => v.maximum(x, y),
} as const satisfies FunctionRow

export const sqrt = {
  name: 'sqrt',
  operands: [],
  reference: (x) => Math.sqrt(x),
  vector: (v, x) => v.squareRoot(x),
  derivative: {
    reference: (x) => 1 / (2 * Math.sqrt(x)),
    vector: (v, x) => v.divide(v.constant(0.5), v.squareRoot(x)),
  },
} as const satisfies FunctionRow

/** x x. */
export const square = {
  name: 'square',
  operands: [],
  reference: (x) => x * x,
  vector: (v, x) => v.multiply(x, x),
  derivative: { reference: (x) => 2 * x, vector: (v, x) => v.add(x, x) },
} as const satisfies FunctionRow

/** 1 / x. */
export const reciprocal = {
  name: 'reciprocal',
  operands: [],
  reference: (x) => 1 / x,
  vector: (v, x) => v.divide(v.constant(1), x),
  derivative: {
    reference: (x) => -1 / (x * x),
    vector: (v, x) => v.divide(v.divide(v.constant(-1), x), x),
  },
} as const satisfies FunctionRow

/** max(x, 0). */
export const relu = {
  name: 'relu',
  operands: [],
  reference: (x) => Math.max(x, 0),
  vector: positive,
  derivative: {
    reference: (x) => (x <= 0 ? 0 : 1),
    vector: (v, x) => v.select(isAtMost(v, x, ABOVE_ZERO), v.constant(0), v.constant(1)),
    isOfResult: isAlways,
  },
} as const satisfies FunctionRow

/** min(max(x, 0), 6). */
export const relu6 = {
  name: 'relu6',
  operands: [],
  reference: (x) => between(x, 0, 6),
  vector: (v, x) => v.atMost(positive(v, x), v.constant(6)),
  derivative: {
    reference: (x) => (x <= 0 || x >= 6 ? 0 : 1),
    vector(v, x) {
      const below = v.select(v.isBelow(v.constant(BELOW_SIX), x), v.constant(0), v.constant(1))
      return v.select(isAtMost(v, x, ABOVE_ZERO), v.constant(0), below)
    },
    isOfResult: isAlways,
  },
} as const satisfies FunctionRow

/** min(max(x, least), most). */
export const clip = {
  name: 'clip',
  operands: ['least', 'most'],
  reference: between,
  vector: (v, x, least, most) => v.minimum(v.maximum(x, least), most),
  derivative: { ...within, isOfResult: isAlways },
} as const satisfies FunctionRow

/** x, or for negative x its product with the slope. */
export const leakyRelu = {
  name: 'leakyRelu',
  operands: ['slope'],
  defaults: [0.01],
  reference: slopedReference,
  vector: sloped,
  derivative: slopedDerivative,
} as const satisfies FunctionRow

/** The same; slopes are a tensor as a rule, one for each channel. */
export const prelu = {
  name: 'prelu',
  operands: ['slope'],
  reference: slopedReference,
  vector: sloped,
  derivative: slopedDerivative,
} as const satisfies FunctionRow

/** min(max(x slope + offset, 0), 1); PyTorch's by default, ONNX's is 0.2 and 0.5. */
export const hardSigmoid = {
  name: 'hardSigmoid',
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
  derivative: {
    reference: (x, slope, offset) => slope * within.reference(x * slope + offset, 0, 1),
    vector: (v, x, slope, offset) => {
      const line = v.add(v.multiply(x, slope), offset)
      return v.multiply(slope, within.vector(v, line, v.constant(0), v.constant(1)))
    },
  },
} as const satisfies FunctionRow

/** x min(max(x + 3, 0), 6) / 6. */
export const hardSwish = {
  name: 'hardSwish',
  operands: [],
  reference: (x) => (Math.max(x, -3) * between(x + 3, 0, 6)) / 6,
  vector(v, x) {
    const [three, six] = [v.constant(3), v.constant(6)]
    const gate = v.atMost(v.atLeast(v.add(x, three), v.constant(0)), six)
    return v.multiply(v.atLeast(x, v.constant(-3)), v.divide(gate, six))
  },
  derivative: {
    reference: (x) => (x <= -3 ? 0 : x < 3 ? (2 * x + 3) / 6 : 1),
    vector(v, x) {
      const middle = v.divide(v.add(v.add(x, x), v.constant(3)), v.constant(6))
      const above = v.select(v.isBelow(x, v.constant(3)), middle, v.constant(1))
      return v.select(isAtMost(v, x, ABOVE_MINUS_THREE), v.constant(0), above)
    },
  },
} as const satisfies FunctionRow

/** 1 where x is below the other, 0 elsewhere and with NaN. */
export const below = {
  name: 'below',
  operands: ['other'],
  reference: (x, y) => Number(x < y),
  vector: (v, x, y) => v.select(v.isBelow(x, y), v.constant(1), v.constant(0)),
} as const satisfies FunctionRow

/** 1 where both are the same number, 0 elsewhere and with NaN. */
export const equal = {
  name: 'equal',
  operands: ['other'],
  reference: (x, y) => Number(x === y),
  vector(v, x, y) {
    const [no, yes, most] = [v.constant(0), v.constant(1), v.maximum(x, y)] // NaN where one is NaN
    const alike = v.select(v.isBelow(x, y), no, v.select(v.isBelow(y, x), no, yes))
    const finite = v.select(v.isBelow(most, v.constant(Number.POSITIVE_INFINITY)), alike, no)
    return v.select(v.isBelow(v.constant(Number.NEGATIVE_INFINITY), most), alike, finite)
  },
} as const satisfies FunctionRow
