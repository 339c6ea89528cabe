import type { ReduceProblem } from '../../../reference/reduce.ts'
import { type Combination, reductionOf } from '../../../run/between/reduce.ts'
import { softmaxOf } from '../../../run/between/softmax.ts'
import { isSameShape } from '../../../run/memory/result.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import { held, plain } from './plain.ts'
import type { RunRow } from './row.ts'

/** The axes that a reduction takes together; none where every element is on its own. */
function reducedAxes(site: Site, rank: number): readonly number[] {
  const given = site.integers('axes', 1, undefined)
  const isAll = given === undefined || given.length === 0
  if (isAll) return site.call.int('noop_with_empty_axes') === 1 ? [] : [...new Array<number>(rank).keys()]
  return site.axes(given, rank)
}

/** What each combination makes of no elements. Of the mean ONNX does not say; 0 is onnxruntime's. */
const ofNothing: Readonly<Record<Combination, number>> = {
  ...{ sum: 0, mean: 0, maximum: Number.NEGATIVE_INFINITY, minimum: Number.POSITIVE_INFINITY },
}

/** The same number everywhere, for what is taken together of no elements. */
const filledWith = (site: Site, number: number, shape: readonly number[]): GraphValue =>
  site.chain(site.filled([1], Float32Array.of(number)), [['add', 0]], shape)

const withOnes = ({ shape }: GraphValue, axes: readonly number[]): readonly number[] =>
  shape.map((size, axis) => (axes.includes(axis) ? 1 : size))

/** Elements taken together along axes, which stay with one element. A mean of integers is that of the sums. */
export function reduced(site: Site, x: GraphValue, combine: Combination, axes: readonly number[]): GraphValue {
  const shape = withOnes(x, axes)
  if (isSameShape(shape, x.shape)) return x
  if (sizeOf(x.shape) === 0) return filledWith(site, ofNothing[combine], shape)
  if (!site.isReal() && combine === 'sum') return accumulated(site, x, axes, ['sum', 0, (a, b) => a + b])
  if (!site.isReal() && combine === 'mean') {
    const count = sizeOf(x.shape) / sizeOf(shape)
    return plain(site, 'mean', (sum) => sum / count, [reduced(site, x, 'sum', axes)], shape)
  }
  const problem = (sizes: readonly number[], places: readonly number[]): ReduceProblem =>
    reductionOf(
      combine,
      sizes,
      sizes.map((_, axis) => places.includes(axis)),
    )
  const detail = `${combine} along ${axes}`
  return site.emit({ kind: 'groups', name: 'reduce', detail, axes, problem }, [x], [shape])[0]
}

/** |x|^p. */
export function powers(site: Site, x: GraphValue, p: number): GraphValue {
  if (p === 2) return site.chain(x, [['multiply', x]], x.shape)
  const sizes = site.chain(
    x,
    [
      ['multiply', -1],
      ['maximum', x],
    ],
    x.shape,
  )
  return p === 1 ? sizes : plain(site, 'power', (one) => one ** p, [sizes], x.shape)
}

/** x^(1/p). */
export function rooted(site: Site, x: GraphValue, p: number): GraphValue {
  if (p === 1) return x
  return p === 2 ? site.chain(x, [['sqrt']], x.shape) : plain(site, 'root', (one) => one ** (1 / p), [x], x.shape)
}

const logarithm = (site: Site, x: GraphValue): GraphValue => plain(site, 'Log', Math.log, [x], x.shape)

/**
 * A reduction made of some steps along axes. What it does to single elements it also does where there are no axes. What it makes of
 * integers is cut to one.
 */
const along = (name: string, of: (site: Site, x: GraphValue, axes: readonly number[]) => GraphValue): RunRow => ({
  name,
  constants: [1],
  lower(site) {
    const x = site.input()
    const made = of(site, x, reducedAxes(site, x.shape.length))
    return site.view(site.isReal() ? made : plain(site, 'integer', held(site), [made], made.shape))
  },
})

/** ln(sum e^x), whose largest term is taken out first, so that nothing overflows. */
function logSumExp(
  site: Site,
  x: GraphValue,
  axes: readonly number[],
  largest = reduced(site, x, 'maximum', axes),
): GraphValue {
  const terms = site.chain(x, [['subtract', largest], ['exp']], x.shape)
  const sums = logarithm(site, reduced(site, terms, 'sum', axes))
  return site.chain(sums, [['add', largest]], sums.shape)
}

/** The same where the largest term may be infinite: then nothing is taken out, and the sum is as large. */
function logSumExpOfAny(site: Site, x: GraphValue, axes: readonly number[]): GraphValue {
  const largest = reduced(site, x, 'maximum', axes)
  const finite = plain(site, 'finite', (one) => (Number.isFinite(one) ? one : 0), [largest], largest.shape)
  return logSumExp(site, x, axes, finite)
}

/** Up to operator set 12 a softmax takes all axes from one on together, since 13 one axis. */
function softened(site: Site): { readonly x: GraphValue; readonly axis: number } {
  const x = site.input()
  const rank = x.shape.length
  const axis = site.axis(site.call.opset < 13 ? 1 : -1, rank)
  if (site.call.opset >= 13) return { x, axis }
  return { x: site.view(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]), axis: 1 }
}

/** The lines of a tensor along an axis: where each begins, and how far apart its elements are. */
export function eachLine(
  shape: readonly number[],
  axis: number,
  body: (begin: number, step: number, line: number) => void,
): void {
  const step = denseSteps(shape)[axis]
  const lines = sizeOf(shape) / shape[axis]
  for (let line = 0; line < lines; line++) {
    body(Math.floor(line / step) * step * shape[axis] + (line % step), step, line)
  }
}

