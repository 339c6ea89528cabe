import type { ModelBuilder } from '../builder.ts'
import type { NcnnLayer } from './param.ts'
import { convolution, deconvolution, type NcnnWindow, numberOf, pooling } from './windows.ts'

/** Adds a layer to a model. Values have a batch of one that ncnn leaves out: [1, channels, ...cells]. */
type Add = (layer: NcnnLayer, builder: ModelBuilder) => void

const place = ({ name, place: span }: NcnnLayer): { name: string; span: NcnnLayer['place'] } => ({ name, span })

const as =
  (opType: string): Add =>
  (layer, builder) =>
    builder.node(opType, layer.inputs, layer.outputs, {}, place(layer))

/** With what stands for each channel as a second input, which moves nothing. */
const alone =
  (opType: string): Add =>
  (layer, builder) =>
    builder.node(opType, layer.inputs.slice(0, 1), layer.outputs, {}, place(layer))

const window =
  (describe: (layer: NcnnLayer, rank: number) => NcnnWindow, rank: number): Add =>
  (layer, builder) => {
    // An adaptive pool has windows of many sizes.
    if (describe === pooling && numberOf(layer, ADAPTIVE, 0) !== 0) return adaptive(layer, builder)
    const { opType, attributes, weights } = describe(layer, rank)
    const inputs = weights ? [layer.inputs[0], builder.made(weights)] : layer.inputs.slice(0, 1)
    builder.node(opType, inputs, layer.outputs, attributes, place(layer))
  }

const ADAPTIVE = 7

/** A pool to a size that is said: to one cell, or through windows that are not alike. */
const adaptive: Add = (layer, builder) => {
  const width = numberOf(layer, 8, 0)
  const isWhole = width === 1 && numberOf(layer, 18, width) === 1
  const opType = numberOf(layer, 0, 0) === 1 ? 'GlobalAveragePool' : 'GlobalMaxPool'
  if (isWhole) as(opType)(layer, builder)
  else unknown(layer, builder)
}

/** One value for many readers. */
const split: Add = (layer, builder) => {
  for (const output of layer.outputs) builder.node('Identity', layer.inputs.slice(0, 1), [output], {}, place(layer))
}

const elementwise = ['Mul', 'Add', 'Max'] as const
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow'] as const

/** An operator by parameter 0; with a number for its second operand, it leaves cells where they are. */
const chosen =
  (names: readonly string[]): Add =>
  (layer, builder) => {
    const isOne = layer.inputs.length < 2
    const opType = isOne ? 'BatchNormalization' : (names[numberOf(layer, 0, 0)] ?? 'Add')
    builder.node(opType, layer.inputs, layer.outputs, {}, place(layer))
  }

const concat: Add = (layer, builder) => {
  const axis = numberOf(layer, 0, 0)
  builder.node('Concat', layer.inputs, layer.outputs, { axis: axis < 0 ? axis : axis + 1 }, place(layer))
}

/** A list of numbers has one dimension in ncnn, and stands for channels of one cell each beside pictures: so it is read. */
const CELL = [1, -1, 1, 1]

/** All numbers of a value as channels. */
const flat: Add = (layer, builder) => {
  const target = builder.made([CELL.length], CELL)
  builder.node('Reshape', [layer.inputs[0] ?? '', target], layer.outputs, {}, place(layer))
}

const innerProduct: Add = (layer, builder) => {
  const [out, size] = [numberOf(layer, 0, 0), numberOf(layer, 2, 0)]
  const [rows, products] = [`${layer.outputs[0]} flat`, `${layer.outputs[0]} list`]
  builder.node('Flatten', layer.inputs.slice(0, 1), [rows], {}, place(layer))
  const weights = builder.made([out, Math.max(1, Math.round(size / Math.max(1, out)))])
  builder.node('Gemm', [rows, weights], [products], { transB: 1 }, place(layer))
  flat({ ...layer, inputs: [products] }, builder)
}

const kinds = ['constant', 'edge', 'reflect'] as const

/** Sides: top, bottom, left, right; front and behind are channels. */
const padding: Add = (layer, builder) => {
  const [top, bottom, left, right, front, behind] = [0, 1, 2, 3, 7, 8].map((key) => numberOf(layer, key, 0))
  const pads = [0, front, top, left, 0, behind, bottom, right]
  const mode = kinds[numberOf(layer, 4, 0)] ?? 'constant'
  const attributes = { mode, pads, value: { float: numberOf(layer, 5, 0) } }
  builder.node('Pad', layer.inputs.slice(0, 1), layer.outputs, attributes, place(layer))
}

/** Scales of height and width, or sizes. */
const interp: Add = (layer, builder) => {
  const [height, width] = [numberOf(layer, 3, 0), numberOf(layer, 4, 0)]
  const scales = [1, 1, numberOf(layer, 1, 1), numberOf(layer, 2, 1)]
  const isSized = height > 0 && width > 0
  const inputs = isSized
    ? [layer.inputs[0], '', '', builder.made([2], [height, width])]
    : [layer.inputs[0], '', builder.made([4], scales)]
  builder.node('Resize', inputs, layer.outputs, isSized ? { axes: [2, 3] } : {}, place(layer))
}

/** Starts, ends and axes as lists; ncnn counts axes without the batch. Or offsets and sizes as numbers. */
const crop: Add = (layer, builder) => {
  const lists = [9, 10, 11].map((key) => layer.numbers.get(key))
  const [starts, ends] = lists
  if (!Array.isArray(starts) || !Array.isArray(ends)) return cropByOffsets(layer, builder)
  const given = Array.isArray(lists[2]) ? lists[2] : starts.map((_, axis) => axis)
  const axes = given.map((axis: number) => (axis < 0 ? axis : axis + 1))
  const whole = ends.map((end: number) => (end === REST ? 2 ** 31 - 1 : end))
  const constants = [starts, whole, axes].map((list) => builder.made([list.length], list))
  builder.node('Slice', [layer.inputs[0], ...constants], layer.outputs, {}, place(layer))
}

