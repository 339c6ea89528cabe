import type { Message } from '../../bytes/protobuf.ts'
import type { AttributeInput } from '../builder.ts'
import { type AddOperator, add, as, beginsFirst, type FileOperator, named } from '../file-operator.ts'
import {
  borderFields,
  constantFields,
  convolution3dFields,
  convolutionFields,
  edgeFields,
  lastPixelFields,
  paddingFields,
  pooling3dFields,
  poolingFields,
  sameFields,
  validFields,
} from './schema.ts'

/** A layer of a neural network with the message that says what it is. Values are [1, channels, ...cells]. */
export interface CoremlLayer extends FileOperator {
  readonly parameters: Message
}

type AddLayer = AddOperator<CoremlLayer>

/** Numbers of a list, or what stands for an empty one. */
const listOf = (message: Message, field: number, absent: number): number[] => {
  const list = message.integers(field)
  return list.length > 0 ? list : [absent, absent]
}

/** Pads of the sides of each axis; all begins, then all ends. */
function amounts(valid: Message | undefined): number[] | undefined {
  const sides = valid?.message(validFields.amounts)?.messages(borderFields.sides) ?? []
  if (sides.length === 0) return undefined
  return [edgeFields.start, edgeFields.end].flatMap((side) => sides.map((edge) => edge.integer(side)))
}

/** SAME, at the bottom and right or at the top and left; otherwise numbers. */
function padding(
  parameters: Message,
  fields: { readonly valid: number; readonly same: number },
): Record<string, AttributeInput> {
  const same = parameters.message(fields.same)
  if (same) return { auto_pad: same.integer(sameFields.mode) === 1 ? 'same-lower' : 'same' }
  return { pads: amounts(parameters.message(fields.valid)) }
}

/** Weights of a convolution are [out, in / groups, ...kernel], of a deconvolution [in, out / groups, ...kernel]. */
const convolution: AddLayer = (one) => {
  const { parameters, builder } = one
  const isTransposed = parameters.bool(convolutionFields.isDeconvolution)
  const [out, channels] = [convolutionFields.outputs, convolutionFields.kernelChannels].map((field) =>
    parameters.integer(field),
  )
  const group = parameters.integer(convolutionFields.groups) || 1
  const kernel = listOf(parameters, convolutionFields.kernel, 3)
  const shape = parameters.integers(convolutionFields.outputShape)
  const weights = isTransposed
    ? [channels, Math.max(1, Math.floor(out / group)), ...kernel]
    : [out, channels, ...kernel]
  // Beside a shape of the output, the padding of a deconvolution is not read.
  const pads =
    isTransposed && shape.length > 0
      ? { output_shape: shape, auto_pad: 'same' }
      : padding(parameters, convolutionFields)
  add(
    one,
    isTransposed ? 'ConvTranspose' : 'Conv',
    {
      ...{
        strides: listOf(parameters, convolutionFields.stride, 1),
        dilations: listOf(parameters, convolutionFields.dilation, 1),
      },
      ...{ ...pads, group },
    },
    [...one.inputs.slice(0, 1), builder.made(weights)],
  )
}

/** Types: maximum, average, L2. `includeLastPixel` rounds up as Caffe does. */
const pooling: AddLayer = (one) => {
  const { parameters } = one
  const opType = ['MaxPool', 'AveragePool', 'LpPool'][parameters.integer(poolingFields.type)] ?? 'MaxPool'
  if (parameters.bool(poolingFields.isGlobal)) return add(one, `Global${opType}`)
  const last = parameters.message(poolingFields.lastPixel)
  const both = last?.integers(lastPixelFields.amounts) ?? []
  add(one, opType, {
    ...{
      kernel_shape: listOf(parameters, poolingFields.kernel, 3),
      strides: listOf(parameters, poolingFields.stride, 1),
    },
    ...(last
      ? { convention: 'coreml.pool.include-last-pixel', pads: [...both, ...both] }
      : padding(parameters, poolingFields)),
    ...(opType === 'AveragePool' && { count_include_pad: Number(!parameters.bool(poolingFields.excludesPadding)) }),
  })
}

const list3d = (parameters: Message, fields: readonly number[], absent: number): number[] =>
  fields.map((field) => parameters.integer(field) || absent)

/** Padding of three axes: numbers, none, SAME. Numbers stand in pairs. */
function padding3d(
  parameters: Message,
  fields: { readonly paddingType: number; readonly pads: readonly number[] },
): Record<string, AttributeInput> {
  const type = parameters.integer(fields.paddingType)
  if (type === 2) return { auto_pad: 'same' }
  const sides = fields.pads.map((field) => parameters.integer(field))
  return type === 1 ? {} : { pads: beginsFirst(sides) }
}

const convolution3d: AddLayer = (one) => {
  const { parameters, builder } = one
  const isTransposed = parameters.bool(convolution3dFields.isDeconvolution)
  const [out, input] = [convolution3dFields.outputs, convolution3dFields.inputs].map((field) =>
    parameters.integer(field),
  )
  const group = parameters.integer(convolution3dFields.groups) || 1
  const kernel = list3d(parameters, convolution3dFields.kernel, 1)
  const weights = isTransposed
    ? [input, Math.floor(out / group), ...kernel]
    : [out, Math.floor(input / group), ...kernel]
  add(
    one,
    isTransposed ? 'ConvTranspose' : 'Conv',
    {
      strides: list3d(parameters, convolution3dFields.stride, 1),
      dilations: list3d(parameters, convolution3dFields.dilation, 1),
      ...{ ...padding3d(parameters, convolution3dFields), group },
    },
    [...one.inputs.slice(0, 1), builder.made(weights)],
  )
}

const pooling3d: AddLayer = (one) => {
  const { parameters } = one
  const isAverage = parameters.integer(pooling3dFields.type) === 1
  add(one, isAverage ? 'AveragePool' : 'MaxPool', {
    ...{
      kernel_shape: list3d(parameters, pooling3dFields.kernel, 1),
      strides: list3d(parameters, pooling3dFields.stride, 1),
    },
    ...padding3d(parameters, pooling3dFields),
    ...(isAverage && { count_include_pad: Number(!parameters.bool(pooling3dFields.excludesPadding)) }),
  })
}

/** Cells around height and width: of one value, mirrored, or repeated. */
const pad: AddLayer = (one) => {
  const { parameters } = one
  const sides = parameters.message(paddingFields.amounts)?.messages(borderFields.sides) ?? []
  const mode = parameters.has(paddingFields.reflection)
    ? 'reflect'
    : parameters.has(paddingFields.replication)
      ? 'edge'
      : 'constant'
  const [starts, ends] = [edgeFields.start, edgeFields.end].map((side) =>
    [0, 1].map((axis) => sides[axis]?.integer(side) ?? 0),
  )
  const value = parameters.message(paddingFields.constant)?.float(constantFields.value) ?? 0
  const attributes = { mode, pads: [0, 0, ...starts, 0, 0, ...ends] }
  add(one, 'Pad', mode === 'constant' ? { ...attributes, value: { float: value } } : attributes)
}

/** Layers by their kind. */
export const layers: Readonly<Record<string, AddLayer>> = {
  convolution,
  pooling,
  convolution3d,
  pooling3d,
  padding: pad,
  concat: as('Concat', () => ({ axis: 1 })),
  ...named({
    ...{ Relu: 'activation', BatchNormalization: 'batchnorm mean scale bias', Abs: 'unary', Softmax: 'softmax' },
    ...{ LRN: 'lrn', Sum: 'add', Mul: 'multiply', Mean: 'average', Max: 'max', Min: 'min', Flatten: 'flatten' },
  }),
}
