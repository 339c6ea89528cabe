import type { FunctionName } from '../../../functions/rows.ts'
import type { GraphValue } from '../operation.ts'
import type { Site, WrittenLink } from '../site.ts'
import { type Plain, plain, wholePlain } from './plain.ts'
import type { RunRow } from './row.ts'

/** A chain of functions of the first input. */
const chained = (name: string, links: (site: Site, x: GraphValue) => readonly WrittenLink[]): RunRow => ({
  name,
  lower: (site) => {
    const x = site.input()
    return site.chain(x, links(site, x))
  },
})

const float = (site: Site, name: string, absent: number): number => site.call.attribute(name)?.float ?? absent

/** A function of values that may change places, so that a constant comes second; on integers `whole` if that is given. */
const commutative = (name: string, link: FunctionName, whole?: Plain): RunRow => ({
  name,
  lower: (site) => (whole && !site.isReal() ? wholePlain(site, whole) : joined(site, link)),
})

/** All inputs, taken together one after the other. */
function joined(site: Site, link: FunctionName, last: readonly WrittenLink[] = []): GraphValue {
  const values = site.inputs().map((value, index) => (index === 1 ? second(site, value) : value))
  const first = values.findIndex(({ constant }) => constant === undefined)
  const [value, ...others] = [...values.splice(Math.max(0, first), 1), ...values]
  return site.chain(value, [...others.map((other): WrittenLink => [link, other]), ...last])
}

/** Before operator set 7 a second input lay along the axes of the first one from `axis` on. */
function second(site: Site, value: GraphValue): GraphValue {
  const axis = site.call.int('axis')
  if (site.call.opset >= 7 || axis === undefined) return value
  const missing = site.input().shape.length - axis - value.shape.length
  return missing > 0 ? site.view(value, [...value.shape, ...new Array<number>(missing).fill(1)]) : value
}

const dividing: RunRow = {
  name: 'Div',
  lower: (site) => {
    if (!site.isReal()) return wholePlain(site, (a, b) => a / b)
    return site.chain(site.input(), [['divide', second(site, site.input(1))]])
  },
}

const subtracting: RunRow = {
  name: 'Sub',
  lower: (site) => {
    if (!site.isReal()) return wholePlain(site, (x, y) => x - y)
    const [a, b] = [site.input(), second(site, site.input(1))]
    // A number less x is x with the other sign, plus the number: rounded alike, and x comes first.
    if (a.constant?.length === 1 && !b.constant)
      return site.chain(b, [
        ['multiply', -1],
        ['add', a],
      ])
    return site.chain(a, [['subtract', b]])
  },
}

const power: RunRow = {
  name: 'Pow',
  lower: (site) => {
    const [x, exponent] = [site.input(), site.input(1)]
    const n = exponent.constant?.length === 1 ? exponent.constant[0] : undefined
    if (!site.isReal()) return wholePlain(site, (a, b) => a ** b)
    if (n === 1) return site.view(x)
    if (n === 2) return site.chain(x, [['multiply', x]])
    if (n === 0.5) return site.chain(x, [['sqrt']])
    return plain(site, 'power', (a, b) => a ** b, [x, exponent])
  },
}

/** Bounds that are computed are taken one after the other. */
const clipping: RunRow = {
  name: 'Clip',
  lower(site) {
    const { call } = site
    const low = call.number('min', 1, Number.NEGATIVE_INFINITY)
    const high = call.number('max', 2, Number.POSITIVE_INFINITY)
    if (typeof low === 'number' && typeof high === 'number') return site.chain(site.input(), [clip(low, high)])
    const bounds = [site.optional(1), site.optional(2)]
    const names = ['maximum', 'minimum'] as const
    return site.chain(
      site.input(),
      bounds.flatMap((bound, index): WrittenLink[] => (bound ? [[names[index], site.view(bound, [])]] : [])),
    )
  },
}

/** What a clip does, by the shortest name. */
function clip(low: number, high: number): WrittenLink {
  if (low === 0 && high === 6) return ['relu6']
  return low === 0 && high === Number.POSITIVE_INFINITY ? ['relu'] : ['clip', low, high]
}

const prelu: RunRow = {
  name: 'PRelu',
  lower: (site) => {
    const [x, slope] = [site.input(), site.input(1)]
    const isList = site.call.opset < 7 && slope.shape.length === 1 && x.shape.length > 1
    const ones = new Array<number>(Math.max(0, x.shape.length - 2)).fill(1)
    return site.chain(x, [['prelu', isList ? site.view(slope, [...slope.shape, ...ones]) : slope]])
  },
}

/** x times the sigmoid of a multiple of x. */
const gated = (name: string, absent: number): RunRow => ({
  name,
  lower: (site) => {
    const [x, alpha] = [site.input(), float(site, 'alpha', absent)]
    if (alpha === 1) return site.chain(x, [['silu']])
    return site.chain(site.chain(x, [['multiply', alpha], ['sigmoid']]), [['multiply', x]])
  },
})

/** A comparison of two values, as 1 or 0; `isTurned` where the second is compared with the first. */
const comparison = (name: string, link: FunctionName, isTurned = false): RunRow => ({
  name,
  lower: (site) => {
    const [a, b] = [site.input(), site.input(1)]
    return isTurned ? site.chain(b, [[link, a]]) : site.chain(a, [[link, b]])
  },
})

const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 }

/** Rows of operators on single elements that are chains of functions. */
export const elements: readonly RunRow[] = [
  commutative('Add', 'add', (a, b) => a + b),
  commutative('Mul', 'multiply', (a, b) => a * b),
  commutative('Max', 'maximum'),
  commutative('Min', 'minimum'),
  commutative('Sum', 'add'),
  { name: 'Mean', lower: (site) => joined(site, 'add', [['divide', site.call.inputs.length]]) },
  dividing,
  subtracting,
  power,
  prelu,
  gated('Swish', 1),
  gated('QuickGelu', 1.702),
  clipping,
  chained('Relu', () => [['relu']]),
  chained('Sigmoid', () => [['sigmoid']]),
  chained('Tanh', () => [['tanh']]),
  chained('Exp', () => [['exp']]),
  chained('Sqrt', () => [['sqrt']]),
  chained('Mish', () => [['mish']]),
  chained('HardSwish', () => [['hardSwish']]),
  chained('Gelu', (site) => [[site.call.attribute('approximate')?.string === 'tanh' ? 'geluTanh' : 'gelu']]),
  chained('FastGelu', () => [['geluTanh']]),
  chained('LeakyRelu', (site) => [['leakyRelu', float(site, 'alpha', 0.01)]]),
  chained('Elu', (site) => [['elu', float(site, 'alpha', 1)]]),
  chained('Selu', (site) => [
    ['elu', float(site, 'alpha', SELU.alpha)],
    ['multiply', float(site, 'gamma', SELU.gamma)],
  ]),
  chained('Celu', (site) => {
    const alpha = float(site, 'alpha', 1)
    return alpha === 1
      ? [['elu', 1]]
      : [
          ['divide', alpha],
          ['elu', 1],
          ['multiply', alpha],
        ]
  }),
  chained('HardSigmoid', (site) => [['hardSigmoid', float(site, 'alpha', 0.2), float(site, 'beta', 0.5)]]),
  chained('Neg', () => [['multiply', -1]]),
  chained('Abs', (_, x) => [
    ['multiply', -1],
    ['maximum', x],
  ]),
  comparison('Equal', 'equal'),
  comparison('Less', 'below'),
  comparison('Greater', 'below', true),
  chained('Reciprocal', () => [['reciprocal']]),
]