/** The place of the largest or smallest element along an axis. */
const place = (name: string, isBetter: (a: number, b: number) => boolean): RunRow => ({
  name,
  lower(site) {
    const x = site.input()
    const axis = site.axis(0)
    const takesLast = site.call.int('select_last_index') === 1
    return site.emitCall(name, `along ${axis}`, [x], ([{ data }], output) => {
      const to = output.data
      eachLine(x.shape, axis, (begin, step, line) => {
        let best = 0
        for (let index = 1; index < x.shape[axis]; index++) {
          const [one, other] = [data[begin + index * step], data[begin + best * step]]
          if (isBetter(one, other) || (takesLast && one === other)) best = index
        }
        to[line] = best
      })
    })
  },
})

/** The largest or smallest elements along an axis, and their places; of equal ones the first. */
const best: RunRow = {
  name: 'TopK',
  constants: [1],
  lower(site) {
    const x = site.input()
    const axis = site.axis(-1)
    const sign = site.call.int('largest') === 0 ? 1 : -1
    const shape = site.shape()
    const run = (
      [{ data }]: readonly { data: Float32Array }[],
      [values, places]: readonly { data: Float32Array }[],
    ) => {
      const [to, at] = [values.data, places.data]
      const begins: number[] = []
      eachLine(shape, axis, (begin) => void begins.push(begin))
      eachLine(x.shape, axis, (begin, step, line) => {
        const order = Array.from({ length: x.shape[axis] }, (_, index) => index)
        const value = (index: number): number => data[begin + index * step]
        order.sort((a, b) => sign * (value(a) - value(b)) || a - b)
        for (let index = 0; index < shape[axis]; index++) {
          to[begins[line] + index * step] = value(order[index])
          at[begins[line] + index * step] = order[index]
        }
      })
    }
    const operation = { kind: 'call', name: 'TopK', detail: `${shape[axis]} along ${axis}`, run } as const
    return site.emit(operation, [x], [shape, shape])
  },
}

/** What elements are taken together by, one after the other. */
type Accumulation = readonly [name: string, first: number, of: (sum: number, element: number) => number]

/** Elements taken together along one axis after the other, in float64; integers stay exact. */
function accumulated(site: Site, x: GraphValue, axes: readonly number[], [name, first, of]: Accumulation): GraphValue {
  if (sizeOf(x.shape) === 0) return filledWith(site, first, withOnes(x, axes))
  const become = held(site)
  return axes.reduce((value, axis) => {
    const shape = value.shape.with(axis, 1)
    return site.emitCall(
      name,
      `along ${axis}`,
      [value],
      ([{ data, shape }], output, [axis]) => {
        const target = output.data
        eachLine(shape, axis, (begin, step, line) => {
          let result = first
          for (let index = 0; index < shape[axis]; index++) result = of(result, data[begin + index * step])
          target[line] = become(result)
        })
      },
      shape,
      { axes: [axis] },
    )
  }, x)
}

const product: Accumulation = ['product', 1, (a, b) => a * b]

const spatial = (x: GraphValue): number[] => [...x.shape.keys()].slice(2)

/** Rows of operators that take elements together. */
export const reducing: readonly RunRow[] = [
  along('ReduceSum', (site, x, axes) => reduced(site, x, 'sum', axes)),
  along('ReduceMean', (site, x, axes) => reduced(site, x, 'mean', axes)),
  along('ReduceMax', (site, x, axes) => reduced(site, x, 'maximum', axes)),
  along('ReduceMin', (site, x, axes) => reduced(site, x, 'minimum', axes)),
  along('ReduceProd', (site, x, axes) => accumulated(site, x, axes, product)),
  along('ReduceL1', (site, x, axes) => reduced(site, powers(site, x, 1), 'sum', axes)),
  along('ReduceL2', (site, x, axes) => rooted(site, reduced(site, powers(site, x, 2), 'sum', axes), 2)),
  along('ReduceSumSquare', (site, x, axes) => reduced(site, powers(site, x, 2), 'sum', axes)),
  along('ReduceLogSum', (site, x, axes) => logarithm(site, reduced(site, x, 'sum', axes))),
  along('ReduceLogSumExp', logSumExpOfAny),
  { name: 'GlobalAveragePool', lower: (site) => reduced(site, site.input(), 'mean', spatial(site.input())) },
  { name: 'GlobalMaxPool', lower: (site) => reduced(site, site.input(), 'maximum', spatial(site.input())) },
  {
    name: 'GlobalLpPool',
    lower(site) {
      const [x, p] = [site.input(), site.call.int('p') ?? 2]
      return rooted(site, reduced(site, powers(site, x, p), 'sum', spatial(x)), p)
    },
  },
  {
    name: 'Softmax',
    lower(site) {
      const { x, axis } = softened(site)
      const problem = (sizes: readonly number[], [place]: readonly number[]): ReduceProblem => softmaxOf(sizes, place)
      const named = { name: 'softmax', detail: `along ${axis}` }
      return site.view(site.emit({ kind: 'groups', ...named, axes: [axis], problem }, [x], [x.shape])[0])
    },
  },
  {
    name: 'LogSoftmax',
    lower(site) {
      const { x, axis } = softened(site)
      return site.view(site.chain(x, [['subtract', logSumExp(site, x, [axis])]], x.shape))
    },
  },
  place('ArgMax', (a, b) => a > b),
  place('ArgMin', (a, b) => a < b),
  best,
]
