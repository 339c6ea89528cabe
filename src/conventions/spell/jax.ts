import { type Axis, effectiveKernel, type Pads } from '../../geometry/index.ts'
import { padsTo } from '../argument-orders.ts'
import { type CodeValue, joined, python, pythonCall, unless } from './language.ts'
import { groupsText, isConvolution, type SpelledLayer, shapesOf, tensorsOf } from './layer.ts'
import { countedCells, each, writtenPads } from './windows.ts'

/**
 * JAX, `jax.lax`: everything can be said directly. Source: `jax/_src/lax/convolution.py` (conv_general_dilated) and
 * `jax/_src/lax/windowed_reductions.py` (reduce_window), and their docstrings.
 */
export function jax(layer: SpelledLayer): string {
  const convolution = isConvolution(layer.op)
  const imports = convolution && layer.op === 'conv' ? [] : ['import jax.numpy as jnp']
  return joined([
    ...imports,
    ...['from jax import lax', '', ''],
    ...python.define('layer', tensorsOf(layer), [
      python.comment(shapesOf(layer)),
      ...(convolution ? convolve(layer) : pool(layer)),
    ]),
  ])
}

/** `('NHWC', 'OIHW', 'NHWC')` for channels last; the default is JAX's own. */
function dimensionNumbers({ axes, layout }: SpelledLayer): readonly string[] | undefined {
  const spatial = 'DHW'.slice(-axes.length)
  return layout === 'nchw' ? undefined : [`'N${spatial}C'`, `'OI${spatial}'`, `'N${spatial}C'`]
}

/** The channels of `x`. */
const channelsIn = ({ axes, layout }: SpelledLayer): string => `x.shape[${layout === 'nchw' ? 1 : axes.length + 1}]`

function convolve(layer: SpelledLayer): string[] {
  const { op, axes, bias, layout } = layer
  const transposed = op === 'convTranspose'
  const strides = each(axes, 'stride')
  const call = pythonCall('lax.conv_general_dilated', ['x', 'weight'], {
    window_strides: transposed ? axes.map(() => 1) : strides,
    padding: padsTo('jax', axes.map(transposed ? aroundSamples : writtenPads)),
    lhs_dilation: transposed ? unless(1, strides) : undefined,
    rhs_dilation: unless(1, each(axes, 'dilation')),
    dimension_numbers: dimensionNumbers(layer),
    feature_group_count: groupsText(layer, channelsIn(layer)),
  })
  const lines = transposed
    ? [...adjointWeight(layer, groupsText(layer, channelsIn(layer))), `y = ${call}`]
    : [`y = ${call}`]
  const perChannel = layout === 'nchw' ? `bias.reshape${python.value([-1, ...axes.map(() => 1)])}` : 'bias'
  return [...lines, `return ${bias ? `y if bias is None else y + ${perChannel}` : 'y'}`]
}

/**
 * A transposed convolution as a convolution of the input with stride - 1 zeros between its samples: its padding, which
 * is negative where more is cropped than the kernel reaches.
 */
function aroundSamples(axis: Axis): Pads {
  const spread = (axis.input - 1) * axis.stride + 1
  const begin = effectiveKernel(axis) - 1 - axis.padBegin
  return [begin, axis.output - 1 + effectiveKernel(axis) - spread - begin]
}

/** The weights of a transposed convolution as those of a convolution: the kernel flipped, in and out channels exchanged within each group. */
export function adjointWeight({ axes }: { axes: readonly unknown[] }, groups: CodeValue | undefined): string[] {
  const flipped = `weight = jnp.flip(weight, ${python.value(axes.map((_, axis) => axis + 2))})`
  if (groups === undefined) return [flipped, 'weight = weight.swapaxes(0, 1)  # [out, C, ...]']
  return [
    flipped,
    `weight = weight.reshape(${groups}, -1, *weight.shape[1:]).swapaxes(1, 2)  # [groups, out / groups, C / groups, ...]`,
    'weight = weight.reshape(-1, *weight.shape[2:])',
  ]
}

function pool(layer: SpelledLayer): string[] {
  const { op, axes, countIncludePad, layout } = layer
  const everyDimension = <T>(of: (axis: Axis) => T, other: T): T[] =>
    layout === 'nchw' ? [other, other, ...axes.map(of)] : [other, ...axes.map(of), other]
  const kernel = everyDimension((axis) => axis.kernel, 1)
  const dilation = everyDimension((axis) => axis.dilation, 1)
  const reduce = (x: string, identity: string, by: string, padding: readonly Pads[] | string): string =>
    pythonCall('lax.reduce_window', [x, identity, by, kernel, everyDimension((axis) => axis.stride, 1)], {
      padding,
      window_dilation: unless(1, dilation),
    })
  const written = everyDimension<Pads>(writtenPads, [0, 0])
  if (op === 'maxPool') return [`return ${reduce('x', '-jnp.inf', 'lax.max', written)}`]

  const counted = countedCells(axes, countIncludePad)
  if (!counted) {
    const taps = axes.reduce((product, axis) => product * axis.kernel, 1)
    return [`return ${reduce('x', '0.0', 'lax.add', written)} / ${taps}`]
  }
  const cells = layout === 'nchw' ? [1, 1, ...counted.cells] : [1, ...counted.cells, 1]
  const pads = layout === 'nchw' ? [[0, 0], [0, 0], ...counted.pads] : [[0, 0], ...counted.pads, [0, 0]]
  return [
    ...python.define('total', ['x', 'padding'], [`return ${reduce('x', '0.0', 'lax.add', 'padding')}`]),
    '',
    `real = jnp.ones(${python.value(cells)}, x.dtype)  ${python.comment('the cells that count in the divisor')}`,
    `padding = ${python.value(written)}`,
    `return total(x, padding) / total(real, ${String(pads) === String(written) ? 'padding' : python.value(pads)})`,
  ]
}
