import type { AttributeInput } from '../builder.ts'
import { type AddOperator, add, alone, as, type FileOperator, named, unknown } from '../file-operator.ts'
import type { NcnnLayer } from './param.ts'
import { convolution, deconvolution, type NcnnWindow, numberOf, pooling } from './windows.ts'

/** A layer. Values have a batch of one that ncnn leaves out: [1, channels, ...cells]. */
export type NcnnCall = FileOperator & NcnnLayer

type AddLayer = AddOperator<NcnnCall>

/** An axis without the batch, as ONNX counts it. */
const behindBatch = (axis: number): number => (axis < 0 ? axis : axis + 1)

const window =
  (describe: (layer: NcnnCall, rank: number) => NcnnWindow, rank: number): AddLayer =>
  (layer) => {
    // An adaptive pool has windows of many sizes.
    if (describe === pooling && numberOf(layer, ADAPTIVE, 0) !== 0) return adaptive(layer)
    const { opType, attributes, weights } = describe(layer, rank)
    const value = describe === convolution ? numberOf(layer, PAD_VALUE, 0) : 0
    const { input, pads, remark } = padded(layer, attributes.pads, value)
    const given = weights ? [input, layer.builder.made(weights)] : [input]
    add(layer, opType, { ...attributes, pads, remark }, given)
  }

/** Parameters of a pool, and of a convolution. */
const [ADAPTIVE, PAD_VALUE] = [7, 18]

/** What a convolution reads whose padding holds another value than zero: it stands behind a Pad of that value. */
function padded(layer: NcnnCall, pads: AttributeInput, value: number) {
  const [input = ''] = layer.inputs
  if (value === 0) return { input, pads, remark: undefined }
  // What a rule adds is not known before the size is.
  if (!Array.isArray(pads)) return { input, pads, remark: `its padding holds ${value}` }
  const [output, half] = [`${layer.outputs[0]} padded`, pads.length / 2]
  const all = [0, 0, ...pads.slice(0, half), 0, 0, ...pads.slice(half)]
  add({ ...layer, outputs: [output] }, 'Pad', { mode: 'constant', pads: all, value: { float: value } }, [input])
  return { input: output, pads: undefined, remark: undefined }
}

/** A pool to a size that is said: to one cell, or through windows that are not alike. */
const adaptive: AddLayer = (layer) => {
  const width = numberOf(layer, 8, 0)
  const isWhole = width === 1 && numberOf(layer, 18, width) === 1
  const opType = numberOf(layer, 0, 0) === 1 ? 'GlobalAveragePool' : 'GlobalMaxPool'
  if (isWhole) add(layer, opType)
  else unknown(layer)
}

/** One value for many readers. */
const split: AddLayer = (layer) => {
  for (const output of layer.outputs) alone('Identity')({ ...layer, outputs: [output] })
}

const elementwise = ['Mul', 'Add', 'Max'] as const
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Pow'] as const

/** An operator by parameter 0; with a number for its second operand, it leaves cells where they are. */
const chosen =
  (names: readonly string[]): AddLayer =>
  (layer) => {
    const isOne = layer.inputs.length < 2
    const opType = isOne ? 'BatchNormalization' : (names[numberOf(layer, 0, 0)] ?? 'Add')
    add(layer, opType)
  }

const concat = as<NcnnCall>('Concat', (layer) => ({ axis: behindBatch(numberOf(layer, 0, 0)) }))

/** A list of numbers has one dimension in ncnn, and stands for channels of one cell each beside pictures: so it is read. */
const CELL = [1, -1, 1, 1]

/** All numbers of a value as channels. */
const flat: AddLayer = (layer) =>
  add(layer, 'Reshape', {}, [layer.inputs[0] ?? '', layer.builder.made([CELL.length], CELL)])

const innerProduct: AddLayer = (layer) => {
  const [out, size] = [numberOf(layer, 0, 0), numberOf(layer, 2, 0)]
  const [rows, products] = [`${layer.outputs[0]} flat`, `${layer.outputs[0]} list`]
  alone('Flatten')({ ...layer, outputs: [rows] })
  const weights = layer.builder.made([out, Math.max(1, Math.round(size / Math.max(1, out)))])
  add({ ...layer, outputs: [products] }, 'Gemm', { transB: 1 }, [rows, weights])
  flat({ ...layer, inputs: [products] })
}

const kinds = ['constant', 'edge', 'reflect'] as const

/** Sides: top, bottom, left, right; front and behind are channels. */
const padding: AddLayer = (layer) => {
  const [top, bottom, left, right, front, behind] = [0, 1, 2, 3, 7, 8].map((key) => numberOf(layer, key, 0))
  const pads = [0, front, top, left, 0, behind, bottom, right]
  const mode = kinds[numberOf(layer, 4, 0)] ?? 'constant'
  add(layer, 'Pad', { mode, pads, value: { float: numberOf(layer, 5, 0) } }, layer.inputs.slice(0, 1))
}

