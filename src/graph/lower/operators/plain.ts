import { roundHalfEven } from '../../../operators/carried.ts'
import { broadcastSteps } from '../../../run/between/broadcast.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import type { GraphValue } from '../operation.ts'
import type { Site } from '../site.ts'
import type { RunRow } from './row.ts'

// Functions of single elements that have no vector code: computed in float64, rounded once.

export type Plain = (...values: readonly number[]) => number

/**
 * Elements of a line from those of one to three inputs, from their places on by steps. Calls with a list of arguments would take
 * ten times as long.
 */
function computeLine(
  of: Plain,
  lists: readonly Float32Array[],
  places: readonly number[],
  steps: readonly number[],
  target: Float32Array,
): void {
  const [a, b, c] = lists
  let [i, j, k] = places
  const [byA, byB, byC] = steps
  if (lists.length === 1) {
    for (let at = 0; at < target.length; at++, i += byA) target[at] = of(a[i])
  } else if (lists.length === 2) {
    for (let at = 0; at < target.length; at++, i += byA, j += byB) target[at] = of(a[i], b[j])
  } else {
    for (let at = 0; at < target.length; at++, i += byA, j += byB, k += byC) target[at] = of(a[i], b[j], c[k])
  }
}

/** Every element of the output from the elements at its place, of inputs that are broadcast. */
export function plain(
  site: Site,
  name: string,
  of: Plain,
  inputs: readonly GraphValue[] = site.inputs(),
  shape = site.shape(),
): GraphValue {
  const run = (tensors: readonly Tensor[], { data: target, shape }: Tensor): void => {
    const lists = tensors.map(({ data }) => data)
    // Inputs of the output's shape, and single numbers, are one line.
    const isLine = lists.every(({ length }) => length === target.length || length === 1)
    const sizes = isLine ? [target.length] : shape
    const steps = tensors.map(({ data, shape: own }) => broadcastSteps(isLine ? [data.length] : own, sizes))
    const last = sizes.length - 1
    const lastSteps = steps.map((list) => list[last] ?? 0)
    const size = sizes[last] ?? 1
    let at = 0
    const nest = (axis: number, from: readonly number[]): void => {
      if (axis >= last) {
        computeLine(of, lists, from, lastSteps, target.subarray(at, at + size))
        at += size
        return
      }
      for (let index = 0; index < sizes[axis]; index++)
        nest(
          axis + 1,
          from.map((place, input) => place + index * steps[input][axis]),
        )
    }
    nest(
      0,
      lists.map(() => 0),
    )
  }
  return site.emitCall(name, 'element by element', inputs, run, shape, { axes: [] })
}

/** What becomes of an integer that its type does not hold, by ONNX's number for the type. */
const wraps: Readonly<Record<number, (value: number) => number>> = {
  2: (value) => value & 255,
  3: (value) => (value << 24) >> 24,
  4: (value) => value & 65535,
  5: (value) => (value << 16) >> 16,
}

/** To here float32 numbers, which integers are kept as, are exact. */
const EXACT = 2 ** 24

/** A number that stands for an integer of the first input's type, cut towards zero. */
function whole(site: Site): (value: number) => number {
  const wrap = wraps[site.call.inputs[0]?.elementType ?? 0]
  return (value) => {
    const integer = wrap ? wrap(value) : Math.trunc(value)
    if (Math.abs(integer) <= EXACT) return integer
    throw site.refusal('must compute integers to 2^24, as float32 holds them', integer)
  }
}

/** What a computed number is in the first input's type. */
export const held = (site: Site): ((value: number) => number) => (site.isReal() ? (value) => value : whole(site))

/** A function of the inputs' integers. */
export function wholePlain(site: Site, of: Plain): GraphValue {
  const cut = whole(site)
  return plain(site, site.call.node.opType, (...values) => cut(of(...values)))
}

const row = (name: string, of: Plain): RunRow => ({
  name,
  lower: (site) => plain(site, name, of),
})

/** A series near zero, and a continued fraction far from it: both are exact to float32. */
function erf(x: number): number {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return x
  if (size > 6) return Math.sign(x)
  if (size < 3) {
    let [term, sum] = [size, size]
    for (let n = 1; n < 80 && Math.abs(term) > 1e-17 * sum; n++) {
      term *= (-size * size) / n
      sum += term / (2 * n + 1)
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI)
  }
  let fraction = 0
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction)
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * (size + fraction)))
}

const truth =
  (of: (a: number, b: number) => boolean): Plain =>
  (a, b) =>
    Number(of(a, b))

/** Functions with an attribute. */
const withAttribute = (name: string, of: (site: Site) => Plain): RunRow => ({
  name,
  lower: (site) => plain(site, name, of(site), [site.input()]),
})

const attribute = (site: Site, name: string, absent: number): number => site.call.attribute(name)?.float ?? absent

/** Rows of the functions. */
export const plains: readonly RunRow[] = [
  row('Log', Math.log),
  row('Erf', erf),
  row('Sign', Math.sign),
  row('Floor', Math.floor),
  row('Ceil', Math.ceil),
  row('Round', roundHalfEven),
  row('Sin', Math.sin),
  row('Cos', Math.cos),
  row('Tan', Math.tan),
  row('Asin', Math.asin),
  row('Acos', Math.acos),
  row('Atan', Math.atan),
  row('Sinh', Math.sinh),
  row('Cosh', Math.cosh),
  row('Asinh', Math.asinh),
  row('Acosh', Math.acosh),
  row('Atanh', Math.atanh),
  row('Softplus', (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  row('Softsign', (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x / (1 + Math.abs(x)))),
  row('IsNaN', (x) => Number(Number.isNaN(x))),
  withAttribute('IsInf', (site) => {
    const [negative, positive] = [site.call.int('detect_negative') !== 0, site.call.int('detect_positive') !== 0]
    return (x) => Number((x === Number.POSITIVE_INFINITY && positive) || (x === Number.NEGATIVE_INFINITY && negative))
  }),
  {
    name: 'Mod',
    lower: (site) => {
      const isC = site.call.int('fmod') === 1
      return plain(site, 'Mod', isC ? (a, b) => a % b : (a, b) => a - b * Math.floor(a / b))
    },
  },
  withAttribute('ThresholdedRelu', (site) => {
    const alpha = attribute(site, 'alpha', 1)
    return (x) => (x > alpha ? x : 0)
  }),
  withAttribute('Shrink', (site) => {
    const [bias, lambda] = [attribute(site, 'bias', 0), attribute(site, 'lambd', 0.5)]
    return (x) => (x < -lambda ? x + bias : x > lambda ? x - bias : 0)
  }),
  row(
    'GreaterOrEqual',
    truth((a, b) => a >= b),
  ),
  row(
    'LessOrEqual',
    truth((a, b) => a <= b),
  ),
  row(
    'And',
    truth((a, b) => Boolean(a && b)),
  ),
  row(
    'Or',
    truth((a, b) => Boolean(a || b)),
  ),
  row(
    'Xor',
    truth((a, b) => Boolean(a) !== Boolean(b)),
  ),
  row('Not', (x) => Number(!x)),
  row('Where', (condition, yes, no) => (condition ? yes : no)),
]
