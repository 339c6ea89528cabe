import { shares } from '../../conventions/forward-rules.ts'
import type { AttributeInput, ModelBuilder } from '../builder.ts'
import type { Section } from './sections.ts'

/** A layer, the name of its value, and where it is added. */
export interface DarknetLayer {
  readonly section: Section
  readonly index: number
  readonly output: string
  /** The value of a layer by its number, or counted back from this one when negative. */
  layerValue(layer: number): string
  /** Channels of a value, as far as they are known. */
  channelsOf(value: string): number | undefined
  readonly builder: ModelBuilder
}

type Add = (layer: DarknetLayer) => void

function add(
  { section, output, builder, layerValue }: DarknetLayer,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  inputs: readonly string[] = [layerValue(-1)],
  domain = '',
): void {
  builder.node(opType, inputs, [output], attributes, { name: output, span: section.place, domain })
}

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = (layer) => add(layer, layer.section.kind, {}, undefined, 'darknet')

const as =
  (opType: string): Add =>
  (layer) =>
    add(layer, opType)

/** `pad=1` pads by half the kernel; otherwise `padding` counts. A kernel of 1 has no dilation. */
const convolutional: Add = (layer) => {
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

/** `padding` is that of both sides together, `size - 1` where it is left out; the smaller half comes first. */
const pool =
  (opType: string): Add =>
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

const connected: Add = (layer) => {
  const { section, output, builder } = layer
  const flat = `${output} flat`
  builder.node('Flatten', [layer.layerValue(-1)], [flat], {}, { name: output })
  add(layer, 'Gemm', { transB: 1 }, [flat, builder.made([section.number('output', 1), UNKNOWN])])
}

/**
 * A sum of the size of what flows in. A value of other channels counts as far as it goes, with every second cell where it is
 * twice as large: no operator of a row, and one that leaves the cells of its first input where they are.
 */
const shortcut: Add = (layer) => {
  const [input, ...from] = [-1, ...layer.section.numbers('from')].map((number) => layer.layerValue(number))
  const isAlike = from.every((value) => layer.channelsOf(value) === layer.channelsOf(input))
  // Several values are summed one after the other.
  if (!isAlike || from.length === 0) return add(layer, 'BatchNormalization', {}, [input])
  from.reduce((sum, value, index) => {
    const isLast = index === from.length - 1
    const output = isLast ? layer.output : `${layer.output} of ${index + 2}`
    add({ ...layer, output }, 'Add', {}, [sum, value])
    return output
  }, input)
}

/** Parts of a value, of which networks have two or four. */
const MOST_GROUPS = 64

/** One or more values side by side, or one part of them where `groups` says so. */
const route: Add = (layer) => {
  const { section, output, builder } = layer
  const values = section.numbers('layers').map((number) => layer.layerValue(number))
  const groups = section.number('groups', 1)
  if (groups <= 1) return add(layer, 'Concat', { axis: 1 }, values)
  if (groups > MOST_GROUPS) return unknown(layer)
  const id = section.number('group_id', 0)
  const parts = Array.from({ length: groups }, (_, index) => (index === id ? output : `${output} part ${index}`))
  const whole = `${output} whole`
  builder.node('Concat', values, [whole], { axis: 1 }, { name: output, span: section.place })
  builder.node('Split', [whole], parts, { axis: 1, num_outputs: groups }, { name: output, span: section.place })
}

const upsample: Add = (layer) => {
  const stride = layer.section.number('stride', 2)
  add(layer, 'Resize', {}, [layer.layerValue(-1), '', layer.builder.made([4], [1, 1, stride, stride])])
}

/** A picture of the size that is said, cut from anywhere. */
const crop: Add = (layer) => {
  const { section, output, builder } = layer
  builder.value(output, [1, 3, section.number('crop_height', 1), section.number('crop_width', 1)])
  unknown(layer)
}

/** Layers by the name of their section. */
export const layers: Readonly<Record<string, Add>> = {
  convolutional,
  conv: convolutional,
  maxpool: pool('MaxPool'),
  max: pool('MaxPool'),
  local_avgpool: pool('AveragePool'),
  avgpool: as('GlobalAveragePool'),
  avg: as('GlobalAveragePool'),
  connected,
  conn: connected,
  shortcut,
  route,
  upsample,
  crop,
  scale_channels: (layer) =>
    add(layer, 'Mul', {}, [layer.layerValue(layer.section.number('from', -1)), layer.layerValue(-1)]),
  sam: (layer) => add(layer, 'Mul', {}, [layer.layerValue(layer.section.number('from', -1)), layer.layerValue(-1)]),
  dropout: as('Identity'),
  activation: as('LeakyRelu'),
  batchnorm: as('BatchNormalization'),
  softmax: as('Softmax'),
  soft: as('Softmax'),
  reorg: (layer) => add(layer, 'SpaceToDepth', { blocksize: layer.section.number('stride', 1) }),
  reorg3d: (layer) => add(layer, 'SpaceToDepth', { blocksize: layer.section.number('stride', 1) }),
}

/** Channels that a layer makes of those that flow in, where they are others. */
export const channelsMade: Readonly<Record<string, (layer: DarknetLayer) => number | undefined>> = {
  convolutional: ({ section }) => section.number('filters', 1),
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