/** Scales of height and width, or sizes. */
const interp: AddLayer = (layer) => {
  const [height, width] = [numberOf(layer, 3, 0), numberOf(layer, 4, 0)]
  const scales = [1, 1, numberOf(layer, 1, 1), numberOf(layer, 2, 1)]
  const isSized = height > 0 && width > 0
  const given = isSized ? ['', layer.builder.made([2], [height, width])] : [layer.builder.made([4], scales)]
  add(layer, 'Resize', isSized ? { axes: [2, 3] } : {}, [layer.inputs[0], '', ...given])
}

/** Starts, ends and axes as lists; ncnn counts axes without the batch. Or offsets and sizes as numbers. */
const crop: AddLayer = (layer) => {
  const lists = [9, 10, 11].map((key) => layer.numbers.get(key))
  const [starts, ends] = lists
  if (!Array.isArray(starts) || !Array.isArray(ends)) return cropByOffsets(layer)
  const given = Array.isArray(lists[2]) ? lists[2] : starts.map((_, axis) => axis)
  const whole = ends.map((end: number) => (end === REST ? 2 ** 31 - 1 : end))
  const constants = [starts, whole, given.map(behindBatch)].map((list) => layer.builder.made([list.length], list))
  add(layer, 'Slice', {}, [layer.inputs[0], ...constants])
}

/** Keys of an axis' offset, its size and what is left out at its end: channels, height, width. */
const cropKeys = [
  [2, 5, 8],
  [1, 4, 7],
  [0, 3, 6],
] as const

/** A size of -233 is all that the offset leaves. A second input, after whose size is cropped, is not followed. */
const cropByOffsets: AddLayer = (layer) => {
  const axes = cropKeys.map((keys) => keys.map((key) => numberOf(layer, key, 0)))
  if (layer.inputs.length !== 1 || axes.some(([, size]) => size === 0)) return unknown(layer)
  const starts = axes.map(([offset]) => offset)
  const ends = axes.map(([offset, size, last]) => (size === REST ? (last > 0 ? -last : 2 ** 31 - 1) : offset + size))
  const constants = [starts, ends, [1, 2, 3]].map((list) => layer.builder.made([3], list))
  add(layer, 'Slice', {}, [layer.inputs[0], ...constants])
}

/** Parts of a value side by side; the size of -233 is an equal share of what the others leave. */
const slice: AddLayer = (layer) => {
  const sizes = layer.numbers.get(0)
  const isKnown = Array.isArray(sizes) && sizes.every((size) => size > 0)
  const inputs = isKnown ? [layer.inputs[0], layer.builder.made([sizes.length], sizes)] : layer.inputs.slice(0, 1)
  const isEqual = !isKnown && Array.isArray(sizes) && sizes.every((size) => size === REST)
  if (!isKnown && !isEqual) return unknown(layer)
  const count = isEqual ? layer.outputs.length : undefined
  add(layer, 'Split', { axis: behindBatch(numberOf(layer, 1, 0)), num_outputs: count }, inputs)
}

/** What stands for a size that follows from the others. */
const REST = -233

const blocks = (opType: string, attribute: string): AddLayer =>
  as(opType, (layer) => ({ [attribute]: numberOf(layer, 0, 1) }))

/** Sizes stand innermost first; the batch of one goes before. */
const reshape: AddLayer = (layer) => {
  const sizes = [0, 1, 11, 2].map((key) => layer.numbers.get(key)).filter((size) => typeof size === 'number')
  if (sizes.length === 1) return flat(layer)
  const target = layer.builder.made([sizes.length + 1], [1, ...sizes.reverse()])
  add(layer, 'Reshape', {}, [layer.inputs[0], target])
}

/** Kinds for two axes, for one and for three. */
function ofKinds(name: string, describe: Parameters<typeof window>[0]): Readonly<Record<string, AddLayer>> {
  return { [name]: window(describe, 2), [`${name}1D`]: window(describe, 1), [`${name}3D`]: window(describe, 3) }
}

/** Layers by their type. */
export const layers: Readonly<Record<string, AddLayer>> = {
  ...ofKinds('Convolution', convolution),
  ...ofKinds('ConvolutionDepthWise', convolution),
  ...ofKinds('Deconvolution', deconvolution),
  ...ofKinds('DeconvolutionDepthWise', deconvolution),
  ...ofKinds('Pooling', pooling),
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
  Softmax: as('Softmax', (layer) => ({ axis: behindBatch(numberOf(layer, 0, 0)) })),
  ...named({ BatchNormalization: 'BatchNorm Scale Bias' }, alone),
  ...named({
    ...{ Identity: 'Noop Dropout Cast', QuantizeLinear: 'Quantize Requantize', DequantizeLinear: 'Dequantize' },
    ...{ Relu: 'ReLU', LeakyRelu: 'PReLU', Clip: 'Clip', Elu: 'ELU', Selu: 'SELU', Gelu: 'GELU', Swish: 'Swish' },
    ...{ Sigmoid: 'Sigmoid', HardSigmoid: 'HardSigmoid', HardSwish: 'HardSwish', Mish: 'Mish', Tanh: 'TanH' },
    ...{ LRN: 'LRN', Abs: 'AbsVal', Exp: 'Exp', Log: 'Log' },
    ...{ InstanceNormalization: 'InstanceNorm', LayerNormalization: 'LayerNorm', GroupNormalization: 'GroupNorm' },
  }),
}
