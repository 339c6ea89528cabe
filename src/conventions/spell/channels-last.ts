import { type Axis, effectiveKernel, type Pads } from '../../geometry/index.ts'
import { padsTo } from '../argument-orders.ts'
import { type CodeValue, type Language, returning } from './language.ts'
import { type Groups, groupsText, isConvolution, type SpelledLayer, shapesOf, tensorsOf } from './layer.ts'
import { type Counted, countedCells, each, isSame, somePads, uncroppedOf, writtenPads } from './windows.ts'

/** What a call of a convolution needs besides its tensors. */
export interface ConvCall {
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Pads of every dimension, where `padsItself` says that the call takes them; or the framework's own SAME. */
  readonly pads?: readonly Pads[] | 'same'
}

/** What a call of a transposed convolution, without crops and dilation, needs besides its tensors. */
export interface TransposedCall {
  readonly strides: readonly number[]
  /** Cells after the full result; below the stride. */
  readonly outputPadding: readonly number[]
  /** Cells of the result along each axis, those included; numbers or expressions. */
  readonly size: readonly CodeValue[]
}

/** What a call of an undilated pooling needs besides its tensor. */
export interface PoolCall {
  readonly kind: PoolKind
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly padding: 'same' | 'valid'
}

export type PoolKind = 'max' | 'average'

/** The taps of one axis, taken apart: cells t, t + stride, ... for each tap t of a window. */
export interface TapsCall {
  readonly kind: PoolKind
  /** The dimension in the tensor. */
  readonly dimension: number
  readonly axis: Pick<Axis, 'kernel' | 'stride' | 'dilation'>
  /** Cells from the first window's start to the last one's, both included: a number or an expression. */
  readonly span: CodeValue
}

/** An axis of the kernel, spread. */
export interface SpreadCall {
  /** For `einsum` of the kernel and the matrix. */
  readonly equation: string
  /** Where the taps go: the columns of the ones. */
  readonly places: readonly number[]
  /** The effective kernel: how many columns there are. */
  readonly size: number
}

/** The expressions of a framework whose tensors are `[batch, ...spatial, channels]` and kernels `[...kernel, in, out]`. */
export interface Words {
  readonly language: Language
  /** Lines before the function. */
  readonly imports: readonly string[]
  /** Parameters before the tensors. */
  readonly library: readonly string[]
  /** Whether a convolution over so many axes takes asymmetric pads itself. */
  readonly padsItself: (rank: number) => boolean
  /** Whether a pooling with padding `same` follows TensorFlow's rule, and divides by real cells, in every version. */
  readonly poolsSame: boolean
  readonly permute: (x: string, order: readonly number[]) => string
  /** Pads for every dimension. */
  readonly pad: (x: string, pads: readonly CodeValue[], value: number) => string
  readonly conv: (call: ConvCall) => string
  /** The kernel is `[...kernel, out, in]` here. */
  readonly convTranspose: (call: TransposedCall) => string
  readonly pool: (call: PoolCall) => string
  /** A pooling along one axis, without the pooling function. */
  readonly poolTaps: (call: TapsCall) => string
  readonly everyNth: (steps: readonly number[]) => string
  readonly crop: (begins: readonly number[], sizes: readonly number[]) => string
  /** A kernel with zeros between the taps of an axis: its product with a matrix of zeros and ones. */
  readonly spread: (call: SpreadCall) => string
  /** Lines that do a call for each group of channels and join the results; the number of groups may be an expression. */
  readonly inGroups: (groups: CodeValue, call: string) => string[]
  /** A convolution of each channel by itself, the kernel `[...kernel, in, out / in]`; undefined where there is none. */
  readonly depthwise: (call: ConvCall) => string | undefined
  readonly reshape: (x: string, shape: readonly CodeValue[]) => string
  readonly ones: (shape: readonly number[]) => string
  readonly divide: (a: string, b: string) => string
  readonly withBias: string
}

