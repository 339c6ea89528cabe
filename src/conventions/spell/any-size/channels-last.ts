import { effectiveKernel, type Pads } from '../../../geometry/index.ts'
import { ceilDivide } from '../../../geometry/integers.ts'
import { convLines, grouped, type PoolKind, spread, type Words } from '../channels-last.ts'
import { kerasWords } from '../keras.ts'
import { type CodeValue, javascript, joined, python, returning } from '../language.ts'
import { isConvolution, tensorsOf } from '../layer.ts'
import { tensorflowWords } from '../tensorflow.ts'
import { tfjsWords } from '../tfjs.ts'
import { each } from '../windows.ts'
import { type AnySizeLayer, isPadded, isSamePads, type SamePads } from './layer.ts'
import { padsHelper } from './pads-helper.ts'
import { titleOf } from './title.ts'

/** What the words of a framework lack for sizes that are not known. */
interface AnySize {
  readonly words: Words
  /** The size of a dimension of `x`. */
  readonly size: (dimension: number) => string
  /** `x` without so many cells at the start and the end of each spatial axis. */
  readonly cut: (crops: readonly Pads[]) => string
  /** Ones of the input's sizes, a single channel. */
  readonly ones: (rank: number) => string
  /** The largest of zero and an expression. */
  readonly atLeastZero: (value: string) => string
  /** Whether its own SAME is right for poolings of these kinds, without dilation. */
  readonly poolsSame: readonly PoolKind[]
  /** Whether its own SAME is right for a convolution, without stride and dilation together. */
  readonly convolvesSame: boolean
}

const slices = (crops: readonly Pads[]): string =>
  `x[:, ${crops.map(([begin, end]) => `${begin || ''}:${end > 0 ? -end : ''}`).join(', ')}]`

const ones =
  (name: string, size: (dimension: number) => string) =>
  (rank: number): string =>
    `${name}([1, ${Array.from({ length: rank }, (_, axis) => size(axis + 1)).join(', ')}, 1]`

const shape = (dimension: number): string => `x.shape[${dimension}]`
const tfShape = (dimension: number): string => `tf.shape(x)[${dimension}]`

const frameworks = {
  tensorflow: {
    words: tensorflowWords,
    size: tfShape,
    cut: slices,
    ones: (rank) => `${ones('tf.ones', tfShape)(rank)}, x.dtype)`,
    atLeastZero: (value) => `tf.maximum(0, ${value})`,
    poolsSame: ['max', 'average'],
    convolvesSame: true,
  },
  keras: {
    words: kerasWords,
    size: shape,
    cut: slices,
    ones: (rank) => `${ones('ops.ones', shape)(rank)}, x.dtype)`,
    atLeastZero: (value) => `max(0, ${value})`,
    poolsSame: ['max'],
    convolvesSame: true,
  },
  // Its SAME over three axes is another one, and a pooling of one tap is left out.
  tfjs: {
    words: tfjsWords,
    size: shape,
    cut: (crops) => {
      const sizes = crops.map(([begin, end], axis) => {
        const less = begin + end
        return less === 0 ? -1 : `${shape(axis + 1)} - ${less}`
      })
      return `tf.slice(x, ${javascript.value([0, ...crops.map(([begin]) => begin), 0])}, ${javascript.value([-1, ...sizes, -1])})`
    },
    ones: (rank) => `${ones('tf.ones', shape)(rank)})`,
    atLeastZero: (value) => `Math.max(0, ${value})`,
    poolsSame: [],
    convolvesSame: false,
  },
} as const satisfies Record<string, AnySize>

/** A function that pads from the input that arrives, in a framework with channels last. */
export function channelsLastFunction(name: keyof typeof frameworks, layer: AnySizeLayer): string {
  const framework: AnySize = frameworks[name]
  const { words } = framework
  const { language, library, imports } = words
  const lines = isConvolution(layer.op) ? convolve(framework, layer) : pool(framework, layer)
  const usesHelper = lines.some((line) => line.includes('pads_of('))
  const rule = layer.axes.map(({ pads }) => pads).find(isSamePads)
  const helper = usesHelper && rule ? padsHelper(language, rule.begin, framework.atLeastZero) : []
  const body = [language.comment(titleOf(layer)), ...lines]
  const written = [
    ...imports,
    ...(helper.length ? [...helper, ''] : []),
    ...(helper.length && language === python ? [''] : []),
    ...language.define('layer', [...library, ...tensorsOf(layer)], returning(body)),
  ]
  return joined(language === javascript ? written.map((line) => line.replaceAll('pads_of(', 'padsOf(')) : written)
}

/** Pads of every dimension: numbers, and calls that work them out. */
function padsOfEach({ axes }: AnySizeLayer, size: (dimension: number) => string): CodeValue[] {
  const spatial = axes.map(({ pads, stride }, axis): CodeValue => {
    return isSamePads(pads) ? `pads_of(${size(axis + 1)}, ${pads.reach}, ${stride})` : pads
  })
  return [[0, 0], ...spatial, [0, 0]]
}

