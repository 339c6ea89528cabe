import type { Axis, Pads } from '../../geometry/index.ts'
import { padsTo } from '../argument-orders.ts'
import { type CodeValue, javascript, javascriptObject, joined, returning, unless } from './language.ts'
import { groupsText, isConvolution, type SpelledLayer, shapesOf, tensorsOf } from './layer.ts'
import { countedCells, each, somePads, transposedOf, writtenPads } from './windows.ts'

/**
 * WebNN, a function of an `MLGraphBuilder`. It has two spatial axes only, so one axis goes through a height of 1, and
 * three axes take two passes: height and width of every slice, then the depth.
 * Source: the W3C specification; that pools leave padding out is seen in webnn-baseline, `src/pool2d.js`.
 */
export function webnn(layer: SpelledLayer): string {
  const { axes, layout } = layer
  const spatial = axes.map((_, axis) => axis + 1)
  const permuted = (order: readonly number[]): string =>
    `x = builder.transpose(x, { permutation: [${order.join(', ')}] })`
  const body = [
    javascript.comment(shapesOf(layer)),
    ...(layout === 'nhwc' ? [permuted([0, axes.length + 1, ...spatial])] : []),
    ...(isConvolution(layer.op) ? convolve(layer) : pool(layer)),
    ...(layout === 'nhwc' ? [permuted([0, ...spatial.map((axis) => axis + 1), 1])] : []),
  ]
  return joined(javascript.define('layer', ['builder', ...tensorsOf(layer)], returning(body)))
}

/** An axis of one cell and one tap: nothing happens along it. */
const single: Axis = { input: 1, kernel: 1, stride: 1, dilation: 1, padBegin: 0, padEnd: 0, output: 1 }

const list = javascript.value
const reshape = (x: string, ...shape: CodeValue[]): string => `builder.reshape(${x}, ${list(shape)})`
const pad = (x: string, pads: readonly Pads[]): string => {
  if (!somePads(pads)) return x
  const sides = [0, 1].map((side) => list([0, 0, ...pads.map((pair) => pair[side])]))
  return `builder.pad(${x}, ${sides.join(', ')})`
}

/** The lines that bring one to three axes to passes over two, and back. */
function pool(layer: SpelledLayer): string[] {
  const { axes } = layer
  if (axes.length === 2) return poolPass(layer, axes)
  if (axes.length === 1) {
    return [
      'const [n, c] = x.shape',
      `x = ${reshape('x', 'n', 'c', 1, axes[0].input)}`,
      ...poolPass(layer, [single, ...axes]),
      `x = ${reshape('x', 'n', 'c', axes[0].output)}`,
    ]
  }
  const [depth, ...plane] = axes
  const [height, width] = each(plane, 'output')
  return [
    'const [n, c] = x.shape',
    javascript.comment('height and width of every slice, then the depth'),
    `x = ${reshape('x', 'n', `c * ${depth.input}`, ...each(plane, 'input'))}`,
    ...poolPass(layer, plane),
    `x = ${reshape('x', 'n', 'c', depth.input, height * width)}`,
    ...poolPass(layer, [depth, single]),
    `x = ${reshape('x', 'n', 'c', depth.output, height, width)}`,
  ]
}

/** A pooling over two axes. An average over three is one of averages, as the divisor is a product over the axes. */
function poolPass({ op, countIncludePad }: SpelledLayer, axes: readonly Axis[]): string[] {
  const pads = axes.map(writtenPads)
  const options = (padding: readonly Pads[]): string =>
    javascriptObject({
      windowDimensions: each(axes, 'kernel'),
      ...optionsOf(axes, padding),
    })
  if (op === 'maxPool') return [`x = builder.maxPool2d(x, ${options(pads)})`]
  if (!countIncludePad) return [`x = builder.averagePool2d(x, ${options(pads)})`]

  const counted = countedCells(axes, countIncludePad)
  const none = options([])
  if (!counted) return [`x = builder.averagePool2d(${pad('x', pads)}, ${none})`]
  const shape = [1, 1, ...counted.cells]
  const ones = `new Float32Array(${counted.cells.join(' * ')}).fill(1)`
  const real = `builder.constant({ dataType: 'float32', shape: ${list(shape)} }, ${ones})`
  const [x, divisor] = [pad('x', pads), pad(real, counted.pads)].map(
    (input) => `builder.averagePool2d(${input}, ${none})`,
  )
  return [javascript.comment('divided by the part of the taps that counts'), `x = builder.div(${x}, ${divisor})`]
}

