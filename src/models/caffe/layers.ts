import type { AttributeInput, ModelBuilder } from '../builder.ts'
import type { PrototxtMessage } from './prototxt.ts'

/** A layer, its values under the names that they have in the model, and where it is added. */
export interface CaffeLayer {
  readonly layer: PrototxtMessage
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly builder: ModelBuilder
}

type Add = (layer: CaffeLayer) => void

function add(
  { layer, inputs, outputs, builder }: CaffeLayer,
  opType: string,
  attributes: Readonly<Record<string, AttributeInput>> = {},
  given: readonly string[] = inputs,
): void {
  const span = { begin: layer.begin, end: layer.end }
  builder.node(opType, given, outputs, attributes, { name: layer.text('name') ?? '', span })
}

/** What is not known keeps the format's own name, so that no row of ONNX is taken for it. */
export const unknown: Add = ({ layer, inputs, outputs, builder }) => {
  const span = { begin: layer.begin, end: layer.end }
  builder.node(layer.text('type') ?? '', inputs, outputs, {}, { name: layer.text('name') ?? '', span, domain: 'caffe' })
}

const as =
  (opType: string): Add =>
  (layer) =>
    add(layer, opType)

/** With what stands for each channel as a second input, which moves nothing. */
const alone =
  (opType: string): Add =>
  (layer) =>
    add(layer, opType, {}, layer.inputs.slice(0, 1))

/** A number for height and width: one for both, a list, or one of each under its own name. */
function pair(parameters: PrototxtMessage | undefined, name: string, absent: number): [number, number] {
  const list = parameters?.numbers(name) ?? []
  const short = name.replace('_size', '')
  const [height, width] = [parameters?.number(`${short}_h`), parameters?.number(`${short}_w`)]
  const [first = absent, second = first] = list
  return [height ?? first, width ?? second]
}

const both = ([height, width]: readonly [number, number]): number[] => [height, width, height, width]

/** Convolution and its forks, in which every channel has a filter of its own where no groups are said. */
const convolution =
  (opType: 'Conv' | 'ConvTranspose', isDepthwise = false): Add =>
  (layer) => {
    const parameters = layer.layer.message('convolution_param')
    const kernel = pair(parameters, 'kernel_size', 1)
    const out = parameters?.number('num_output') ?? 0
    const group = parameters?.number('group') ?? (isDepthwise ? out : 1)
    // How many channels come in does not stand in the text.
    add(
      layer,
      opType,
      {
        ...{ kernel_shape: kernel, strides: pair(parameters, 'stride', 1), pads: both(pair(parameters, 'pad', 0)) },
        ...{ dilations: pair(parameters, 'dilation', 1), group, output_channels: out },
      },
      layer.inputs.slice(0, 1),
    )
  }

/** Pools round up unless they are told otherwise; an average divides by the window within input and padding. */
const pooling: Add = (layer) => {
  const parameters = layer.layer.message('pooling_param')
  const isAverage = parameters?.text('pool') === 'AVE' || parameters?.text('pool') === '1'
  if (parameters?.text('global_pooling') === 'true')
    return add(layer, isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool')
  add(layer, isAverage ? 'AveragePool' : 'MaxPool', {
    ...{ kernel_shape: pair(parameters, 'kernel_size', 1), strides: pair(parameters, 'stride', 1) },
    pads: both(pair(parameters, 'pad', 0)),
    ceil_mode: Number(!['FLOOR', '1'].includes(parameters?.text('round_mode') ?? 'CEIL')),
    ...(isAverage && { count_include_pad: 1 }),
  })
}

const concat: Add = (layer) => {
  const parameters = layer.layer.message('concat_param')
  add(layer, 'Concat', { axis: parameters?.number('axis') ?? parameters?.number('concat_dim') ?? 1 })
}

/** How many numbers flow into it does not stand in the text. */
const UNKNOWN = -1

const innerProduct: Add = (layer) => {
  const { inputs, outputs, builder } = layer
  const out = layer.layer.message('inner_product_param')?.number('num_output')
  const flat = `${outputs[0]} flat`
  builder.node('Flatten', inputs, [flat], {}, { name: layer.layer.text('name') ?? '' })
  add(layer, 'Gemm', { transB: 1 }, [flat, builder.made([out ?? UNKNOWN, UNKNOWN])])
}

const eltwise: Add = (layer) => {
  const operation = layer.layer.message('eltwise_param')?.text('operation')
  add(
    layer,
    operation === 'PROD' || operation === '0' ? 'Mul' : operation === 'MAX' || operation === '2' ? 'Max' : 'Add',
  )
}

/** One value for many readers. */
const split: Add = ({ layer, inputs, outputs, builder }) => {
  for (const output of outputs) builder.node('Identity', inputs, [output], {}, { name: layer.text('name') ?? '' })
}

/** Layers by their type, in capitals and without underscores, as both generations of files have it. */
export const layers: Readonly<Record<string, Add>> = {
  CONVOLUTION: convolution('Conv'),
  CONVOLUTIONDEPTHWISE: convolution('Conv', true),
  DEPTHWISECONVOLUTION: convolution('Conv', true),
  DECONVOLUTION: convolution('ConvTranspose'),
  POOLING: pooling,
  CONCAT: concat,
  INNERPRODUCT: innerProduct,
  ELTWISE: eltwise,
  SPLIT: split,
  RELU: as('Relu'),
  RELU6: as('Relu'),
  PRELU: as('LeakyRelu'),
  ELU: as('Elu'),
  SIGMOID: as('Sigmoid'),
  TANH: as('Tanh'),
  ABSVAL: as('Abs'),
  EXP: as('Exp'),
  LOG: as('Log'),
  POWER: as('BatchNormalization'),
  SOFTMAX: as('Softmax'),
  LRN: as('LRN'),
  BATCHNORM: alone('BatchNormalization'),
  BN: alone('BatchNormalization'),
  SCALE: alone('BatchNormalization'),
  BIAS: alone('BatchNormalization'),
  DROPOUT: as('Identity'),
  FLATTEN: as('Flatten'),
}
