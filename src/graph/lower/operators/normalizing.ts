import { Geometry, resolve } from '../../../geometry/index.ts'
import { axesFrom } from '../../../operators/places.ts'
import { layerNorm } from '../../../run/between/normalize.ts'
import type { Tensor } from '../../../tensor/tensor.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site, WrittenLink } from '../site.ts'
import { plain } from './plain.ts'
import { powers, reduced, rooted } from './reducing.ts'
import type { RunRow } from './row.ts'

const float = (site: Site, name: string, absent: number): number => site.call.attribute(name)?.float ?? absent

/** A number for each channel, as it is broadcast. */
const perChannel = (site: Site, value: GraphValue, rank: number): GraphValue =>
  site.view(value, [sizeOf(value.shape), ...new Array<number>(Math.max(0, rank - 2)).fill(1)])

/** A normalization by known numbers: a factor and a shift for each channel. */
const batch: RunRow = {
  name: 'BatchNormalization',
  constants: [1, 2, 3, 4],
  refuses: (call) => {
    const isOld =
      call.opset < 14 && (call.opset < 7 ? call.int('is_test') !== 1 : call.node.outputs.slice(1).some(Boolean))
    if (isOld) return 'trains as before operator set 14'
    return call.int('spatial') === 0 ? 'has spatial 0' : undefined
  },
  lower(site) {
    const x = site.input()
    if (site.call.int('training_mode') === 1) return trained(site, x)
    const [scale, bias, mean, variance] = [1, 2, 3, 4].map((index) => site.constant(index))
    const epsilon = float(site, 'epsilon', 1e-5)
    const factor = scale.map((one, index) => one / Math.sqrt(variance[index] + epsilon))
    const shift = bias.map((one, index) => one - mean[index] * factor[index])
    const list = (data: Float32Array): GraphValue => perChannel(site, site.filled([data.length], data), x.shape.length)
    return site.chain(x, [
      ['multiply', list(factor)],
      ['add', list(shift)],
    ])
  },
}

/** A normalization by statistics of all pictures, and the means of these and of those that were known. */
function trained(site: Site, x: GraphValue): readonly GraphValue[] {
  const axes = [...x.shape.keys()].filter((axis) => axis !== 1)
  const epsilon = float(site, 'epsilon', 1e-5)
  const { mean, variance, deviation } = statisticsOf(site, x, axes, epsilon)
  const [scale, bias] = [1, 2].map((index) => perChannel(site, site.input(index), x.shape.length))
  const made = site.chain(
    x,
    [
      ['subtract', mean],
      ['divide', deviation],
      ['multiply', scale],
      ['add', bias],
    ],
    x.shape,
  )
  const momentum = float(site, 'momentum', 0.9)
  const running = (known: GraphValue, found: GraphValue): GraphValue => {
    const old = site.chain(known, [['multiply', momentum]], known.shape)
    return site.chain(
      site.view(found, known.shape),
      [
        ['multiply', 1 - momentum],
        ['add', old],
      ],
      known.shape,
    )
  }
  return [made, running(site.input(3), mean), running(site.input(4), variance)]
}

/** The mean along axes, and the root of the mean square of the differences. */
function statisticsOf(
  site: Site,
  x: GraphValue,
  axes: readonly number[],
  epsilon: number,
): Readonly<Record<'mean' | 'variance' | 'deviation', GraphValue>> {
  const mean = reduced(site, x, 'mean', axes)
  const centred = site.chain(x, [['subtract', mean]], x.shape)
  const variance = reduced(site, powers(site, centred, 2), 'mean', axes)
  return { mean, variance, deviation: site.chain(variance, [['add', epsilon], ['sqrt']], variance.shape) }
}

/** Values less their mean along axes, over the root of their mean square. */
function standardized(site: Site, x: GraphValue, axes: readonly number[], epsilon: number): GraphValue {
  const run = ([from]: readonly Tensor[], output: Tensor, axes: readonly number[]): unknown =>
    layerNorm(from, { axes, epsilon, output })
  return site.emitCall('layerNorm', `along ${axes}`, [x], run, x.shape, { axes })
}

const scaled = (site: Site, x: GraphValue, scale: GraphValue, bias: GraphValue | undefined): GraphValue =>
  site.chain(x, [['multiply', scale], ...(bias ? [['add', bias] as WrittenLink] : [])], x.shape)