/** The options that all operators have; what is usual is left out. */
function optionsOf(axes: readonly Axis[], pads: readonly Pads[]): Record<string, CodeValue | undefined> {
  return {
    padding: somePads(pads) ? padsTo('webnn', pads) : undefined,
    strides: unless(1, each(axes, 'stride')),
    dilations: unless(1, each(axes, 'dilation')),
  }
}

function convolve(layer: SpelledLayer): string[] {
  const { axes, bias } = layer
  const groups = groupsText(layer, 'x.shape[1]')
  if (axes.length === 2) return pass(layer, axes, { groups, bias })
  if (axes.length === 1) {
    const [{ input, kernel, output }] = axes
    return [
      'const [n, c] = x.shape',
      `x = ${reshape('x', 'n', 'c', 1, input)}`,
      `weight = ${reshape('weight', '...weight.shape.slice(0, 2)', 1, kernel)}`,
      ...pass(layer, [single, ...axes], { groups, bias }),
      `x = ${reshape('x', 'n', 'x.shape[1]', output)}`,
    ]
  }
  return threeAxes(layer)
}

/**
 * Three axes: the first pass has an output channel for each depth tap, and the second adds each at the depth of its
 * tap, by a depthwise kernel of ones and zeros.
 */
function threeAxes(layer: SpelledLayer): string[] {
  const { op, axes, bias } = layer
  const [depth, ...plane] = axes
  const [height, width] = each(plane, 'output')
  const taps = depth.kernel
  const transposed = op === 'convTranspose'
  const kernel = each(plane, 'kernel')
  const perSlice = transposed
    ? [`weight = ${reshape('weight', 'weight.shape[0]', `weight.shape[1] * ${taps}`, ...kernel)}`]
    : [
        'weight = builder.transpose(weight, { permutation: [0, 2, 1, 3, 4] })',
        `weight = ${reshape('weight', `weight.shape[0] * ${taps}`, 'weight.shape[2]', ...kernel)}`,
      ]
  const shape = transposed ? [`out * ${taps}`, 1, taps, 1] : ['out', taps, taps, 1]
  return [
    'const [n, c] = x.shape',
    javascript.comment('height and width of every slice, with a channel for each depth tap'),
    'x = builder.transpose(x, { permutation: [0, 2, 1, 3, 4] })',
    `x = ${reshape('x', `n * ${depth.input}`, 'c', ...each(plane, 'input'))}`,
    ...perSlice,
    ...pass(layer, plane, { groups: groupsText(layer, 'c'), bias: false }),
    javascript.comment('then the depth: channel t of each adds what tap t sees'),
    `const out = x.shape[1] / ${taps}`,
    `x = ${reshape('x', 'n', depth.input, `out * ${taps}`, height * width)}`,
    'x = builder.transpose(x, { permutation: [0, 2, 1, 3] })',
    `const ones = Float32Array.from({ length: out * ${taps * taps} }, (_, i) => +((i / ${taps} | 0) % ${taps} === i % ${taps}))`,
    `weight = builder.constant({ dataType: 'float32', shape: ${list(shape)} }, ones)`,
    ...pass(layer, [depth, single], { groups: 'out', bias }),
    `x = ${reshape('x', 'n', 'out', depth.output, height, width)}`,
  ]
}

/** A convolution over two axes. */
function pass(
  { op }: SpelledLayer,
  axes: readonly Axis[],
  around: { groups: CodeValue | undefined; bias: boolean },
): string[] {
  const shared = {
    groups: around.groups,
    bias: around.bias ? 'bias' : undefined,
  }
  if (op === 'conv') {
    const options = javascriptObject({ ...optionsOf(axes, axes.map(writtenPads)), ...shared })
    return [`x = builder.conv2d(x, weight, ${options})`]
  }
  const sides = axes.map(transposedOf)
  const samples = sides.map((side): Pads => [0, side.samples])
  const options = javascriptObject({
    ...optionsOf(axes, each(sides, 'crop')),
    outputPadding: unless(0, each(sides, 'outputPadding')),
    ...shared,
  })
  return [`x = builder.convTranspose2d(${pad('x', samples)}, weight, ${options})`]
}
