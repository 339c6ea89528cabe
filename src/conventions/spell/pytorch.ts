import { type Axis, effectiveKernel, fullSize, outputSize, type Pads, reach } from '../../geometry/index.ts'
import { padsTo } from '../argument-orders.ts'
import { type CodeValue, concise, conciseUnless, joined, python, pythonCall } from './language.ts'
import { groupsText, type SpelledLayer, shapesOf, tensorsOf } from './layer.ts'
import { countedCells, each, somePads, writtenPads } from './windows.ts'

/**
 * PyTorch, `torch.nn.functional`. Its own `padding` is symmetric; where that makes the same windows it is used, else
 * the input is padded by `F.pad`. Source: the reference of torch.nn.functional, and `aten/src/ATen/native/Pool.h`.
 */
export function pytorch(layer: SpelledLayer): string {
  const { before, result } = bodies[layer.op](layer)
  const channelsLast = layer.layout === 'nhwc'
  const lines = channelsLast
    ? ['x = x.movedim(-1, 1)', ...before, `y = ${result}`, 'return y.movedim(1, -1)']
    : [...before, `return ${result}`]
  return joined([
    ...['import torch.nn.functional as F', '', ''],
    ...python.define('layer', tensorsOf(layer), [python.comment(shapesOf(layer)), ...lines]),
  ])
}

/** A function's body: its lines, and the expression that it returns. */
interface FunctionText {
  readonly before: readonly string[]
  readonly result: string
}

const bodies: Readonly<Record<SpelledLayer['op'], (layer: SpelledLayer) => FunctionText>> = {
  conv,
  convTranspose,
  maxPool,
  averagePool,
}

function pad(x: string, pads: readonly Pads[], value?: string): string {
  return somePads(pads) ? pythonCall('F.pad', [x, padsTo('pytorch', pads)], { value }) : x
}

/** The line that pads the input, if there is anything to pad. */
function padInput(axes: readonly Axis[], value?: string): string[] {
  const pads = axes.map(writtenPads)
  return somePads(pads) ? [`x = ${pad('x', pads, value)}`] : []
}

/** Whether `padding=` with the begin padding on both sides makes the same windows: no window more, none less. */
const symmetric = (axis: Axis, ceilMode = false): boolean =>
  outputSize(axis, axis.padBegin, axis.padBegin, ceilMode) === axis.output

/** Whether these are the pads of `padding='same'`, which PyTorch has for stride 1. */
const isOwnSame = (axis: Axis): boolean => {
  const total = effectiveKernel(axis) - 1
  return axis.stride === 1 && axis.padBegin === Math.floor(total / 2) && axis.padBegin + axis.padEnd === total
}

function conv(layer: SpelledLayer): FunctionText {
  const { axes } = layer
  const own = axes.every((axis) => symmetric(axis))
  const same = !own && axes.every(isOwnSame)
  return {
    before: own || same ? [] : padInput(axes),
    result: pythonCall(`F.conv${axes.length}d`, tensorsOf(layer), {
      stride: conciseUnless(1, each(axes, 'stride')),
      padding: same ? "'same'" : own ? conciseUnless(0, each(axes, 'padBegin')) : undefined,
      dilation: conciseUnless(1, each(axes, 'dilation')),
      groups: groupsText(layer, 'x.shape[1]'),
    }),
  }
}

/** One axis of a transposed convolution in PyTorch's arguments, and what to cut out of the result, if anything. */
interface TransposedArguments {
  readonly padding: number
  readonly outputPadding: number
  readonly slice?: Pads
}

/**
 * PyTorch crops `padding` on both sides and gives `output_padding`, below the larger of stride and dilation, back at
 * the end. So it crops no more at the end than at the start, and not much less: the rest is sliced off.
 */
function transposed(axis: Axis): TransposedArguments {
  const { stride, dilation, padBegin: padding, output } = axis
  const back = output - (fullSize(axis) - 2 * padding)
  if (back < 0) return { padding, outputPadding: 0, slice: [0, output] }
  if (back < Math.max(stride, dilation)) return { padding, outputPadding: back }
  const outputPadding = Math.max(0, padding + output - fullSize(axis))
  return { padding: 0, outputPadding, slice: [padding, padding + output] }
}

