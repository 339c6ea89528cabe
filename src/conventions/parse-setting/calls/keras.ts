import type { Library } from '../library.ts'

const meanings = {
  ...({ kernel_size: 'kernel', pool_size: 'kernel', strides: 'stride', padding: 'padding' } as const),
  ...({ dilation_rate: 'dilation', output_padding: 'outputPadding', data_format: 'layout' } as const),
  groups: 'groups' as const,
}

/** What every layer may be given besides. */
const common = 'name dtype trainable input_shape batch_size activity_regularizer'
const weights =
  'activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint'
const pool = {
  order: `pool_size strides padding data_format * ${common}`,
  defaults: { pool_size: '2' },
}

/** Keras 2 and 3, as `keras.layers` and `tf.keras.layers`. Source: the reference of Keras. */
export const kerasLayers: Library = {
  framework: 'keras',
  modules: ['tensorflow.keras.layers', 'tf.keras.layers', 'keras.layers'],
  meanings,
  pads: [],
  calls: [
    ...(['Conv{n}D', 'Convolution{n}D'] as const).map((name) => ({
      name,
      op: 'conv' as const,
      order: `filters kernel_size strides padding data_format dilation_rate groups ${weights} * ${common}`,
    })),
    {
      name: 'DepthwiseConv{n}D',
      op: 'conv',
      order: `kernel_size strides padding depth_multiplier data_format dilation_rate * depthwise_initializer depthwise_regularizer depthwise_constraint ${weights} ${common}`,
    },
    {
      name: 'SeparableConv{n}D',
      op: 'conv',
      order: `filters kernel_size strides padding data_format dilation_rate depth_multiplier * depthwise_initializer pointwise_initializer ${weights} ${common}`,
    },
    {
      name: 'Conv{n}DTranspose',
      op: 'convTranspose',
      order: `filters kernel_size strides padding * output_padding data_format dilation_rate ${weights} ${common}`,
    },
    ...(['MaxPooling{n}D', 'MaxPool{n}D'] as const).map((name) => ({ name, op: 'maxPool' as const, ...pool })),
    ...(['AveragePooling{n}D', 'AvgPool{n}D'] as const).map((name) => ({ name, op: 'averagePool' as const, ...pool })),
  ],
}

/** `keras.ops`, whose functions take tensors of any rank. */
export const kerasOps: Library = {
  framework: 'keras',
  modules: ['keras.ops', 'tf.keras.ops'],
  meanings,
  pads: [],
  calls: [
    { name: 'conv', op: 'conv', order: 'inputs kernel strides padding data_format dilation_rate' },
    { name: 'depthwise_conv', op: 'conv', order: 'inputs kernel strides padding data_format dilation_rate' },
    {
      name: 'conv_transpose',
      op: 'convTranspose',
      order: 'inputs kernel strides padding output_padding data_format dilation_rate',
    },
    { name: 'max_pool', op: 'maxPool', order: 'inputs pool_size strides padding data_format' },
    { name: 'average_pool', op: 'averagePool', order: 'inputs pool_size strides padding data_format' },
  ],
}