/** Writes a layer in the words of a framework with channels last. */
export function channelsLast(words: Words, given: SpelledLayer): string[] {
  const { language, library, imports } = words
  // A single tap has nothing to dilate, so no dilation that a framework would refuse.
  const axes = given.axes.map((axis) => (axis.kernel === 1 ? { ...axis, dilation: 1 } : axis))
  const layer = { ...given, axes }
  const rank = axes.length
  const spatial = axes.map((_, index) => index + 1)
  const nchw = layer.layout === 'nchw'
  const lines = isConvolution(layer.op) ? convolve(words, layer) : pool(words, layer)
  const body = [
    language.comment(shapesOf(layer)),
    ...(nchw ? [assign('x', words.permute('x', [0, ...spatial.map((axis) => axis + 1), 1]))] : []),
    ...lines,
    ...(nchw ? [assign('x', words.permute('x', [0, rank + 1, ...spatial]))] : []),
  ]
  return [...imports, ...language.define('layer', [...library, ...tensorsOf(layer)], returning(body))]
}

const assign = (name: string, value: string): string => `${name} = ${value}`

const everyDimension = (pads: readonly Pads[]): readonly Pads[] => padsTo('tensorflow', pads) as readonly Pads[]

function padInput(words: Words, pads: readonly Pads[], value = 0): string[] {
  return somePads(pads) ? [assign('x', words.pad('x', everyDimension(pads), value))] : []
}

function convolve(words: Words, layer: SpelledLayer): string[] {
  const { op, axes, groups, bias } = layer
  const kernel = axes.map((_, axis) => axis + 2)
  const comment = words.language.comment(op === 'conv' ? '[...kernel, C, out]' : '[...kernel, out, C]')
  return [
    `${assign('weight', words.permute('weight', [...kernel, 1, 0]))}  ${comment}`,
    ...(op === 'conv' ? conv(words, axes, groups) : convTranspose(words, axes, groups)),
    ...(bias ? [words.withBias] : []),
  ]
}

function conv(words: Words, axes: readonly Axis[], groups: Groups): string[] {
  const pads = axes.map(writtenPads)
  const padsItself = groups !== 'depthwise' && words.padsItself(axes.length) && somePads(pads)
  const call = {
    strides: each(axes, 'stride'),
    dilations: each(axes, 'dilation'),
    pads: padsItself ? everyDimension(pads) : undefined,
  }
  return [...(padsItself ? [] : padInput(words, pads)), ...convLines(words, axes, call, groups)]
}

/** Lines that convolve `x`. Stride with dilation, even on different axes, only some devices compute: it is taken apart. */
export function convLines(
  words: Words,
  axes: readonly Pick<Axis, 'kernel'>[],
  call: ConvCall,
  groups: Groups,
): string[] {
  const { strides, dilations } = call
  const both = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1)
  if (!both) return oneConv(words, axes, call, groups)
  const comment = words.language.comment(
    'stride and dilation are refused together: dilated at stride 1, then every nth',
  )
  const dilated = { ...call, strides: strides.map(() => 1) }
  return [comment, ...oneConv(words, axes, dilated, groups), `x = ${words.everyNth(strides)}`]
}

/** Lines that call for each group of channels. */
export function grouped(words: Words, groups: Groups, rank: number, call: string): string[] {
  const count = groupsText({ groups }, channelsOf(rank))
  return count === undefined ? [assign('x', call)] : words.inGroups(count, call)
}

/** The channels of `x`, an expression. */
const channelsOf = (rank: number): string => `x.shape[${rank + 1}]`

/** One call of a framework's convolution; of its depthwise one where it has that. */
function oneConv(words: Words, axes: readonly Pick<Axis, 'kernel'>[], call: ConvCall, groups: Groups): string[] {
  const rank = axes.length
  const depthwise = groups === 'depthwise' ? words.depthwise(call) : undefined
  if (depthwise === undefined) return grouped(words, groups, rank, words.conv(call))
  const kernel = words.reshape('weight', [...each(axes, 'kernel'), channelsOf(rank), -1])
  return [`${assign('weight', kernel)}  ${words.language.comment('[...kernel, C, out / C]')}`, assign('x', depthwise)]
}

