import { shares } from '../../conventions/forward-rules.ts'
import { type AddOperator, add, as, type FileOperator, named, unknown } from '../file-operator.ts'
import type { Section } from './sections.ts'

/** A layer, named for its value. Its input is the value before it, which counts as read when it is asked for. */
export interface DarknetLayer extends FileOperator {
  readonly section: Section
  /** The value of a layer by its number, or counted back from this one when negative. */
  layerValue(layer: number): string
  /** Channels of a value, as far as they are known. */
  channelsOf(value: string): number | undefined
}

type AddLayer = AddOperator<DarknetLayer>

/** `pad=1` pads by half the kernel; otherwise `padding` counts. A kernel of 1 has no dilation. */
const convolutional: AddLayer = (layer) => {
  const { section } = layer
  const size = section.number('size', 1)
  const stride = section.number('stride', 1)
  const padding = section.number('pad', 0) ? Math.floor(size / 2) : section.number('padding', 0)
  const dilation = size === 1 ? 1 : section.number('dilation', 1)
  add(layer, 'Conv', {
    kernel_shape: [size, size],
    strides: [section.number('stride_y', stride), section.number('stride_x', stride)],
    dilations: [dilation, dilation],
    pads: [padding, padding, padding, padding],
    group: section.number('groups', 1),
    output_channels: section.number('filters', 1),
  })
}

/** Of old forks (deconvolutional_layer.c): the crop is written as the padding of a convolution. */
const deconvolutional: AddLayer = (layer) => {
  const { section } = layer
  const [size, stride] = [section.number('size', 1), section.number('stride', 1)]
  const padding = section.number('pad', 0) ? Math.floor(size / 2) : section.number('padding', 0)
  add(layer, 'ConvTranspose', {
    ...{ kernel_shape: [size, size], strides: [stride, stride], pads: [padding, padding, padding, padding] },
    // Darknet has no rule of its own here: numbers are cropped as everywhere.
    ...{ output_channels: section.number('filters', 1), convention: 'openvino.transposed.explicit' },
  })
}

/** `padding` is that of both sides together, `size - 1` where it is left out; the smaller half comes first. */
const pool =
  (opType: string): AddLayer =>
  (layer) => {
    const { section } = layer
    const stride = section.number('stride', 1)
    const size = section.number('size', stride)
    const padding = section.number('padding', size - 1)
    const begin = shares['half towards zero'].of(padding)
    add(layer, opType, {
      kernel_shape: [size, size],
      strides: [section.number('stride_y', stride), section.number('stride_x', stride)],
      pads: [begin, begin, padding - begin, padding - begin],
      ...(opType === 'AveragePool' && { count_include_pad: 0 }),
    })
  }

/** How many numbers flow into it does not stand in the text. */
const UNKNOWN = -1

const connected: AddLayer = (layer) => {
  const { section, inputs, name, builder } = layer
  const flat = `${name} flat`
  builder.node('Flatten', inputs, [flat], {}, { name })
  add(layer, 'Gemm', { transB: 1 }, [flat, builder.made([section.number('output', 1), UNKNOWN])])
}

/**
 * A sum of the size of what flows in. A value of other channels counts as far as it goes, with every second cell where it is
 * twice as large: no operator of a row, and one that leaves the cells of its first input where they are.
 */
const shortcut: AddLayer = (layer) => {
  const [input, ...from] = [-1, ...layer.section.numbers('from')].map((number) => layer.layerValue(number))
  const isAlike = from.every((value) => layer.channelsOf(value) === layer.channelsOf(input))
  // Several values are summed one after the other.
  if (!isAlike || from.length === 0) return add(layer, 'BatchNormalization', {}, [input])
  from.reduce((sum, value, index) => {
    const isLast = index === from.length - 1
    const output = isLast ? layer.name : `${layer.name} of ${index + 2}`
    add({ ...layer, name: output, outputs: [output] }, 'Add', {}, [sum, value])
    return output
  }, input)
}

/** Parts of a value, of which networks have two or four. */
const MOST_GROUPS = 64

/** One or more values side by side, or one part of them where `groups` says so. */
const route: AddLayer = (layer) => {
  const { section, name, place, builder } = layer
  const values = section.numbers('layers').map((number) => layer.layerValue(number))
  const groups = section.number('groups', 1)
  if (groups <= 1) return add(layer, 'Concat', { axis: 1 }, values)
  if (groups > MOST_GROUPS) return unknown(layer)
  const id = section.number('group_id', 0)
  const parts = Array.from({ length: groups }, (_, index) => (index === id ? name : `${name} part ${index}`))
  const whole = `${name} whole`
  builder.node('Concat', values, [whole], { axis: 1 }, { name, span: place })
  builder.node('Split', [whole], parts, { axis: 1, num_outputs: groups }, { name, span: place })
}

const upsample: AddLayer = (layer) => {
  const stride = layer.section.number('stride', 2)
  add(layer, 'Resize', {}, [layer.layerValue(-1), '', layer.builder.made([4], [1, 1, stride, stride])])
}

/** A picture of the size that is said, cut from anywhere. */
const crop: AddLayer = (layer) => {
  const { section, name, builder } = layer
  builder.value(name, [1, 3, section.number('crop_height', 1), section.number('crop_width', 1)])
  unknown(layer)
}

/** The channels of one value weighed by another. */
const weighed: AddLayer = (layer) =>
  add(layer, 'Mul', {}, [layer.layerValue(layer.section.number('from', -1)), layer.layerValue(-1)])

const reorg = as<DarknetLayer>('SpaceToDepth', ({ section }) => ({ blocksize: section.number('stride', 1) }))

/** Layers by the name of their section. */
export const layers: Readonly<Record<string, AddLayer>> = {
  deconvolutional,
  deconv: deconvolutional,
  convolutional,
  conv: convolutional,
  maxpool: pool('MaxPool'),
  max: pool('MaxPool'),
  local_avgpool: pool('AveragePool'),
  connected,
  conn: connected,
  shortcut,
  route,
  upsample,
  crop,
  scale_channels: weighed,
  sam: weighed,
  reorg,
  reorg3d: reorg,
  ...named({
    ...{ GlobalAveragePool: 'avgpool avg', Identity: 'dropout', LeakyRelu: 'activation' },
    ...{ BatchNormalization: 'batchnorm', Softmax: 'softmax soft' },
  }),
}

/** Channels that a layer makes of those that flow in, where they are others. */
export const channelsMade: Readonly<Record<string, (layer: DarknetLayer) => number | undefined>> = {
  convolutional: ({ section }) => section.number('filters', 1),
  deconvolutional: ({ section }) => section.number('filters', 1),
  deconv: ({ section }) => section.number('filters', 1),
  conv: ({ section }) => section.number('filters', 1),
  connected: ({ section }) => section.number('output', 1),
  conn: ({ section }) => section.number('output', 1),
  route: ({ section, layerValue, channelsOf }) =>
    section
      .numbers('layers')
      .map((number) => channelsOf(layerValue(number)))
      .reduce((sum = Number.NaN, channels = Number.NaN) => sum + channels / section.number('groups', 1), 0),
  reorg: () => undefined,
  reorg3d: () => undefined,
}
