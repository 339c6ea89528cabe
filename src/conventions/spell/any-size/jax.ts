import { effectiveKernel, type Pads } from '../../../geometry/index.ts'
import { padsTo } from '../../argument-orders.ts'
import { adjointWeight } from '../jax.ts'
import { type CodeValue, joined, python, pythonCall, unless } from '../language.ts'
import { groupsText, isConvolution, tensorsOf } from '../layer.ts'
import { each } from '../windows.ts'
import { type AnySizeLayer, isSamePads } from './layer.ts'
import { padsHelper } from './pads-helper.ts'
import { titleOf } from './title.ts'

/** JAX, a function of `jax.lax`, whose SAME and SAME_LOWER count dilation in. Source: as for code of one size. */
export function jaxFunction(layer: AnySizeLayer): string {
  const body = isConvolution(layer.op) ? convolve(layer) : pool(layer)
  const rule = layer.axes.map(({ pads }) => pads).find(isSamePads)
  const needsHelper = rule && body.some((line) => line.includes('pads_of('))
  return joined([
    ...(layer.op === 'conv' ? [] : ['import jax.numpy as jnp']),
    ...['from jax import lax', '', ''],
    ...(needsHelper ? [...padsHelper(python, rule.begin, (value) => `max(0, ${value})`), '', ''] : []),
    ...python.define('layer', tensorsOf(layer), [python.comment(titleOf(layer)), ...body]),
  ])
}

/** The word of `padding=` that gives these pads on every axis, if one does. */
function ownWord({ axes }: AnySizeLayer): string | undefined {
  const words = { 'smaller half': "'SAME'", 'larger half': "'SAME_LOWER'", all: undefined, none: undefined }
  const found = axes.map((axis) =>
    isSamePads(axis.pads) && axis.pads.reach === effectiveKernel(axis) ? words[axis.pads.begin] : undefined,
  )
  return found.every((word) => word !== undefined && word === found[0]) ? found[0] : undefined
}

/** Pads of each axis: numbers, and calls that work them out from the size of a dimension of `x`. */
function padsOfEach({ axes }: AnySizeLayer): CodeValue[] {
  return axes.map(({ pads, stride }, axis): CodeValue => {
    return isSamePads(pads) ? `pads_of(x.shape[${axis + 2}], ${pads.reach}, ${stride})` : pads
  })
}

function convolve(layer: AnySizeLayer): string[] {
  const { op, axes, bias } = layer
  const groups = groupsText(layer, 'x.shape[1]')
  const transposed = op === 'convTranspose'
  const strides = each(axes, 'stride')
  const around = axes.map((axis): Pads => {
    const [begin, end] = isSamePads(axis.pads) ? [0, 0] : axis.pads
    return [effectiveKernel(axis) - 1 - begin, effectiveKernel(axis) - 1 - end]
  })
  const call = pythonCall('lax.conv_general_dilated', ['x', 'weight'], {
    window_strides: transposed ? axes.map(() => 1) : strides,
    padding: transposed ? padsTo('jax', around) : (ownWord(layer) ?? padsOfEach(layer)),
    lhs_dilation: transposed ? unless(1, strides) : undefined,
    rhs_dilation: unless(1, each(axes, 'dilation')),
    feature_group_count: groups,
  })
  const perChannel = `bias.reshape${python.value([-1, ...axes.map(() => 1)])}`
  return [
    ...(transposed ? adjointWeight(layer, groups) : []),
    `y = ${call}`,
    `return ${bias ? `y if bias is None else y + ${perChannel}` : 'y'}`,
  ]
}

function pool(layer: AnySizeLayer): string[] {
  const { op, axes, countIncludePad } = layer
  const padding: CodeValue = ownWord(layer) ?? [[0, 0], [0, 0], ...padsOfEach(layer)]
  const reduce = (x: string, identity: string, by: string): string =>
    pythonCall(
      'lax.reduce_window',
      [x, identity, by, [1, 1, ...each(axes, 'kernel')], [1, 1, ...each(axes, 'stride')]],
      {
        padding,
        window_dilation: unless(1, [1, 1, ...each(axes, 'dilation')]),
      },
    )
  if (op === 'maxPool') return [`return ${reduce('x', '-jnp.inf', 'lax.max')}`]
  const taps = axes.reduce((product, { kernel }) => product * kernel, 1)
  const sum = reduce('x', '0.0', 'lax.add')
  if (countIncludePad) return [`return ${sum} / ${taps}`]
  return [
    `real = jnp.ones((1, 1, *x.shape[2:]), x.dtype)  ${python.comment('the cells that count in the divisor')}`,
    `return ${sum} / ${reduce('real', '0.0', 'lax.add')}`,
  ]
}
