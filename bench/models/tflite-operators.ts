import { dataView } from '../../src/bytes/bytes.ts'
import type { Table } from '../../src/bytes/flatbuffer.ts'
import {
  concatenationOptions,
  conv2dOptions,
  depthwiseOptions,
  paddings,
  pool2dOptions,
} from '../../src/models/tflite/schema.ts'
import type { AttributeOf } from '../../test/graph/onnx-bytes.ts'
import type { FileOperation, FromTflite } from './from-tflite.ts'

/** Where the axes [batch, channels, height, width] are in a tensor with channels last, and the other way round. */
export const FIRST = [0, 3, 1, 2] as const
export const LAST = [0, 2, 3, 1] as const

/** How an operator of TFLite is written in ONNX; it gives the name of its output. */
interface Translation {
  readonly of: (to: FromTflite, operation: FileOperation) => string
  /** The slot of its options that names an activation. */
  readonly activation?: number
}

type Activation = (to: FromTflite, x: string) => string

const clip =
  (least: number, most: number): Activation =>
  (to, x) =>
    to.node('Clip', [x, to.constant([], [least]), to.constant([], [most])])
const relu: Activation = (to, x) => to.node('Relu', [x])

/** ActivationFunctionType. */
export const activations: readonly Activation[] = [(_, x) => x, relu, clip(-1, 1), clip(0, 6)]

/** Attributes of a window. */
function windowOf(
  options: Table | undefined,
  slots: { readonly padding: number; readonly strideW: number; readonly strideH: number },
): Record<string, AttributeOf> {
  const isSame = paddings[options?.int8(slots.padding) ?? 0] === 'same'
  const strides = [slots.strideH, slots.strideW].map((slot) => options?.int32(slot) ?? 1)
  return { strides, auto_pad: isSame ? 'SAME_UPPER' : 'VALID' }
}

/** A convolution; `order` are the axes of its filter as ONNX has them. */
function convolved(
  to: FromTflite,
  { inputs, options }: FileOperation,
  slots: typeof conv2dOptions | typeof depthwiseOptions,
  order: readonly number[],
  group: number,
): string {
  const [x, filter, bias] = inputs
  const dilations = [slots.dilationH, slots.dilationW].map((slot) => options?.int32(slot, 1) ?? 1)
  const weights = to.turned(filter, order)
  const shape = to.shape(filter)
  return to.node('Conv', [to.value(x), weights, ...(bias >= 0 ? [to.value(bias, 1)] : [])], {
    ...{ ...windowOf(options, slots), dilations, group, kernel_shape: [shape[1], shape[2]] },
  })
}

const pooled =
  (opType: string): Translation['of'] =>
  (to, { inputs, options }) => {
    const kernel = [pool2dOptions.filterH, pool2dOptions.filterW].map((slot) => options?.int32(slot) ?? 1)
    return to.node(opType, [to.value(inputs[0])], { ...windowOf(options, pool2dOptions), kernel_shape: kernel })
  }

const joined =
  (opType: string): Translation['of'] =>
  (to, { inputs }) => {
    const rank = Math.max(...inputs.map((input) => to.shape(input).length))
    return to.node(
      opType,
      inputs.map((input) => to.value(input, rank)),
    )
  }

const one =
  (opType: string, attributes: Readonly<Record<string, AttributeOf>> = {}): Translation['of'] =>
  (to, { inputs }) =>
    to.node(opType, [to.value(inputs[0])], attributes)

/** Where axes of a tensor with channels last are with channels first. */
const placed = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => {
    const at = axis < 0 ? axis + rank : axis
    return rank === 4 ? FIRST.indexOf(at as 0) : at
  })

const reshaped: Translation['of'] = (to, { inputs, output }) => {
  const shape = to.shape(output[0])
  const made = to.node('Reshape', [to.lastOf(inputs[0]), to.integers(shape)])
  return shape.length === 4 ? to.node('Transpose', [made], { perm: FIRST }) : made
}

const padded: Translation['of'] = (to, { inputs: [x, amounts] }) => {
  const rows = to.numbers(amounts)
  const order = to.shape(x).length === 4 ? FIRST : to.shape(x).map((_, axis) => axis)
  const side = (end: 0 | 1): number[] => order.map((axis) => rows[2 * axis + end])
  return to.node('Pad', [to.value(x), to.integers([...side(0), ...side(1)])])
}

const meaned: Translation['of'] = (to, { inputs: [x, axes], options }) => {
  const keepdims = Number(options?.bool(0) ?? false)
  return to.node('ReduceMean', [to.value(x)], { axes: placed([...to.numbers(axes)], to.shape(x).length), keepdims })
}

const resized: Translation['of'] = (to, { inputs: [x], output, options }) => {
  const [batch, height, width, channels] = to.shape(output[0])
  const [corners, half] = [2, 3].map((slot) => options?.bool(slot) ?? false)
  const mode = corners ? 'align_corners' : half ? 'half_pixel' : 'asymmetric'
  return to.node('Resize', [to.value(x), '', '', to.integers([batch, channels, height, width])], {
    ...{ mode: 'linear', coordinate_transformation_mode: mode },
  })
}

/** MediaPipe's transposed convolution with a bias: TfLiteTransposeConvParams, a structure of C, says how it slides. */
const transposed: Translation['of'] = (to, { inputs: [x, filter, bias], output, custom }) => {
  const view = dataView(custom ?? new Uint8Array(12))
  const [width, height] = [4, 8].map((at) => view.getInt32(at, true))
  const [, rows, columns] = to.shape(output[0])
  return to.node('ConvTranspose', [to.value(x), to.turned(filter, [3, 0, 1, 2]), to.value(bias, 1)], {
    ...{ strides: [height, width], auto_pad: 'SAME_UPPER', output_shape: [rows, columns] },
    kernel_shape: to.shape(filter).slice(1, 3),
  })
}

/** By the operator's number in the format, or its name where it is not built in. */
export const translations: Readonly<Record<number | string, Translation>> = {
  0: { of: joined('Add'), activation: 0 },
  1: { of: pooled('AveragePool'), activation: 5 },
  2: {
    of: (to, { inputs, output, options }) => {
      const rank = to.shape(output[0]).length
      const [axis] = placed([options?.int32(concatenationOptions.axis) ?? 0], rank)
      return to.node(
        'Concat',
        inputs.map((input) => to.value(input)),
        { axis },
      )
    },
  },
  3: { of: (to, operation) => convolved(to, operation, conv2dOptions, [0, 3, 1, 2], 1), activation: 3 },
  4: {
    of: (to, operation) => convolved(to, operation, depthwiseOptions, [3, 0, 1, 2], to.shape(operation.inputs[0])[3]),
    activation: 4,
  },
  14: { of: one('Sigmoid') },
  17: { of: pooled('MaxPool'), activation: 5 },
  18: { of: joined('Mul'), activation: 0 },
  19: { of: one('Relu') },
  21: { of: (to, { inputs }) => clip(0, 6)(to, to.value(inputs[0])) },
  22: { of: reshaped },
  23: { of: resized },
  34: { of: padded },
  40: { of: meaned },
  54: { of: joined('PRelu') },
  117: { of: one('HardSwish') },
  Convolution2DTransposeBias: { of: transposed },
}
