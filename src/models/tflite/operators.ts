import { dataView } from '../../bytes/bytes.ts'
import type { AttributeInput } from '../builder.ts'
import type { TfliteOperation, Translate } from './operation.ts'
import {
  concatenationOptions,
  ifOptions,
  mirrorPadOptions,
  reducerOptions,
  reshapeOptions,
  squeezeOptions,
  whileOptions,
} from './schema.ts'
import { convolution, convolution3d, depthwise, pool, transposed } from './windows.ts'

const as =
  (opType: string, attributes?: (operation: TfliteOperation) => Readonly<Record<string, AttributeInput>>): Translate =>
  (operation) => ({ opType, ...(attributes && { attributes: attributes(operation) }) })

/** Operators whose list of axes, sizes or the like is an input; the row takes it as one, too. */
const first =
  (opType: string, count: number): Translate =>
  ({ inputs }) => ({ opType, inputs: inputs.slice(0, count) })

/** Reduced sizes: axes are an input, `keep_dims` is an option. */
const reducing = (opType: string): Translate =>
  as(opType, ({ options }) => ({ keepdims: Number(options?.bool(reducerOptions.keepDims) ?? false) }))

/** Of a mirrored padding the mode says whether the outermost cell is repeated. */
const pad =
  (isMirrored = false): Translate =>
  ({ inputs, options, flatPads }) => ({
    opType: 'Pad',
    inputs: [inputs[0], flatPads(inputs[1]), ...inputs.slice(2, 3)],
    attributes: { mode: isMirrored ? mirrorModes[options?.int8(mirrorPadOptions.mode) ?? 0] : 'constant' },
  })

const mirrorModes = ['reflect', 'symmetric'] as const

const transpose: Translate = ({ inputs, values }) => ({
  opType: 'Transpose',
  inputs: inputs.slice(0, 1),
  attributes: { perm: values(1) },
})

/** The new sizes are an input, or the options' where that is left out. */
const reshape: Translate = ({ inputs, options, constant }) => {
  const sizes = options?.int32s(reshapeOptions.newShape) ?? []
  return { opType: 'Reshape', inputs: [inputs[0], inputs[1] || constant(sizes)] }
}

/** Height and width of the output are the second input: [batch, height, width, channels]. */
const resize: Translate = ({ inputs, values, constant, shapes }) => {
  const sizes = values(1)
  const [batch, , , channels] = shapes[0] ?? []
  const isKnown = sizes?.length === 2 && typeof batch === 'number' && typeof channels === 'number'
  return { opType: 'Resize', inputs: [inputs[0], '', '', isKnown ? constant([batch, ...sizes, channels]) : inputs[1]] }
}

/** Operators that run other graphs of the file, whose windows are not followed. */
const nesting =
  (name: string, graphs: Readonly<Record<string, number>>): Translate =>
  ({ options, subgraphs, inputs }) => {
    const called = Object.values(graphs).map(
      (slot) => subgraphs[options?.int32(slot) ?? 0] || `${options?.int32(slot) ?? 0}`,
    )
    return {
      opType: name,
      inputs,
      attributes: { remark: `runs the graphs ${called.join(' and ')}, which are not read` },
    }
  }

const squeeze: Translate = ({ inputs, options }) => {
  const axes = options?.int32s(squeezeOptions.dims) ?? []
  return { opType: 'Squeeze', inputs: inputs.slice(0, 1), attributes: { axes: axes.length > 0 ? axes : undefined } }
}

/** An operator of a file: its name, and what becomes of it. */
interface Row {
  readonly name: string
  readonly translate: Translate
  /** Whether it keeps the format's own name, since no row knows what it does. */
  readonly isOpaque?: true
  /** Whether its second input has the amounts of a PAD. */
  readonly isPad?: true
}

const opaque = (name: string, translate: Translate = () => ({ opType: name })): Row => ({
  name,
  translate,
  isOpaque: true,
})

/** Paddings of TfLiteTransposeConvParams, a structure of C: they count from 1, otherwise than in the file's own tables. */
const structPaddings = ['', 'SAME', 'VALID'] as const

/** MediaPipe's transposed convolution. Its output's sizes follow a rule of its own, so it is told and not worked out. */
const transposedWithBias: Translate = ({ custom }) => {
  const view = custom && custom.length >= 12 ? dataView(custom) : undefined
  const [padding, width, height] = [0, 4, 8].map((at) => view?.getInt32(at, true) ?? 0)
  const word = structPaddings[padding] || 'unknown'
  const remark = `a transposed convolution with padding ${word} and strides ${height},${width}, which is not checked`
  return { opType: 'Convolution2DTransposeBias', attributes: view ? { remark } : {} }
}

/** Operators that TFLite does not have built in, by their name. */
export const customOperators: Readonly<Record<string, Row>> = {
  Convolution2DTransposeBias: opaque('Convolution2DTransposeBias', transposedWithBias),
}

