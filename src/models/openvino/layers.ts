import type { AttributeInput } from '../builder.ts'
import { add, alone, as, named, unknown } from '../file-operator.ts'
import type { AddOpenvinoLayer, OpenvinoLayer } from './layer.ts'
import { convolution, pool, transposed } from './windows.ts'

/** Pads are two inputs; ONNX has them in one, so both must be known to be one. */
const pad: AddOpenvinoLayer = (layer) => {
  const { inputs, builder } = layer
  const [begin, end] = [1, 2].map((index) => builder.valuesOf(inputs[index] ?? ''))
  const pads = begin && end && [...begin, ...end]
  const mode = layer.data('pad_mode') ?? 'constant'
  add(layer, 'Pad', { pads, mode }, pads ? [inputs[0], '', ...inputs.slice(3, 4)] : inputs.slice(0, 2))
}

const isTrue = (text: string | undefined): boolean => /^(true|1)$/i.test(text ?? 'false')

/** The axes in their new order are the second input; without it, as where the weights are missing, nothing is said. */
const transpose: AddOpenvinoLayer = (layer) => {
  const [input = '', order = ''] = layer.inputs
  const perm = layer.builder.valuesOf(order)
  if (perm) add(layer, 'Transpose', { perm }, [input])
  else unknown(layer)
}

/** A product of matrices, each of which may be turned first. */
const matMul: AddOpenvinoLayer = (layer) => {
  const inputs = layer.inputs.map((input, index) => {
    const rank = layer.inputShapes[index]?.length ?? 0
    if (!isTrue(layer.data(index === 0 ? 'transpose_a' : 'transpose_b')) || rank < 2) return input
    const turned = `${layer.outputs[0]} input ${index} turned`
    const axes = Array.from({ length: rank }, (_, axis) => axis)
    layer.builder.node('Transpose', [input], [turned], { perm: [...axes.slice(0, -2), rank - 1, rank - 2] })
    return turned
  })
  add(layer, 'MatMul', {}, inputs)
}

const keeping = (layer: OpenvinoLayer): Record<string, AttributeInput> => ({
  keepdims: Number(isTrue(layer.data('keep_dims'))),
})

const blocks = (layer: OpenvinoLayer): Record<string, AttributeInput> => ({
  blocksize: Number(layer.data('block_size') ?? 1),
})

const softmaxAxis = (layer: OpenvinoLayer): Record<string, AttributeInput> => ({
  axis: Number(layer.data('axis') ?? 1),
})

/** Layers by their type. */
export const layers: Readonly<Record<string, AddOpenvinoLayer>> = {
  Convolution: convolution(false),
  BinaryConvolution: convolution(false),
  GroupConvolution: convolution(true),
  ConvolutionBackpropData: transposed(false),
  GroupConvolutionBackpropData: transposed(true),
  MaxPool: pool('MaxPool'),
  AvgPool: pool('AveragePool'),
  Pad: pad,
  Concat: as('Concat', (layer) => ({ axis: Number(layer.data('axis') ?? 0) })),
  Clamp: as('Clip', (layer) => ({
    min: { float: Number(layer.data('min') ?? 0) },
    max: { float: Number(layer.data('max') ?? 0) },
  })),
  MatMul: matMul,
  // With special_zero, a size of 0 is that of the input.
  Reshape: as('Reshape', (layer) => ({ allowzero: Number(!isTrue(layer.data('special_zero'))) })),
  Transpose: transpose,
  ReduceMean: as('ReduceMean', keeping),
  ReduceMax: as('ReduceMax', keeping),
  ReduceSum: as('ReduceSum', keeping),
  SoftMax: as('Softmax', softmaxAxis),
  Softmax: as('Softmax', softmaxAxis),
  DepthToSpace: as('DepthToSpace', blocks),
  SpaceToDepth: as('SpaceToDepth', blocks),
  ...named({
    ...{ Add: 'Add', Sub: 'Subtract', Mul: 'Multiply', Div: 'Divide', Max: 'Maximum', Min: 'Minimum', Pow: 'Power' },
    ...{ Relu: 'ReLU', PRelu: 'PReLU', Elu: 'Elu', Sigmoid: 'Sigmoid', Tanh: 'Tanh', Swish: 'Swish', Gelu: 'Gelu' },
    ...{ HardSwish: 'HSwish', HardSigmoid: 'HSigmoid', Mish: 'Mish', Exp: 'Exp', Sqrt: 'Sqrt', Cast: 'Convert' },
    ...{ Squeeze: 'Squeeze', Unsqueeze: 'Unsqueeze', Shape: 'ShapeOf' },
  }),
  ...named(
    {
      // The first input, quantised and back: cells and sizes stay.
      Identity: 'FakeQuantize',
      ...{ BatchNormalization: 'BatchNormInference', LRN: 'LRN', LpNormalization: 'NormalizeL2' },
    },
    alone,
  ),
}
