import type { Library } from '../library.ts'

const meanings = {
  ...({ kernel_size: 'kernel', stride: 'stride', padding: 'padding', dilation: 'dilation' } as const),
  ...({ output_padding: 'outputPadding', padding_mode: 'paddingValues' } as const),
  ...({ ceil_mode: 'ceilMode', count_include_pad: 'countIncludePad', divisor_override: 'divisor' } as const),
  groups: 'groups' as const,
}

/** `torch.nn`: modules, also as `print(model)` shows them. Source: the reference of torch.nn. */
export const torchModules: Library = {
  framework: 'pytorch',
  modules: ['torch.nn', 'nn'],
  meanings,
  pads: ['both sides'],
  calls: [
    {
      name: 'Conv{n}d',
      op: 'conv',
      order:
        'in_channels out_channels kernel_size stride padding dilation groups bias padding_mode device dtype * transposed output_padding',
    },
    {
      name: 'LazyConv{n}d',
      op: 'conv',
      order: 'out_channels kernel_size stride padding dilation groups bias padding_mode device dtype',
    },
    {
      name: 'ConvTranspose{n}d',
      op: 'convTranspose',
      order:
        'in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode device dtype',
    },
    {
      name: 'LazyConvTranspose{n}d',
      op: 'convTranspose',
      order: 'out_channels kernel_size stride padding output_padding groups bias dilation padding_mode device dtype',
    },
    { name: 'MaxPool{n}d', op: 'maxPool', order: 'kernel_size stride padding dilation return_indices ceil_mode' },
    {
      name: 'AvgPool{n}d',
      op: 'averagePool',
      order: 'kernel_size stride padding ceil_mode count_include_pad divisor_override',
    },
  ],
}

/** `torch.nn.functional`. The kernel of a convolution is that of its weights. */
export const torchFunctions: Library = {
  framework: 'pytorch',
  modules: ['torch.nn.functional', 'F', 'torch'],
  meanings,
  pads: ['both sides'],
  calls: [
    { name: 'conv{n}d', op: 'conv', order: 'input weight bias stride padding dilation groups' },
    {
      name: 'conv_transpose{n}d',
      op: 'convTranspose',
      order: 'input weight bias stride padding output_padding groups dilation',
    },
    {
      name: 'max_pool{n}d',
      op: 'maxPool',
      order: 'input kernel_size stride padding dilation ceil_mode return_indices',
    },
    {
      name: 'avg_pool{n}d',
      op: 'averagePool',
      order: 'input kernel_size stride padding ceil_mode count_include_pad divisor_override',
    },
  ],
}