const layer: RunRow = {
  name: 'LayerNormalization',
  lower(site) {
    const x = site.input()
    const axes = axesFrom(site.axis(-1), x.shape.length)
    const epsilon = float(site, 'epsilon', 1e-5)
    const [scale, shift] = [site.input(1), site.optional(2)]
    const inputs = [x, scale, ...(shift ? [shift] : [])]
    const run = ([from, factor, sum]: readonly Tensor[], output: Tensor, axes: readonly number[]): unknown =>
      layerNorm(from, { axes, epsilon, scale: factor, shift: sum, output })
    const made = site.emitCall('layerNorm', `along ${axes}`, inputs, run, x.shape, { axes })
    const [, mean, deviation] = site.call.node.outputs
    if (!mean && !deviation) return made
    const statistics = statisticsOf(site, x, axes, epsilon)
    return [made, statistics.mean, site.chain(statistics.deviation, [['reciprocal']], statistics.deviation.shape)]
  },
}

const instance: RunRow = {
  name: 'InstanceNormalization',
  lower(site) {
    const x = site.input()
    const rank = x.shape.length
    const made = standardized(site, x, axesFrom(2, rank), float(site, 'epsilon', 1e-5))
    return scaled(site, made, perChannel(site, site.input(1), rank), perChannel(site, site.input(2), rank))
  },
}

const group: RunRow = {
  name: 'GroupNormalization',
  lower(site) {
    const x = site.input()
    const [batch, channels] = x.shape
    const groups = site.call.int('num_groups') ?? 1
    const parts = site.view(x, [batch, groups, channels / groups, ...x.shape.slice(2)])
    const axes = axesFrom(2, parts.shape.length)
    const made = site.view(standardized(site, parts, axes, float(site, 'epsilon', 1e-5)), x.shape)
    // Up to operator set 20 there is a number for each group.
    const list = (index: number): GraphValue => {
      const value = site.input(index)
      if (sizeOf(value.shape) === channels) return perChannel(site, value, x.shape.length)
      const ones = site.filled([groups, channels / groups], new Float32Array(channels).fill(1))
      const each = site.chain(ones, [['multiply', site.view(value, [groups, 1])]], [groups, channels / groups])
      return perChannel(site, each, x.shape.length)
    }
    return scaled(site, made, list(1), list(2))
  },
}

const meanVariance: RunRow = {
  name: 'MeanVarianceNormalization',
  lower(site) {
    const x = site.input()
    return standardized(site, x, site.axes(site.call.ints('axes') ?? [0, 2, 3], x.shape.length), 1e-9)
  },
}

const norm: RunRow = {
  name: 'LpNormalization',
  lower(site) {
    const x = site.input()
    const axis = site.axis(-1)
    const p = site.call.int('p') ?? 2
    const sums = rooted(site, reduced(site, powers(site, x, p), 'sum', [axis]), p)
    // A line of zeros stays one.
    const divisor = plain(site, 'notZero', (one) => one || 1, [sums], sums.shape)
    return site.chain(x, [['divide', divisor]])
  },
}

/** Squares of neighbouring channels, summed by a mean over windows along them. */
const local: RunRow = {
  name: 'LRN',
  lower(site) {
    const x = site.input()
    const [batch, channels] = x.shape
    const cells = sizeOf(x.shape) / batch / channels
    const size = site.call.int('size') ?? 1
    const [alpha, beta, bias] = [float(site, 'alpha', 1e-4), float(site, 'beta', 0.75), float(site, 'bias', 1)]
    const squares = site.view(powers(site, x, 2), [batch, 1, channels, cells])
    const pads = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)] as const
    const window = { input: [channels, cells], kernel: [size, 1], strides: 1, padding: [pads, [0, 0]] } as const
    const geometry = new Geometry('averagePool', resolve(window).axes)
    const operation = { kind: 'window', geometry, groups: 1, outChannels: 1, countIncludePad: true } as const
    const means = site.view(site.emit(operation, [squares], [[batch, 1, channels, cells]])[0], x.shape)
    if (beta !== 0.75) {
      const power = plain(site, 'power', (one) => (bias + alpha * one) ** beta, [means], x.shape)
      return site.chain(x, [['divide', power]])
    }
    const root = site.chain(means, [['multiply', alpha], ['add', bias], ['sqrt']])
    return site.chain(x, [['divide', site.chain(root, [['sqrt'], ['multiply', root]])]])
  },
}

/** Rows of normalizations. */
export const normalizing: readonly RunRow[] = [batch, layer, instance, group, meanVariance, norm, local]
