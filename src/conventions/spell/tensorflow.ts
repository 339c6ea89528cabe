import { channelsLast, type Words } from './channels-last.ts'
import { joined, python, pythonCall, unless } from './language.ts'
import type { SpelledLayer } from './layer.ts'
import { operators, taps } from './python-slices.ts'

const names = { max: 'max', average: 'avg' } as const
const reductions = { max: 'tf.reduce_max', average: 'tf.reduce_mean' } as const

/** Source: `tensorflow/python/ops/nn_ops.py`; Conv2DBackpropInput for the CPU, which knows no dilation. */
const words: Words = {
  ...operators,
  language: python,
  imports: ['import tensorflow as tf', '', ''],
  library: [],
  padsItself: (rank) => rank === 2,
  poolsSame: true,
  permute: (x, order) => pythonCall('tf.transpose', [x, order]),
  pad: (x, pads, value) =>
    pythonCall('tf.pad', [x, pads], { constant_values: value === 0 ? undefined : "float('-inf')" }),
  conv: ({ strides, dilations, pads }) =>
    pythonCall(typeof pads === 'object' ? 'tf.nn.conv2d' : 'tf.nn.convolution', ['x', 'weight'], {
      strides,
      padding: pads === 'same' ? "'SAME'" : (pads ?? "'VALID'"),
      dilations: unless(1, dilations),
    }),
  convTranspose: ({ strides, size }) =>
    pythonCall('tf.nn.conv_transpose', ['x', 'weight'], {
      output_shape: `[tf.shape(x)[0], ${size.join(', ')}, weight.shape[-2]]`,
      strides,
      padding: "'VALID'",
    }),
  pool: ({ kind, kernel, strides, padding }) =>
    pythonCall(`tf.nn.${names[kind]}_pool`, ['x', kernel, strides, `'${padding.toUpperCase()}'`]),
  poolTaps: (call) => `${reductions[call.kind]}(tf.stack(${taps(call)}), 0)`,
  spread: ({ equation, places, size }) =>
    pythonCall('tf.einsum', [equation, 'weight', pythonCall('tf.one_hot', [places, size], { dtype: 'weight.dtype' })]),
  // Source: DepthwiseConv2dNative, which takes one stride for both axes.
  depthwise: ({ strides, dilations, pads }) => {
    if (strides.length !== 2 || strides[0] !== strides[1]) return undefined
    return pythonCall('tf.nn.depthwise_conv2d', ['x', 'weight'], {
      strides: [1, ...strides, 1],
      padding: pads === 'same' ? "'SAME'" : "'VALID'",
      dilations: unless(1, dilations),
    })
  },
  reshape: (x, shape) => pythonCall('tf.reshape', [x, shape]),
  inGroups: (groups, call) => [
    ...python.define('one', ['x', 'weight'], [`return ${call}`]),
    '',
    `each = zip(tf.split(x, ${groups}, -1), tf.split(weight, ${groups}, -1))`,
    'x = tf.concat([one(*group) for group in each], -1)',
  ],
  ones: (shape) => pythonCall('tf.ones', [shape, 'x.dtype']),
}

export { words as tensorflowWords }

/** TensorFlow 2, `tf.nn`. */
export function tensorflow(layer: SpelledLayer): string {
  return joined(channelsLast(words, layer))
}
