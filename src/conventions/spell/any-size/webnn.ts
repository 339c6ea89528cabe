import { type Pads, SamepadError } from '../../../geometry/index.ts'
import { padsTo } from '../../argument-orders.ts'
import { type CodeValue, javascript, javascriptObject, joined, returning, unless } from '../language.ts'
import { groupsText, isConvolution, tensorsOf } from '../layer.ts'
import { each, transposedOf } from '../windows.ts'
import { type AnySizeAxis, type AnySizeLayer, isPadded, isSamePads } from './layer.ts'
import { padsHelper } from './pads-helper.ts'
import { titleOf } from './title.ts'

/**
 * WebNN, a function of an `MLGraphBuilder`, which pads from the shape of the operand that it is given. One axis goes
 * through a height of 1. Source: as for code of one size.
 *
 * @throws SamepadError on three axes, which WebNN's operators do not have
 */
export function webnnFunction(layer: AnySizeLayer): string {
  const { axes } = layer
  if (axes.length > 2) {
    throw new SamepadError('code', 'three axes of WebNN must be written for one size, with --input', 'no size')
  }
  const isLine = axes.length === 1
  const plane: AnySizeLayer = isLine ? { ...layer, axes: [single, ...axes] } : layer
  const lines = isConvolution(layer.op) ? [convolve(plane)] : pool(plane)
  const body = [
    javascript.comment(titleOf(layer)),
    ...(isLine ? ['x = builder.reshape(x, [...x.shape.slice(0, 2), 1, x.shape[2]])'] : []),
    ...(isLine && isConvolution(layer.op)
      ? ['weight = builder.reshape(weight, [...weight.shape.slice(0, 2), 1, weight.shape[2]])']
      : []),
    ...lines,
    ...(isLine ? ['x = builder.reshape(x, [...x.shape.slice(0, 2), x.shape[3]])'] : []),
  ]
  const rule = axes.map(({ pads }) => pads).find(isSamePads)
  const helper = rule ? padsHelper(javascript, rule.begin, (value) => `Math.max(0, ${value})`) : []
  const written = [
    ...helper,
    ...(helper.length ? [''] : []),
    ...javascript.define('layer', ['builder', ...tensorsOf(layer)], returning(body)),
  ]
  return joined(written.map((line) => line.replaceAll('pads_of(', 'padsOf(')))
}

const MANY = 1000 // cells of some input; none of the arguments depends on it

/** An axis of one cell and one tap: nothing happens along it. */
const single: AnySizeAxis = { kernel: 1, stride: 1, dilation: 1, pads: [0, 0] }

/** Begin and end of each axis in turn; undefined where there is no padding. */
function padding({ axes }: AnySizeLayer): CodeValue[] | undefined {
  if (!axes.some(isPadded)) return undefined
  return axes.flatMap(({ pads, stride }, axis): CodeValue[] => {
    return isSamePads(pads) ? [`...pads_of(x.shape[${axis + 2}], ${pads.reach}, ${stride})`] : [...pads]
  })
}

const sizesOf = (axes: readonly AnySizeAxis[]): Record<string, CodeValue | undefined> => ({
  strides: unless(1, each(axes, 'stride')),
  dilations: unless(1, each(axes, 'dilation')),
})

function convolve(layer: AnySizeLayer): string {
  const { op, axes, bias } = layer
  const shared = { groups: groupsText(layer, 'x.shape[1]'), bias: bias ? 'bias' : undefined }
  if (op === 'conv') {
    return `x = builder.conv2d(x, weight, ${javascriptObject({ padding: padding(layer), ...sizesOf(axes), ...shared })})`
  }
  // The crop is fixed, so one size of input tells the arguments for all.
  const sides = axes.map(({ pads, ...window }) => {
    const [padBegin, padEnd] = pads as Pads
    const reach = window.dilation * (window.kernel - 1) + 1
    return transposedOf({
      ...{ ...window, input: MANY, padBegin, padEnd: Math.max(0, padEnd) },
      output: (MANY - 1) * window.stride + reach - padBegin - padEnd,
    })
  })
  const options = javascriptObject({
    padding: padsTo('webnn', each(sides, 'crop')),
    ...sizesOf(axes),
    outputPadding: unless(0, each(sides, 'outputPadding')),
    ...shared,
  })
  const samples = each(sides, 'samples')
  const x = samples.some((count) => count > 0)
    ? `builder.pad(x, [0, 0, 0, 0], ${javascript.value([0, 0, ...samples])})`
    : 'x'
  return `x = builder.convTranspose2d(${x}, weight, ${options})`
}

/** Pools leave padding out, of averages too; where it counts, it is written before the pooling. */
function pool(layer: AnySizeLayer): string[] {
  const { op, axes, countIncludePad } = layer
  const pads = padding(layer)
  const options = (around: CodeValue[] | undefined): string =>
    javascriptObject({ windowDimensions: each(axes, 'kernel'), padding: around, ...sizesOf(axes) })
  if (op === 'maxPool') return [`x = builder.maxPool2d(x, ${options(pads)})`]
  if (!countIncludePad || !pads) return [`x = builder.averagePool2d(x, ${options(pads)})`]
  return [
    javascript.declare('[top, bottom, left, right]', javascript.value(pads)),
    'x = builder.pad(x, [0, 0, top, left], [0, 0, bottom, right])',
    `x = builder.averagePool2d(x, ${options(undefined)})`,
  ]
}
