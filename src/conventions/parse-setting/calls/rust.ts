import type { Library } from '../library.ts'

const burnPlain = {
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  kernel_size: 'kernel',
  groups: 'groups',
} as const
const burnConv = '* stride padding dilation groups bias initializer init'

/** Burn's configurations with their methods. Source: burn_nn's reference. */
export const burnConfigs: Library = {
  framework: 'burn',
  modules: ['burn.nn', 'burn.nn.conv', 'burn.nn.pool', 'nn.conv', 'nn.pool'],
  meanings: {
    ...burnPlain,
    ...({ strides: 'stride', padding_out: 'outputPadding', ceil_mode: 'ceilMode' } as const),
    ...({ count_include_pad: 'countIncludePad' } as const),
  },
  pads: ['both sides', 'begins then ends'],
  calls: [
    { name: 'Conv1dConfig', op: 'conv', order: `channels_input channels_output kernel_size ${burnConv}` },
    { name: 'Conv2dConfig', op: 'conv', order: `channels kernel_size ${burnConv}` },
    { name: 'Conv3dConfig', op: 'conv', order: `channels kernel_size ${burnConv}` },
    { name: 'ConvTranspose{n}dConfig', op: 'convTranspose', order: `channels kernel_size ${burnConv} padding_out` },
    { name: 'MaxPool{n}dConfig', op: 'maxPool', order: 'kernel_size * strides stride padding dilation ceil_mode init' },
    {
      name: 'AvgPool{n}dConfig',
      op: 'averagePool',
      order: 'kernel_size * strides stride padding count_include_pad ceil_mode init',
    },
  ],
}

const candleMeanings = {
  ...({ kernel_size: 'kernel', stride: 'stride', padding: 'padding', dilation: 'dilation' } as const),
  ...({ output_padding: 'outputPadding', groups: 'groups' } as const),
}
const config = '* padding output_padding stride dilation groups cudnn_fwd_algo'

/** `candle_nn`, whose functions take a configuration among their arguments. Source: its reference. */
export const candleLayers: Library = {
  framework: 'candle',
  modules: ['candle_nn', 'candle_nn.conv', 'nn'],
  meanings: candleMeanings,
  pads: ['both sides'],
  takesFields: true,
  calls: [
    ...(['conv{n}d', 'conv{n}d_no_bias'] as const).map((name) => ({
      name,
      op: 'conv' as const,
      order: `in_channels out_channels kernel_size cfg vb ${config}`,
    })),
    ...(['conv_transpose{n}d', 'conv_transpose{n}d_no_bias'] as const).map((name) => ({
      name,
      op: 'convTranspose' as const,
      order: `in_channels out_channels kernel_size cfg vb ${config}`,
    })),
    { name: 'Conv{n}dConfig', op: 'conv', order: config },
    { name: 'ConvTranspose{n}dConfig', op: 'convTranspose', order: config },
  ],
}

/** Methods of candle's `Tensor`. */
export const candleMethods: Library = {
  framework: 'candle',
  modules: ['candle_core.Tensor', 'Tensor'],
  meanings: candleMeanings,
  pads: ['both sides'],
  calls: [
    { name: 'conv{n}d', op: 'conv', order: 'kernel padding stride dilation groups', isMethod: true, takesAll: true },
    {
      name: 'conv_transpose{n}d',
      op: 'convTranspose',
      order: 'kernel padding output_padding stride dilation groups',
      isMethod: true,
      takesAll: true,
    },
    ...(['max', 'avg'] as const).flatMap((kind) => {
      const op = kind === 'max' ? ('maxPool' as const) : ('averagePool' as const)
      return [
        { name: `${kind}_pool{n}d`, op, order: 'kernel_size', isMethod: true as const },
        { name: `${kind}_pool{n}d_with_stride`, op, order: 'kernel_size stride', isMethod: true as const },
      ]
    }),
  ],
}
