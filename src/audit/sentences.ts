import { type Setting, strideOf } from '../conventions/setting.ts'
import type { Filling } from '../conventions/step.ts'
import type { Shape } from '../network/model.ts'
import { padsText } from '../words/network.ts'
import { type NetworkLayer, windowAlong } from './layer.ts'

/** What stands in padding that is not plain: `reflect`, `value 1`; empty where it is plain. */
export const fillingText = (fillings: readonly Filling[]): string =>
  fillings.map(({ mode, value }) => (mode === 'constant' ? `value ${value ?? '?'}` : mode)).join(' and ')

/** The effective pads of a layer; the word for them where they follow from sizes that are open. */
export function layerPads({ axes, spatial }: NetworkLayer): string {
  const { autoPad = 'NOTSET' } = spatial.written
  if (autoPad !== 'NOTSET' && axes.every(({ pads }) => pads === undefined)) return autoPad
  return padsText(axes.map(({ pads }) => pads))
}

/** `3x3 stride 2`, as far as it is known. */
export function windowText(layer: NetworkLayer): string {
  const settings = layer.axes.map((_, axis) => windowAlong(layer, axis))
  const { kernelShape, strides: stepping, dilations: spread } = layer.spatial.written
  const each = (pick: (setting: Setting) => number, written: (axis: number) => number | undefined): string[] =>
    settings.map((setting, axis) => String((setting ? pick(setting) : written(axis)) ?? '?'))
  // Where something of the window is not known, what the file says of the rest.
  const kernels = each(
    (one) => one.kernel,
    (axis) => kernelShape?.[axis],
  )
  const strides = each(strideOf, (axis) => (stepping ? stepping[axis] : 1))
  const dilations = each(
    (one) => one.dilation,
    (axis) => (spread ? spread[axis] : 1),
  )
  const word = (name: string, list: string[]): string => {
    if (list.every((value) => value === '1')) return ''
    return ` ${name} ${new Set(list).size === 1 ? list[0] : list.join('x')}`
  }
  return `${kernels.join('x')}${word('stride', strides)}${word('dilation', dilations)}`
}

/** `1x3x224x?`; the name of a size that is left open, `?` where nothing is known. */
export const shapeText = (shape: Shape): string => shape.map((size) => size ?? '?').join('x') || 'a single number'
