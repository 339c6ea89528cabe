import type { AttributeInput } from '../builder.ts'
import { type AddOperator, add, type FileOperator, unknown } from '../file-operator.ts'
import { type Config, numbersOf, textOf } from './config.ts'

// Layers that slide a window.

/** A call of a layer with its configuration. */
export interface KerasCall extends FileOperator {
  readonly config: Config
}

type AddLayer = AddOperator<KerasCall>

export const isChannelsFirst = ({ config }: KerasCall): boolean => config.data_format === 'channels_first'

const number = (value: Config[string], absent: number): number => (typeof value === 'number' ? value : absent)

/** Strides, dilations and padding; undefined where a number is none. */
function common(
  call: KerasCall,
  rank: number,
  kernel: Config[string],
  strides: Config[string],
): Record<string, AttributeInput> | undefined {
  const { config } = call
  const lists = [kernel, strides ?? 1, config.dilation_rate ?? 1].map((value) => numbersOf(value, rank))
  const [kernelShape, steps, dilations] = lists
  if (!kernelShape || !steps || !dilations) return undefined
  return {
    ...{ kernel_shape: kernelShape, strides: steps, dilations, auto_pad: textOf(config.padding) ?? 'valid' },
    layout: isChannelsFirst(call) ? 'nchw' : 'nhwc',
  }
}

export const convolution =
  (rank: number): AddLayer =>
  (call) => {
    const { config } = call
    const window = common(call, rank, config.kernel_size, config.strides)
    if (!window) return unknown(call)
    add(call, 'Conv', { ...window, group: number(config.groups, 1), output_channels: number(config.filters, 1) })
  }

export const depthwise =
  (rank: number): AddLayer =>
  (call) => {
    const window = common(call, rank, call.config.kernel_size, call.config.strides)
    if (window) add(call, 'Conv', { ...window, channel_multiplier: number(call.config.depth_multiplier, 1) })
    else unknown(call)
  }

/** A depthwise convolution, then one of a single tap. */
export const separable =
  (rank: number): AddLayer =>
  (call) => {
    const between = [`${call.name} depthwise`]
    const window = common(call, rank, call.config.kernel_size, call.config.strides)
    if (!window) return unknown(call)
    add({ ...call, outputs: between }, 'Conv', {
      ...window,
      channel_multiplier: number(call.config.depth_multiplier, 1),
    })
    const ones = new Array<number>(rank).fill(1)
    add({ ...call, name: `${call.name} pointwise`, inputs: between }, 'Conv', {
      kernel_shape: ones,
      auto_pad: 'valid',
      layout: window.layout,
      output_channels: number(call.config.filters, 1),
    })
  }

export const transposed =
  (rank: number): AddLayer =>
  (call) => {
    const { config } = call
    const window = common(call, rank, config.kernel_size, config.strides)
    if (!window) return unknown(call)
    const added = config.output_padding == null ? undefined : numbersOf(config.output_padding, rank)
    add(call, 'ConvTranspose', { ...window, output_padding: added, output_channels: number(config.filters, 1) })
  }

/** Strides are those of the window where nothing is said. */
export const pool = (opType: string, rank: number): AddLayer => {
  return (call) => {
    const { config } = call
    const kernel = config.pool_size ?? config.pool_length ?? 2
    const window = common(call, rank, kernel, config.strides ?? config.stride ?? kernel)
    if (window) add(call, opType, { ...window, dilations: undefined })
    else unknown(call)
  }
}