function padded(framework: AnySize, layer: AnySizeLayer, x: string, value: number): string {
  return layer.axes.some(isPadded) ? framework.words.pad(x, padsOfEach(layer, framework.size), value) : x
}

/** Whether the framework's own SAME makes the same windows on all axes. */
function isOwnSame({ axes }: AnySizeLayer): boolean {
  const rules = axes.map(({ pads }) => pads)
  return rules.every(
    (pads, axis): pads is SamePads =>
      isSamePads(pads) && pads.begin === 'smaller half' && pads.reach === effectiveKernel(axes[axis]),
  )
}

function convolve(framework: AnySize, layer: AnySizeLayer): string[] {
  const { words } = framework
  const { op, axes, bias } = layer
  const kernel = axes.map((_, axis) => axis + 2)
  const comment = words.language.comment(op === 'conv' ? '[...kernel, C, out]' : '[...kernel, out, C]')
  const weight = `weight = ${words.permute('weight', [...kernel, 1, 0])}  ${comment}`
  return [
    weight,
    ...(op === 'conv' ? forward(framework, layer) : transposed(framework, layer)),
    ...(bias ? [words.withBias] : []),
  ]
}

function forward(framework: AnySize, layer: AnySizeLayer): string[] {
  const [strides, dilations] = [each(layer.axes, 'stride'), each(layer.axes, 'dilation')]
  const both = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1)
  const own = framework.convolvesSame && !both && isOwnSame(layer)
  const x = own ? 'x' : padded(framework, layer, 'x', 0)
  return [
    ...(x === 'x' ? [] : [`x = ${x}`]),
    ...convLines(framework.words, layer.axes, { strides, dilations, pads: own ? 'same' : undefined }, layer.groups),
  ]
}

function transposed(framework: AnySize, layer: AnySizeLayer): string[] {
  const { words, size } = framework
  const { axes } = layer
  const parts = axes.map((axis) => {
    const missing = Math.max(0, -(axis.pads as Pads)[1])
    const samples = missing < axis.stride ? 0 : ceilDivide(missing, axis.stride)
    return { samples, outputPadding: samples ? 0 : missing }
  })
  const spreads = axes.flatMap((axis, index) =>
    axis.dilation === 1 ? [] : [`weight = ${words.spread(spread(axis, index, axes.length))}`],
  )
  const call = words.convTranspose({
    strides: each(axes, 'stride'),
    outputPadding: each(parts, 'outputPadding'),
    size: axes.map((axis, index) => {
      const rest = effectiveKernel(axis) - axis.stride + parts[index].outputPadding
      return `${size(index + 1)} * ${axis.stride} ${rest < 0 ? '-' : '+'} ${Math.abs(rest)}`
    }),
  })
  const crops = axes.map(({ pads, stride }, axis): Pads => {
    const [begin, end] = pads as Pads
    const { samples, outputPadding } = parts[axis]
    return [begin, end + samples * stride + outputPadding]
  })
  const samples = parts.map((part): Pads => [0, part.samples])
  return [
    ...(spreads.length ? [words.language.comment('dilation is refused here: zeros between the taps instead')] : []),
    ...spreads,
    ...(samples.some(([, count]) => count > 0) ? [`x = ${words.pad('x', [[0, 0], ...samples, [0, 0]], 0)}`] : []),
    ...grouped(words, layer.groups, axes.length, call),
    ...(crops.some(([begin, end]) => begin > 0 || end > 0) ? [`x = ${framework.cut(crops)}`] : []),
  ]
}

function pool(framework: AnySize, layer: AnySizeLayer): string[] {
  const { words } = framework
  const { op, axes, countIncludePad } = layer
  const kind: PoolKind = op === 'maxPool' ? 'max' : 'average'
  const undilated = axes.every(({ dilation }) => dilation === 1)
  const own = undilated && framework.poolsSame.includes(kind) && isOwnSame(layer) && !countIncludePad
  const [kernel, strides] = [each(axes, 'kernel'), each(axes, 'stride')]
  if (own) return [`x = ${words.pool({ kind, kernel, strides, padding: 'same' })}`]
  const lines = undilated
    ? [`x = ${words.pool({ kind, kernel, strides, padding: 'valid' })}`]
    : axes.map((axis, index) => {
        const span = `${framework.size(index + 1)} - ${effectiveKernel(axis) - 1}`
        return `x = ${words.poolTaps({ kind, dimension: index + 1, axis, span })}`
      })
  const x = padded(framework, layer, 'x', kind === 'max' ? Number.NEGATIVE_INFINITY : 0)
  if (kind === 'max' || countIncludePad || x === 'x') return [...(x === 'x' ? [] : [`x = ${x}`]), ...lines]
  const mean = words.language.define('mean', ['x'], returning(lines))
  const real = words.language.declare('real', framework.ones(axes.length))
  return [
    ...mean,
    '',
    `${real}  ${words.language.comment('the cells that count in the divisor')}`,
    `x = ${words.divide(`mean(${x})`, `mean(${padded(framework, layer, 'real', 0)})`)}`,
  ]
}
