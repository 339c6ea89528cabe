import type { Library, LibraryCall } from '../library.ts'

const everyDimension = 'perhaps' as const
const conv = { op: 'conv', everyDimension, order: 'input filters strides padding data_format dilations name' } as const
const pools: readonly LibraryCall[] = (['max', 'avg'] as const).flatMap((kind): LibraryCall[] => {
  const op = kind === 'max' ? 'maxPool' : 'averagePool'
  const order = 'input ksize strides padding data_format name'
  return [
    { name: `${kind}_pool{n}d`, op, everyDimension, order },
    { name: `${kind}_pool`, op, everyDimension, order },
  ]
})

/** `tf.nn`. Source: the reference of tf.nn. */
export const tensorflowNn: Library = {
  framework: 'tensorflow',
  modules: ['tensorflow.nn', 'tf.nn', 'tf.compat.v1.nn'],
  meanings: {
    ...({ ksize: 'kernel', window_shape: 'kernel', stride: 'stride', strides: 'stride', padding: 'padding' } as const),
    ...({ dilations: 'dilation', rate: 'dilation', dilation_rate: 'dilation' } as const),
    ...({ output_shape: 'outputShape', data_format: 'layout', pooling_type: 'op' } as const),
  },
  pads: ['every dimension'],
  calls: [
    { ...conv, name: 'conv1d', order: 'input filters stride padding data_format dilations name' },
    { ...conv, name: 'conv2d' },
    { ...conv, name: 'conv3d' },
    { ...conv, name: 'convolution', defaults: { padding: 'valid' } },
    { ...conv, name: 'depthwise_conv2d', order: 'input filter strides padding data_format dilations name' },
    { ...conv, name: 'atrous_conv2d', order: 'value filters rate padding name' },
    {
      name: 'separable_conv2d',
      op: 'conv',
      everyDimension,
      order: 'input depthwise_filter pointwise_filter strides padding data_format dilations name',
    },
    {
      name: 'conv{n}d_transpose',
      op: 'convTranspose',
      everyDimension,
      order: 'input filters output_shape strides padding data_format dilations name',
      defaults: { padding: 'same' },
    },
    {
      name: 'conv_transpose',
      op: 'convTranspose',
      everyDimension,
      order: 'input filters output_shape strides padding data_format dilations name',
      defaults: { padding: 'same' },
    },
    ...pools,
    {
      name: 'pool',
      op: 'maxPool',
      order: 'input window_shape pooling_type strides padding data_format dilations name',
      defaults: { strides: '1', padding: 'valid' },
    },
  ],
}

const layers = 'data_format dilation_rate activation use_bias kernel_initializer bias_initializer name'

/** `tf.layers` of TensorFlow 1. */
export const tensorflowLayers: Library = {
  framework: 'keras',
  modules: ['tensorflow.layers', 'tf.layers', 'tf.compat.v1.layers'],
  meanings: {
    ...({ kernel_size: 'kernel', pool_size: 'kernel', strides: 'stride', padding: 'padding' } as const),
    ...({ dilation_rate: 'dilation', data_format: 'layout' } as const),
  },
  pads: [],
  calls: [
    { name: 'conv{n}d', op: 'conv', order: `inputs filters kernel_size strides padding ${layers}` },
    { name: 'conv{n}d_transpose', op: 'convTranspose', order: `inputs filters kernel_size strides padding ${layers}` },
    { name: 'max_pooling{n}d', op: 'maxPool', order: 'inputs pool_size strides padding data_format name' },
    { name: 'average_pooling{n}d', op: 'averagePool', order: 'inputs pool_size strides padding data_format name' },
  ],
}

const slimNames =
  'activation_fn normalizer_fn normalizer_params weights_initializer weights_regularizer biases_initializer ' +
  'biases_regularizer pointwise_initializer reuse variables_collections outputs_collections trainable scope'
const slimConv = { defaults: { stride: '1', padding: 'same' } } as const
const slimPool = {
  order: 'inputs kernel_size stride padding data_format outputs_collections scope',
  defaults: { stride: '2', padding: 'valid' },
}

/** `slim` of TensorFlow 1, in which many trained models were written. Source: tf_slim/layers/layers.py. */
export const tensorflowSlim: Library = {
  framework: 'tensorflow',
  modules: ['tensorflow.contrib.slim', 'tf.contrib.slim', 'tf.contrib.layers', 'tf_slim'],
  meanings: {
    ...({ kernel_size: 'kernel', stride: 'stride', padding: 'padding', rate: 'dilation' } as const),
    data_format: 'layout',
  },
  pads: [],
  calls: [
    {
      ...slimConv,
      name: 'conv2d',
      op: 'conv',
      order: `inputs num_outputs kernel_size stride padding data_format rate * ${slimNames}`,
    },
    {
      ...slimConv,
      name: 'separable_conv2d',
      op: 'conv',
      order: `inputs num_outputs kernel_size depth_multiplier stride padding data_format rate * ${slimNames}`,
    },
    {
      ...slimConv,
      name: 'conv2d_transpose',
      op: 'convTranspose',
      order: `inputs num_outputs kernel_size stride padding data_format * ${slimNames}`,
    },
    { ...slimPool, name: 'max_pool2d', op: 'maxPool' },
    { ...slimPool, name: 'avg_pool2d', op: 'averagePool' },
  ],
}
