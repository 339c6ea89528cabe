import { type BenchLayer, isPool, shapesOf } from '../layers.ts'
import { channelsFirst, channelsLast, type Task, transposed } from '../tensors.ts'
import type { Engine } from './engine.ts'
import type { Packages, Untyped } from './packages.ts'

/** TensorFlow.js on its WebAssembly backend: channels last, tensors on the backend's own heap. */
export async function tfjsWasm(packages: Packages): Promise<Engine> {
  const tf = await packages.tfjs()
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  return {
    ...{ name: 'tfjs-wasm', kind: 'wasm', version: packages.version('@tensorflow/tfjs-backend-wasm') },
    prepare: async (task) => {
      const x = upload(tf, channelsLast(task.x))
      const filter = isPool(task.layer) ? undefined : upload(tf, filterOf(task))
      const compute = callOf(tf, task.layer)
      return {
        run: () => compute(x, filter).dispose(),
        result: async () => {
          const y = compute(x, filter)
          const { shape } = y
          const data = y.dataSync()
          y.dispose()
          return channelsFirst({ data, shape })
        },
        release: () => tf.dispose([x, filter]),
      }
    },
  }
}

function upload(tf: Untyped, { data, shape }: Task['x']): Untyped {
  return tf.tensor(data, shape, 'float32')
}

/** Spatial axes first, then in and out; out and in for transposed ones; in and multiplier for depthwise ones. */
function filterOf({ layer, weights }: Task): Task['x'] {
  const spatial = layer.geometry.axes.map((_, axis) => axis + 2)
  const filter = transposed(weights, [...spatial, 1, 0])
  const { data, shape } = filter
  const kernel = shape.slice(0, -2)
  // [..., 1, out] with out = in * multiplier, whose values lie as those of [..., in, multiplier] do.
  return isDepthwise(layer)
    ? { data, shape: [...kernel, layer.inChannels, layer.outChannels / layer.inChannels] }
    : filter
}

function isDepthwise({ geometry, groups, inChannels }: BenchLayer): boolean {
  return geometry.op === 'conv' && groups > 1 && groups === inChannels
}

/** The call of a layer on its input and filter. */
function callOf(tf: Untyped, layer: BenchLayer): (x: Untyped, filter: Untyped) => Untyped {
  const { geometry, padding } = layer
  const { op, axes } = geometry
  const each = (name: 'kernel' | 'stride' | 'dilation'): number[] => axes.map((axis) => axis[name])
  const pads = [[0, 0], ...axes.map(({ padBegin, padEnd }) => [padBegin, padEnd]), [0, 0]]
  const pad = padding === 'same' || padding === 'valid' ? padding : pads
  const [strides, dilations, size] = [each('stride'), each('dilation'), each('kernel')]
  const [batch, channels, ...spatial] = shapesOf(layer).y
  const shape = [batch, ...spatial, channels]
  const calls: Readonly<Record<string, (x: Untyped, filter: Untyped) => Untyped>> = {
    'conv 1': (x, filter) => tf.conv1d(x, filter, strides[0], pad, 'NWC', dilations[0]),
    'conv 2': (x, filter) => tf.conv2d(x, filter, strides, pad, 'NHWC', dilations),
    'conv 3': (x, filter) => tf.conv3d(x, filter, strides, pad, 'NDHWC', dilations),
    'depthwise 2': (x, filter) => tf.depthwiseConv2d(x, filter, strides, pad, 'NHWC', dilations),
    'convTranspose 2': (x, filter) => tf.conv2dTranspose(x, filter, shape, strides, pad),
    'convTranspose 3': (x, filter) => tf.conv3dTranspose(x, filter, shape, strides, pad),
    'maxPool 2': (x) => tf.maxPool(x, size, strides, pad),
    'maxPool 3': (x) => tf.maxPool3d(x, size, strides, pad),
    'averagePool 2': (x) => tf.avgPool(x, size, strides, pad),
    'averagePool 3': (x) => tf.avgPool3d(x, size, strides, pad),
  }
  const name = `${isDepthwise(layer) ? 'depthwise' : op} ${axes.length}`
  const call = Object.hasOwn(calls, name) ? calls[name] : undefined
  if (!call) throw new Error(`TensorFlow.js has no ${op} over ${axes.length} axes`)
  return call
}
