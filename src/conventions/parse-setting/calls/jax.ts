import type { Library } from '../library.ts'

const general = 'feature_group_count batch_group_count precision preferred_element_type'

/** `jax.lax`. Source: its reference. */
export const jaxLax: Library = {
  framework: 'jax',
  modules: ['jax.lax'],
  meanings: {
    ...({ window_strides: 'stride', strides: 'stride', padding: 'padding', rhs_dilation: 'dilation' } as const),
    ...({ lhs_dilation: 'inputDilation', base_dilation: 'inputDilation' } as const),
    feature_group_count: 'groups',
    ...({ window_dimensions: 'kernel', window_dilation: 'dilation', computation: 'op' } as const),
  },
  pads: ['pairs', 'every dimension'],
  calls: [
    { name: 'conv', op: 'conv', order: 'lhs rhs window_strides padding precision preferred_element_type' },
    {
      name: 'conv_general_dilated',
      op: 'conv',
      order: `lhs rhs window_strides padding lhs_dilation rhs_dilation dimension_numbers ${general}`,
    },
    {
      name: 'conv_with_general_padding',
      op: 'conv',
      order: 'lhs rhs window_strides padding lhs_dilation rhs_dilation precision preferred_element_type',
    },
    {
      name: 'conv_transpose',
      op: 'convTranspose',
      order:
        'lhs rhs strides padding rhs_dilation dimension_numbers transpose_kernel precision preferred_element_type use_consistent_padding',
    },
    {
      name: 'reduce_window',
      op: 'maxPool',
      order: 'operand init_value computation window_dimensions window_strides padding base_dilation window_dilation',
      everyDimension: 'always',
    },
  ],
}

const flaxMeanings = {
  ...({ kernel_size: 'kernel', window_shape: 'kernel', strides: 'stride', padding: 'padding' } as const),
  ...({ input_dilation: 'inputDilation', kernel_dilation: 'dilation', count_include_pad: 'countIncludePad' } as const),
  feature_group_count: 'groups' as const,
}
const flaxRest = 'use_bias mask dtype param_dtype precision kernel_init bias_init name rngs parent'
const same = { padding: 'same' }
const valid = { strides: '1', padding: 'valid' }

/** `flax.linen`. Source: its reference. */
export const flaxLinen: Library = {
  framework: 'flax',
  modules: ['flax.linen', 'nn'],
  meanings: flaxMeanings,
  pads: ['both sides', 'pairs'],
  calls: [
    {
      name: 'Conv',
      op: 'conv',
      order: `features kernel_size strides padding input_dilation kernel_dilation feature_group_count ${flaxRest}`,
      defaults: same,
    },
    {
      name: 'ConvTranspose',
      op: 'convTranspose',
      order: `features kernel_size strides padding kernel_dilation ${flaxRest} transpose_kernel`,
      defaults: same,
    },
    { name: 'max_pool', op: 'maxPool', order: 'inputs window_shape strides padding', defaults: valid },
    {
      name: 'avg_pool',
      op: 'averagePool',
      order: 'inputs window_shape strides padding count_include_pad',
      defaults: valid,
    },
  ],
}

/** `flax.nnx`, whose layers are told both numbers of channels. */
export const flaxNnx: Library = {
  framework: 'flax',
  modules: ['flax.nnx'],
  meanings: flaxMeanings,
  pads: ['both sides', 'pairs'],
  calls: [
    {
      name: 'Conv',
      op: 'conv',
      order: `in_features out_features kernel_size strides * padding input_dilation kernel_dilation feature_group_count ${flaxRest}`,
      defaults: same,
    },
    {
      name: 'ConvTranspose',
      op: 'convTranspose',
      order: `in_features out_features kernel_size strides * padding kernel_dilation ${flaxRest} transpose_kernel`,
      defaults: same,
    },
    ...flaxLinen.calls.filter(({ name }) => name.endsWith('_pool')),
  ],
}