/** Keys of an axis' offset, its size and what is left out at its end: channels, height, width. */
const cropKeys = [
  [2, 5, 8],
  [1, 4, 7],
  [0, 3, 6],
] as const

/** A size of -233 is all that the offset leaves. A second input, after whose size is cropped, is not followed. */
const cropByOffsets: Add = (layer, builder) => {
  const axes = cropKeys.map((keys) => keys.map((key) => numberOf(layer, key, 0)))
  if (layer.inputs.length !== 1 || axes.some(([, size]) => size === 0)) return unknown(layer, builder)
  const starts = axes.map(([offset]) => offset)
  const ends = axes.map(([offset, size, last]) => (size === REST ? (last > 0 ? -last : 2 ** 31 - 1) : offset + size))
  const constants = [starts, ends, [1, 2, 3]].map((list) => builder.made([3], list))
  builder.node('Slice', [layer.inputs[0], ...constants], layer.outputs, {}, place(layer))
}

/** Parts of a value side by side; the size of -233 is an equal share of what the others leave. */
const slice: Add = (layer, builder) => {
  const axis = numberOf(layer, 1, 0)
  const sizes = layer.numbers.get(0)
  const isKnown = Array.isArray(sizes) && sizes.every((size) => size > 0)
  const inputs = isKnown ? [layer.inputs[0], builder.made([sizes.length], sizes)] : layer.inputs.slice(0, 1)
  const isEqual = !isKnown && Array.isArray(sizes) && sizes.every((size) => size === REST)
  if (!isKnown && !isEqual) return unknown(layer, builder)
  const attributes = { axis: axis < 0 ? axis : axis + 1, num_outputs: isEqual ? layer.outputs.length : undefined }
  builder.node('Split', inputs, layer.outputs, attributes, place(layer))
}

/** What stands for a size that follows from the others. */
const REST = -233

const blocks =
  (opType: string, attribute: string): Add =>
  (layer, builder) =>
    builder.node(opType, layer.inputs, layer.outputs, { [attribute]: numberOf(layer, 0, 1) }, place(layer))

/** Sizes stand innermost first; the batch of one goes before. */
const reshape: Add = (layer, builder) => {
  const sizes = [0, 1, 11, 2].map((key) => layer.numbers.get(key)).filter((size) => typeof size === 'number')
  if (sizes.length === 1) return flat(layer, builder)
  const target = builder.made([sizes.length + 1], [1, ...sizes.reverse()])
  builder.node('Reshape', [layer.inputs[0], target], layer.outputs, {}, place(layer))
}

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = (layer, builder) =>
  builder.node(layer.type, layer.inputs, layer.outputs, {}, { ...place(layer), domain: 'ncnn' })

/** Layers by their type. */
export const layers: Readonly<Record<string, Add>> = {
  Convolution: window(convolution, 2),
  ConvolutionDepthWise: window(convolution, 2),
  Convolution1D: window(convolution, 1),
  ConvolutionDepthWise1D: window(convolution, 1),
  Convolution3D: window(convolution, 3),
  ConvolutionDepthWise3D: window(convolution, 3),
  Deconvolution: window(deconvolution, 2),
  DeconvolutionDepthWise: window(deconvolution, 2),
  Deconvolution1D: window(deconvolution, 1),
  DeconvolutionDepthWise1D: window(deconvolution, 1),
  Deconvolution3D: window(deconvolution, 3),
  DeconvolutionDepthWise3D: window(deconvolution, 3),
  Pooling: window(pooling, 2),
  Pooling1D: window(pooling, 1),
  Pooling3D: window(pooling, 3),
  Padding: padding,
  Split: split,
  Eltwise: chosen(elementwise),
  BinaryOp: chosen(binary),
  Concat: concat,
  InnerProduct: innerProduct,
  Interp: interp,
  Crop: crop,
  PixelShuffle: blocks('DepthToSpace', 'blocksize'),
  Reorg: blocks('SpaceToDepth', 'blocksize'),
  Reshape: reshape,
  Flatten: flat,
  Slice: slice,
  Noop: as('Identity'),
  Dropout: as('Identity'),
  Cast: as('Identity'),
  Quantize: as('QuantizeLinear'),
  Dequantize: as('DequantizeLinear'),
  Requantize: as('QuantizeLinear'),
  BatchNorm: alone('BatchNormalization'),
  Scale: alone('BatchNormalization'),
  Bias: alone('BatchNormalization'),
  PReLU: as('LeakyRelu'),
  Clip: as('Clip'),
  ReLU: as('Relu'),
  ELU: as('Elu'),
  SELU: as('Selu'),
  GELU: as('Gelu'),
  Sigmoid: as('Sigmoid'),
  TanH: as('Tanh'),
  Swish: as('Swish'),
  Mish: as('Mish'),
  HardSigmoid: as('HardSigmoid'),
  HardSwish: as('HardSwish'),
  Softmax: as('Softmax'),
  LRN: as('LRN'),
  AbsVal: as('Abs'),
  Exp: as('Exp'),
  Log: as('Log'),
  InstanceNorm: as('InstanceNormalization'),
  LayerNorm: as('LayerNormalization'),
  GroupNorm: as('GroupNormalization'),
}