function convTranspose(layer: SpelledLayer): FunctionText {
  const { axes } = layer
  const sides = axes.map(transposed)
  const result = pythonCall(`F.conv_transpose${axes.length}d`, tensorsOf(layer), {
    stride: conciseUnless(1, each(axes, 'stride')),
    padding: conciseUnless(0, each(sides, 'padding')),
    output_padding: conciseUnless(0, each(sides, 'outputPadding')),
    groups: groupsText(layer, 'x.shape[1]'),
    dilation: conciseUnless(1, each(axes, 'dilation')),
  })
  if (sides.every(({ slice }) => !slice)) return { before: [], result }
  const slices = sides.map(({ slice }) => (slice ? `${slice[0] || ''}:${slice[1]}` : ':'))
  return {
    before: [python.comment('what padding= and output_padding= cannot crop is sliced off'), `y = ${result}`],
    result: `y[..., ${slices.join(', ')}]`,
  }
}

/**
 * With which `ceil_mode`, if any, PyTorch's own padding makes these windows. It allows at most half the kernel; some
 * versions count the dilation in, which is not relied on.
 */
function ceilModeOf(axes: readonly Axis[]): boolean | undefined {
  if (axes.some((axis) => 2 * axis.padBegin > axis.kernel)) return undefined
  return [false, true].find((ceilMode) => axes.every((axis) => symmetric(axis, ceilMode)))
}

const sizes = (axes: readonly Axis[]): CodeValue[] => [concise(each(axes, 'kernel')), concise(each(axes, 'stride'))]
const flag = (on: boolean | undefined): string | undefined => (on ? 'True' : undefined)

function maxPool({ axes }: SpelledLayer): FunctionText {
  const ceilMode = ceilModeOf(axes)
  return {
    before: ceilMode === undefined ? padInput(axes, "float('-inf')") : [],
    result: pythonCall(`F.max_pool${axes.length}d`, ['x', ...sizes(axes)], {
      padding: ceilMode === undefined ? undefined : conciseUnless(0, each(axes, 'padBegin')),
      dilation: conciseUnless(1, each(axes, 'dilation')),
      ceil_mode: flag(ceilMode),
    }),
  }
}

function averagePool({ axes, countIncludePad }: SpelledLayer): FunctionText {
  const name = `F.avg_pool${axes.length}d`
  const dilated = axes.some((axis) => axis.dilation > 1)
  const ceilMode = ceilModeOf(axes)
  // A divisor with padding ends where the end padding does, PyTorch's own or ours: no window may run past either.
  const divisor = (axis: Axis): boolean =>
    axis.padBegin === axis.padEnd || reach(axis) <= Math.min(axis.padBegin, axis.padEnd)
  // avg_pool3d refuses an input that is smaller than the kernel, whatever the padding.
  const large = axes.length < 3 || axes.every((axis) => axis.kernel <= axis.input)
  if (!dilated && large && ceilMode !== undefined && (!countIncludePad || axes.every(divisor))) {
    const padding = conciseUnless(0, each(axes, 'padBegin'))
    const count_include_pad = padding !== undefined && !countIncludePad ? 'False' : undefined
    const named = { padding, ceil_mode: flag(ceilMode), count_include_pad }
    return { before: [], result: pythonCall(name, ['x', ...sizes(axes)], named) }
  }

  const counted = countedCells(axes, countIncludePad)
  if (!counted && !dilated) return { before: padInput(axes), result: pythonCall(name, ['x', ...sizes(axes)]) }
  const mean = python.define(
    'mean',
    ['x'],
    dilated ? meanOfTaps(axes) : [`return ${name}(x, ${sizes(axes).map(python.value).join(', ')})`],
  )
  const padded = `mean(${pad('x', axes.map(writtenPads))})`
  if (!counted) return { before: mean, result: padded }
  const comment = python.comment('the cells that count in the divisor')
  return {
    before: [...mean, '', `real = x.new_ones(${[1, 1, ...counted.cells].join(', ')})  ${comment}`],
    result: `${padded} / mean(${pad('real', counted.pads)})`,
  }
}

/** Averages one axis after the other: PyTorch's pooling knows no dilation. */
function meanOfTaps(axes: readonly Axis[]): string[] {
  return axes.map((axis, index) => {
    const taps = axis.dilation === 1 ? '' : `[..., ::${axis.dilation}]`
    const mean = `x.unfold(${index + 2}, ${effectiveKernel(axis)}, ${axis.stride})${taps}.mean(-1)`
    return index === axes.length - 1 ? `return ${mean}` : `x = ${mean}`
  })
}
