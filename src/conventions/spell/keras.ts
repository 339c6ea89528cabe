import { channelsLast, type Words } from './channels-last.ts'
import { joined, python, pythonCall, unless } from './language.ts'
import type { SpelledLayer } from './layer.ts'
import { operators, taps } from './python-slices.ts'

const last = { data_format: "'channels_last'" }
const pools = { max: 'ops.max_pool', average: 'ops.average_pool' } as const
const reductions = { max: 'ops.max', average: 'ops.mean' } as const

/**
 * Source: `keras/src/ops/nn.py` and its backends. Not every version and backend computes stride with dilation, groups,
 * dilated transposed convolutions, or the divisor of SAME, so none of them is relied on.
 */
const words: Words = {
  ...operators,
  language: python,
  imports: ['from keras import ops', '', ''],
  library: [],
  padsItself: () => false,
  poolsSame: false,
  permute: (x, order) => pythonCall('ops.transpose', [x, order]),
  pad: (x, pads, value) =>
    pythonCall('ops.pad', [x, pads], { constant_values: value === 0 ? undefined : "float('-inf')" }),
  conv: ({ strides, dilations, pads }) =>
    pythonCall('ops.conv', ['x', 'weight', strides, pads === 'same' ? "'same'" : "'valid'"], {
      ...last,
      dilation_rate: unless(1, dilations),
    }),
  convTranspose: ({ strides, outputPadding }) =>
    pythonCall('ops.conv_transpose', ['x', 'weight', strides, "'valid'", outputPadding], last),
  pool: ({ kind, kernel, strides, padding }) => pythonCall(pools[kind], ['x', kernel, strides, `'${padding}'`], last),
  poolTaps: (call) => `${reductions[call.kind]}(ops.stack(${taps(call)}), axis=0)`,
  spread: ({ equation, places, size }) =>
    pythonCall('ops.einsum', [
      equation,
      'weight',
      pythonCall('ops.one_hot', [places, size], { dtype: 'weight.dtype' }),
    ]),
  depthwise: ({ strides, dilations, pads }) => {
    if (strides.length > 2) return undefined
    return pythonCall('ops.depthwise_conv', ['x', 'weight', strides, pads === 'same' ? "'same'" : "'valid'"], {
      ...last,
      dilation_rate: unless(1, dilations),
    })
  },
  reshape: (x, shape) => pythonCall('ops.reshape', [x, shape]),
  inGroups: (groups, call) => [
    ...python.define('one', ['x', 'weight'], [`return ${call}`]),
    '',
    `each = zip(ops.split(x, ${groups}, -1), ops.split(weight, ${groups}, -1))`,
    'x = ops.concatenate([one(*group) for group in each], -1)',
  ],
  ones: (shape) => pythonCall('ops.ones', [shape, 'x.dtype']),
}

export { words as kerasWords }

/** Keras 3, `keras.ops`, on any of its backends. */
export function keras(layer: SpelledLayer): string {
  return joined(channelsLast(words, layer))
}
