import type { Untyped } from '../engines/packages.ts'
import { type BenchLayer, isPool } from '../layers.ts'
import { channelsFirst, channelsLast, type Task, transposed, type Values } from '../tensors.ts'

/** Gradients of a layer by kernels of TensorFlow.js: each gives its values, channels before the spatial axes. */
export interface TfjsGradients {
  readonly weights?: () => Values
  readonly input: () => Values
}

/**
 * Of a layer on two axes, or one, which is two; undefined where the library has no kernel for it: groups, a dilation, three axes, or
 * where it is wrong.
 */
export function tfjsGradients(tf: Untyped, { layer, x, weights }: Task, change: Values): TfjsGradients | undefined {
  const { geometry, groups, inChannels } = layer
  const { axes, op } = geometry
  const isDepthwise = groups > 1 && groups === inChannels && op === 'conv'
  const refused = axes.some(({ dilation }) => dilation > 1) || (groups > 1 && !isDepthwise && !isPool(layer))
  // Its average divides by all taps where windows overlap padding.
  if (refused || axes.length > 2 || op === 'averagePool') return undefined
  const upload = (values: Values): Untyped => {
    const { data, shape } = channelsLast(flat(values))
    return tf.tensor(data, shape)
  }
  const [cells, changes] = [upload(x), upload(change)]
  const spatial = (list: readonly number[]): number[] => (axes.length === 1 ? [1, ...list] : [...list])
  const strides = spatial(axes.map(({ stride }) => stride))
  const common = { strides, pad: 'same', dataFormat: 'NHWC', dilations: [1, 1], dimRoundingMode: undefined }
  const run = (name: string, inputs: Readonly<Record<string, Untyped>>, more: object): Untyped =>
    tf.engine().runKernel(name, inputs, { ...common, ...more })
  const asInput = (y: Untyped): Values => channelsFirst({ data: y.dataSync(), shape: y.shape })
  if (isPool(layer)) {
    const more = { filterSize: spatial(axes.map(({ kernel }) => kernel)) }
    const output = run('MaxPool', { x: cells }, more)
    return { input: () => asInput(run('MaxPoolGrad', { dy: changes, input: cells, output }, more)) }
  }
  // Spatial axes, in and out; of transposed ones out and in, which is what a convolution from there back takes.
  const given = transposed(flat(weights), isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0])
  const filter = tf.tensor(given.data, given.shape)
  const asWeights = (y: Untyped): Values =>
    inAxes(layer, transposed({ data: y.dataSync(), shape: y.shape }, isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]))
  const filterShape = given.shape
  if (op === 'convTranspose') {
    return {
      weights: () => asWeights(run('Conv2DBackpropFilter', { x: changes, dy: cells }, { filterShape })),
      input: () => asInput(run('Conv2D', { x: changes, filter }, {})),
    }
  }
  const prefix = isDepthwise ? 'DepthwiseConv2dNativeBackprop' : 'Conv2DBackprop'
  const back = { dy: changes, filter }
  return {
    weights: () => asWeights(run(`${prefix}Filter`, { x: cells, dy: changes }, { filterShape })),
    input: () => inAxes(layer, asInput(run(`${prefix}Input`, back, { inputShape: cells.shape }))),
  }
}

/** Two spatial axes where there is one. */
function flat({ data, shape }: Values): Values {
  return { data, shape: shape.length === 3 ? [shape[0], shape[1], 1, shape[2]] : shape }
}

/** As many axes as the layer has. */
function inAxes({ geometry }: BenchLayer, { data, shape }: Values): Values {
  return { data, shape: geometry.axes.length === 1 ? [shape[0], shape[1], shape[3]] : shape }
}