/** Names of operators without a row that people meet in messages. */
export const otherNames: Readonly<Record<number, string>> = {
  ...{ 5: 'DEPTH_TO_SPACE', 7: 'EMBEDDING_LOOKUP', 9: 'FULLY_CONNECTED', 11: 'L2_NORMALIZATION', 16: 'LSTM' },
  ...{ 13: 'LOCAL_RESPONSE_NORMALIZATION', 26: 'SPACE_TO_DEPTH', 36: 'GATHER', 45: 'STRIDED_SLICE', 48: 'TOPK_V2' },
  ...{ 49: 'SPLIT', 50: 'LOG_SOFTMAX', 53: 'CAST', 56: 'ARG_MAX', 65: 'SLICE', 76: 'RSQRT', 83: 'PACK', 88: 'UNPACK' },
  ...{ 92: 'SQUARE', 94: 'FILL', 99: 'SQUARED_DIFFERENCE', 102: 'SPLIT_V', 123: 'SELECT_V2', 124: 'DENSIFY' },
  ...{ 126: 'BATCH_MATMUL', 130: 'BROADCAST_TO' },
}

/** The operators by their code (BuiltinOperator of the schema). What is not among them has the shapes that the file says. */
export const operators: Readonly<Record<number, Row>> = {
  0: { name: 'ADD', translate: as('Add') },
  1: { name: 'AVERAGE_POOL_2D', translate: pool('AveragePool') },
  2: {
    name: 'CONCATENATION',
    translate: as('Concat', ({ options }) => ({ axis: options?.int32(concatenationOptions.axis) ?? 0 })),
  },
  3: { name: 'CONV_2D', translate: convolution },
  4: { name: 'DEPTHWISE_CONV_2D', translate: depthwise },
  6: { name: 'DEQUANTIZE', translate: as('DequantizeLinear') },
  8: { name: 'FLOOR', translate: as('Floor') },
  12: { name: 'L2_POOL_2D', translate: pool('LpPool') },
  14: { name: 'LOGISTIC', translate: as('Sigmoid') },
  17: { name: 'MAX_POOL_2D', translate: pool('MaxPool') },
  18: { name: 'MUL', translate: as('Mul') },
  19: { name: 'RELU', translate: as('Relu') },
  20: { name: 'RELU_N1_TO_1', translate: as('Clip') },
  21: { name: 'RELU6', translate: as('Clip', () => ({ min: { float: 0 }, max: { float: 6 } })) },
  22: { name: 'RESHAPE', translate: reshape },
  23: { name: 'RESIZE_BILINEAR', translate: resize },
  25: { name: 'SOFTMAX', translate: as('Softmax') },
  28: { name: 'TANH', translate: as('Tanh') },
  34: { name: 'PAD', translate: pad(), isPad: true },
  37: opaque('BatchToSpaceND'),
  38: opaque('SpaceToBatchND'),
  39: { name: 'TRANSPOSE', translate: transpose },
  40: { name: 'MEAN', translate: reducing('ReduceMean') },
  41: { name: 'SUB', translate: as('Sub') },
  42: { name: 'DIV', translate: as('Div') },
  43: { name: 'SQUEEZE', translate: squeeze },
  47: { name: 'EXP', translate: as('Exp') },
  54: { name: 'PRELU', translate: as('PRelu') },
  55: { name: 'MAXIMUM', translate: as('Max') },
  57: { name: 'MINIMUM', translate: as('Min') },
  59: { name: 'NEG', translate: as('Neg') },
  60: { name: 'PADV2', translate: pad(), isPad: true },
  66: { name: 'SIN', translate: as('Sin') },
  67: { name: 'TRANSPOSE_CONV', translate: transposed },
  69: { name: 'TILE', translate: first('Tile', 2) },
  70: { name: 'EXPAND_DIMS', translate: first('Unsqueeze', 2) },
  73: { name: 'LOG', translate: as('Log') },
  74: { name: 'SUM', translate: reducing('ReduceSum') },
  75: { name: 'SQRT', translate: as('Sqrt') },
  77: { name: 'SHAPE', translate: as('Shape') },
  78: { name: 'POW', translate: as('Pow') },
  82: { name: 'REDUCE_MAX', translate: reducing('ReduceMax') },
  97: { name: 'RESIZE_NEAREST_NEIGHBOR', translate: resize },
  98: { name: 'LEAKY_RELU', translate: as('LeakyRelu') },
  100: { name: 'MIRROR_PAD', translate: pad(true) },
  101: { name: 'ABS', translate: as('Abs') },
  111: { name: 'ELU', translate: as('Elu') },
  114: { name: 'QUANTIZE', translate: as('QuantizeLinear') },
  117: { name: 'HARD_SWISH', translate: as('HardSwish') },
  118: opaque('IF', nesting('IF', ifOptions)),
  119: opaque('WHILE', nesting('WHILE', whileOptions)),
  132: { name: 'CONV_3D', translate: convolution3d },
  141: opaque('CONV_3D_TRANSPOSE'),
  150: { name: 'GELU', translate: as('Gelu') },
}