function convTranspose(words: Words, axes: readonly Axis[], groups: Groups): string[] {
  const parts = axes.map(uncroppedOf)
  const dilated = axes.flatMap((axis, index) =>
    axis.dilation === 1 ? [] : [assign('weight', words.spread(spread(axis, index, axes.length)))],
  )
  const call = words.convTranspose({
    strides: each(axes, 'stride'),
    outputPadding: each(parts, 'outputPadding'),
    size: each(parts, 'size'),
  })
  const samples = parts.map((part): Pads => [0, part.samples])
  const exact = axes.every((axis, index) => axis.padBegin === 0 && parts[index].size === axis.output)
  return [
    ...(dilated.length ? [words.language.comment('dilation is refused here: zeros between the taps instead')] : []),
    ...dilated,
    ...padInput(words, samples),
    ...grouped(words, groups, axes.length, call),
    ...(exact ? [] : [assign('x', words.crop(each(axes, 'padBegin'), each(axes, 'output')))]),
  ]
}

/** How an axis of a kernel is spread. */
export function spread(axis: Pick<Axis, 'kernel' | 'dilation'>, index: number, rank: number): SpreadCall {
  const letters = 'dhw'.slice(-rank)
  const [from, to] = [letters[index], letters[index].toUpperCase()]
  return {
    equation: `'${letters}oi,${from}${to}->${letters.replace(from, to)}oi'`,
    places: Array.from({ length: axis.kernel }, (_, tap) => tap * axis.dilation),
    size: effectiveKernel(axis),
  }
}

function pool(words: Words, { op, axes, countIncludePad }: SpelledLayer): string[] {
  const kind: PoolKind = op === 'maxPool' ? 'max' : 'average'
  const counted = kind === 'average' ? countedCells(axes, countIncludePad) : undefined
  const pads = axes.map(writtenPads)
  const same = words.poolsSame && axes.every(isSame) && (kind === 'max' || !countIncludePad)
  if (same && somePads(pads)) {
    return [
      words.language.comment('the padding of SAME for this size of input'),
      ...poolLines(words, axes, kind, 'same'),
    ]
  }
  if (counted) return ratio(words, axes, counted)
  return [
    ...padInput(words, pads, kind === 'max' ? Number.NEGATIVE_INFINITY : 0),
    ...poolLines(words, axes, kind, 'valid'),
  ]
}

/** Lines that pool `x`: one call, or one axis after the other where a pooling function would refuse the dilation. */
function poolLines(words: Words, axes: readonly Axis[], kind: PoolKind, padding: 'same' | 'valid'): string[] {
  if (axes.some((axis) => axis.dilation > 1)) {
    return axes.map((axis, index) =>
      assign('x', words.poolTaps({ kind, dimension: index + 1, axis, span: (axis.output - 1) * axis.stride + 1 })),
    )
  }
  const kernel = each(axes, 'kernel')
  const strides = each(axes, 'stride')
  return [assign('x', words.pool({ kind, kernel, strides, padding }))]
}

/** An average that divides by the cells that count: the mean with zeros, by the mean of ones and zeros. */
function ratio(words: Words, axes: readonly Axis[], { cells, pads }: Counted): string[] {
  const { language } = words
  const mean = language.define('mean', ['x'], returning(poolLines(words, axes, 'average', 'valid')))
  const written = words.pad('x', everyDimension(axes.map(writtenPads)), 0)
  return [
    ...mean,
    '',
    `${language.declare('real', words.ones([1, ...cells, 1]))}  ${language.comment('the cells that count in the divisor')}`,
    assign('x', words.divide(`mean(${written})`, `mean(${words.pad('real', everyDimension(pads), 0)})`)),
  ]
}
