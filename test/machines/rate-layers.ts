import { type BenchLayer, layerOf, operationsOf, shapesOf } from '../../bench/layers.ts'
import { type Layout, prepareConv, prepareConvTranspose, programTensor } from '../../src/index.ts'
import type { Work } from './rate.ts'

const layer = (
  name: string,
  [inChannels, out, groups = 1]: readonly number[],
  input: readonly number[],
  kernel: readonly number[],
  { stride = 1, dilation = 1, op = 'conv' }: { stride?: number; dilation?: number; op?: 'conv' | 'convTranspose' } = {},
): BenchLayer =>
  layerOf({
    ...{ name, kind: 'rate', op, in: inChannels, out, groups, input, kernel },
    ...{ strides: kernel.map(() => stride), dilations: kernel.map(() => dilation) },
  })

/** One layer of each kind that an engine may spoil, of a few hundred microseconds. */
export const layers: readonly BenchLayer[] = [
  layer('1x1', [64, 64], [28, 28], [1, 1]),
  layer('1x1 s2', [64, 128], [28, 28], [1, 1], { stride: 2 }),
  layer('3x3', [32, 32], [28, 28], [3, 3]),
  layer('3x3 s2', [32, 64], [28, 28], [3, 3], { stride: 2 }),
  layer('3x3 d2', [16, 16], [28, 28], [3, 3], { dilation: 2 }),
  layer('5x5', [16, 24], [28, 28], [5, 5]),
  layer('7x7 s2', [3, 32], [64, 64], [7, 7], { stride: 2 }),
  layer('1x7', [64, 64], [17, 17], [1, 7]),
  layer('7x1', [64, 64], [17, 17], [7, 1]),
  layer('1x5', [64, 64], [17, 17], [1, 5]),
  layer('1-D k7', [64, 64], [200], [7]),
  layer('1-D k3 s2', [64, 64], [500], [3], { stride: 2 }),
  layer('up k2 s2', [64, 32], [14, 14], [2, 2], { stride: 2, op: 'convTranspose' }),
  layer('up k3 s2', [64, 32], [14, 14], [3, 3], { stride: 2, op: 'convTranspose' }),
  layer('up k5 s2', [32, 32], [14, 14], [5, 5], { stride: 2, op: 'convTranspose' }),
  layer('grouped 3x3', [64, 64, 8], [28, 28], [3, 3]),
  layer('depthwise 3x3', [32, 32, 32], [56, 56], [3, 3]),
  layer('depthwise 3x3 s2', [32, 32, 32], [56, 56], [3, 3], { stride: 2 }),
  layer('depthwise 5x5', [32, 32, 32], [28, 28], [5, 5]),
]

/** A layer made ready in one layout, input and output in program memory. */
export function workOf(layer: BenchLayer, layout: Layout): Work {
  const { geometry, groups, padding } = layer
  const { x, y, weights: shape } = shapesOf(layer)
  const weights = { data: new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5), shape }
  const axes = {
    strides: geometry.axes.map((axis) => axis.stride),
    dilations: geometry.axes.map((axis) => axis.dilation),
  }
  const options = { ...axes, padding, layout, groups }
  const prepared = geometry.op === 'conv' ? prepareConv(weights, options) : prepareConvTranspose(weights, options)
  const tensor = ([batch, channels, ...cells]: readonly number[]): ReturnType<typeof programTensor> => {
    const made = programTensor(layout === 'nhwc' ? [batch, ...cells, channels] : [batch, channels, ...cells])
    made.data.fill(0.5)
    return made
  }
  const [input, output] = [tensor(x), tensor(y)]
  return { run: () => prepared.run(input, output), operations: operationsOf(layer) }
}
