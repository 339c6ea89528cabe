import type { Library } from '../library.ts'

const meanings = {
  ...({ kernel_size: 'kernel', stride: 'stride', padding: 'padding', dilation: 'dilation' } as const),
  ...({ input_dilation: 'inputDilation', kernel_dilation: 'dilation', output_padding: 'outputPadding' } as const),
  groups: 'groups' as const,
}

/** `mlx.nn`. Source: the reference of MLX. */
export const mlxLayers: Library = {
  framework: 'mlx',
  modules: ['mlx.nn'],
  meanings,
  pads: ['both sides'],
  calls: [
    {
      name: 'Conv{n}d',
      op: 'conv',
      order: 'in_channels out_channels kernel_size stride padding dilation groups bias',
    },
    {
      name: 'ConvTranspose{n}d',
      op: 'convTranspose',
      order: 'in_channels out_channels kernel_size stride padding dilation output_padding bias',
    },
    { name: 'MaxPool{n}d', op: 'maxPool', order: 'kernel_size stride padding' },
    { name: 'AvgPool{n}d', op: 'averagePool', order: 'kernel_size stride padding' },
  ],
}

/** `mlx.core`. */
export const mlxCore: Library = {
  framework: 'mlx',
  modules: ['mlx.core', 'mx'],
  meanings,
  pads: ['both sides', 'two lists'],
  calls: [
    { name: 'conv{n}d', op: 'conv', order: 'input weight stride padding dilation groups * stream' },
    {
      name: 'conv_transpose{n}d',
      op: 'convTranspose',
      order: 'input weight stride padding dilation output_padding groups * stream',
    },
    {
      name: 'conv_general',
      op: 'conv',
      order: 'input weight stride padding kernel_dilation input_dilation groups flip * stream',
    },
  ],
}
