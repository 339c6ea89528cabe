import type { AttributeInput, ModelBuilder } from '../builder.ts'
import type { OpenvinoLayer } from './layer.ts'
import { convolution, pool, transposed } from './windows.ts'

type Add = (layer: OpenvinoLayer, builder: ModelBuilder) => void

const as =
  (opType: string, attributes?: (layer: OpenvinoLayer) => Readonly<Record<string, AttributeInput>>): Add =>
  (layer, builder) => {
    const { inputs, outputs, name, element } = layer
    builder.node(opType, inputs, outputs, attributes?.(layer), { name, span: element.place })
  }

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = ({ type, inputs, outputs, name, element }, builder) =>
  builder.node(type, inputs, outputs, {}, { name, span: element.place, domain: 'openvino' })

/** Pads are two inputs; ONNX has them in one, so both must be known to be one. */
const pad: Add = (layer, builder) => {
  const { inputs, outputs, name, element } = layer
  const [begin, end] = [1, 2].map((index) => builder.valuesOf(inputs[index] ?? ''))
  const pads = begin && end && [...begin, ...end]
  const mode = layer.data('pad_mode') ?? 'constant'
  const given = pads ? [inputs[0], '', ...inputs.slice(3, 4)] : inputs.slice(0, 2)
  builder.node('Pad', given, outputs, { pads, mode }, { name, span: element.place })
}

/** Batch normalization and its like: what stands for each channel beside the value moves nothing. */
const alone =
  (opType: string): Add =>
  ({ inputs, ...layer }, builder) =>
    as(opType)({ ...layer, inputs: inputs.slice(0, 1) }, builder)

const isTrue = (text: string | undefined): boolean => /^(true|1)$/i.test(text ?? 'false')

/** The axes in their new order are the second input; without it, as where the weights are missing, nothing is said. */
const transpose: Add = (layer, builder) => {
  const [input = '', order = ''] = layer.inputs
  const perm = builder.valuesOf(order)
  if (perm) as('Transpose', () => ({ perm }))({ ...layer, inputs: [input] }, builder)
  else unknown(layer, builder)
}

/** A product of matrices, each of which may be turned first. */
const matMul: Add = (layer, builder) => {
  const inputs = layer.inputs.map((input, index) => {
    const rank = layer.inputShapes[index]?.length ?? 0
    if (!isTrue(layer.data(index === 0 ? 'transpose_a' : 'transpose_b')) || rank < 2) return input
    const turned = `${layer.outputs[0]} input ${index} turned`
    const axes = Array.from({ length: rank }, (_, axis) => axis)
    builder.node('Transpose', [input], [turned], { perm: [...axes.slice(0, -2), rank - 1, rank - 2] })
    return turned
  })
  as('MatMul')({ ...layer, inputs }, builder)
}

const keeping = (layer: OpenvinoLayer): Record<string, AttributeInput> => ({
  keepdims: Number(isTrue(layer.data('keep_dims'))),
})

/** Layers by their type. */
export const layers: Readonly<Record<string, Add>> = {
  Convolution: convolution(false),
  BinaryConvolution: convolution(false),
  GroupConvolution: convolution(true),
  ConvolutionBackpropData: transposed(false),
  GroupConvolutionBackpropData: transposed(true),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  Pad: pad,
  Add: as('Add'),
  Subtract: as('Sub'),
  Multiply: as('Mul'),
  Divide: as('Div'),
  Maximum: as('Max'),
  Minimum: as('Min'),
  Power: as('Pow'),
  Concat: as('Concat', (layer) => ({ axis: Number(layer.data('axis') ?? 0) })),
  Convert: as('Cast'),
  // The first input, quantised and back: cells and sizes stay.
  FakeQuantize: alone('Identity'),
  BatchNormInference: alone('BatchNormalization'),
  LRN: alone('LRN'),
  NormalizeL2: alone('LpNormalization'),
  Clamp: as('Clip', (layer) => ({
    min: { float: Number(layer.data('min') ?? 0) },
    max: { float: Number(layer.data('max') ?? 0) },
  })),
  ReLU: as('Relu'),
  PReLU: as('PRelu'),
  Elu: as('Elu'),
  Sigmoid: as('Sigmoid'),
  Tanh: as('Tanh'),
  Swish: as('Swish'),
  HSwish: as('HardSwish'),
  HSigmoid: as('HardSigmoid'),
  Gelu: as('Gelu'),
  Mish: as('Mish'),
  Exp: as('Exp'),
  Sqrt: as('Sqrt'),
  SoftMax: as('Softmax'),
  Softmax: as('Softmax'),
  MatMul: matMul,
  // With special_zero, a size of 0 is that of the input.
  Reshape: as('Reshape', (layer) => ({ allowzero: Number(!isTrue(layer.data('special_zero'))) })),
  Squeeze: as('Squeeze'),
  Unsqueeze: as('Unsqueeze'),
  ShapeOf: as('Shape'),
  Transpose: transpose,
  ReduceMean: as('ReduceMean', keeping),
  ReduceMax: as('ReduceMax', keeping),
  ReduceSum: as('ReduceSum', keeping),
  DepthToSpace: as('DepthToSpace', (layer) => ({ blocksize: Number(layer.data('block_size') ?? 1) })),
  SpaceToDepth: as('SpaceToDepth', (layer) => ({ blocksize: Number(layer.data('block_size') ?? 1) })),
}
