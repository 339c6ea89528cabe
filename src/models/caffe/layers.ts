import { type AddOperator, add, alone, as, type FileOperator, named, rowOf } from '../file-operator.ts'
import type { PrototxtMessage } from './prototxt.ts'

/** A layer, its values under the names that they have in the model, and where it is added. */
export interface CaffeLayer extends FileOperator {
  readonly layer: PrototxtMessage
}

type AddLayer = AddOperator<CaffeLayer>

/** A number for each axis: one for all, a list, or height and width each under its own name. */
function each(parameters: PrototxtMessage | undefined, name: string, absent: number): number[] {
  const list = parameters?.numbers(name) ?? []
  const short = name.replace('_size', '')
  const [height, width] = [parameters?.number(`${short}_h`), parameters?.number(`${short}_w`)]
  const [first = absent] = list
  return Array.from({ length: rankOf(parameters) }, (_, axis) => {
    const named = axis === 0 ? height : axis === 1 ? width : undefined
    return named ?? list[axis] ?? first
  })
}

/** As many axes as the longest list has numbers; one number is for all axes, of pictures where nothing says more. */
const rankOf = (parameters: PrototxtMessage | undefined): number =>
  Math.min(3, Math.max(2, ...lists.map((name) => parameters?.numbers(name).length ?? 0)))

const lists = ['kernel_size', 'stride', 'pad', 'dilation']
const both = (sides: readonly number[]): number[] => [...sides, ...sides]

/** Convolution and its forks, in which every channel has a filter of its own where no groups are said. */
const convolution =
  (opType: 'Conv' | 'ConvTranspose', isDepthwise = false): AddLayer =>
  (layer) => {
    const parameters = layer.layer.message('convolution_param')
    const kernel = each(parameters, 'kernel_size', 1)
    const out = parameters?.number('num_output') ?? 0
    const group = parameters?.number('group') ?? (isDepthwise ? out : 1)
    // How many channels come in does not stand in the text.
    add(
      layer,
      opType,
      {
        ...{ kernel_shape: kernel, strides: each(parameters, 'stride', 1), pads: both(each(parameters, 'pad', 0)) },
        ...{ dilations: each(parameters, 'dilation', 1), group, output_channels: out },
      },
      layer.inputs.slice(0, 1),
    )
  }

/** Pools round up unless they are told otherwise; an average divides by the window within input and padding. */
const pooling: AddLayer = (layer) => {
  const parameters = layer.layer.message('pooling_param')
  const isAverage = parameters?.text('pool') === 'AVE' || parameters?.text('pool') === '1'
  if (parameters?.text('global_pooling') === 'true')
    return add(layer, isAverage ? 'GlobalAveragePool' : 'GlobalMaxPool')
  add(layer, isAverage ? 'AveragePool' : 'MaxPool', {
    ...{ kernel_shape: each(parameters, 'kernel_size', 1), strides: each(parameters, 'stride', 1) },
    pads: both(each(parameters, 'pad', 0)),
    ceil_mode: Number(!['FLOOR', '1'].includes(parameters?.text('round_mode') ?? 'CEIL')),
    ...(isAverage && { count_include_pad: 1 }),
  })
}

const concat: AddLayer = (layer) => {
  const parameters = layer.layer.message('concat_param')
  add(layer, 'Concat', { axis: parameters?.number('axis') ?? parameters?.number('concat_dim') ?? 1 })
}

/** How many numbers flow into it does not stand in the text. */
const UNKNOWN = -1

const innerProduct: AddLayer = (layer) => {
  const { name, inputs, outputs, builder } = layer
  const out = layer.layer.message('inner_product_param')?.number('num_output')
  const flat = `${outputs[0]} flat`
  builder.node('Flatten', inputs, [flat], {}, { name })
  add(layer, 'Gemm', { transB: 1 }, [flat, builder.made([out ?? UNKNOWN, UNKNOWN])])
}

/** Operations by their name, and by their number. */
const operations: Readonly<Record<string, string>> = { PROD: 'Mul', 0: 'Mul', MAX: 'Max', 2: 'Max' }

const eltwise: AddLayer = (layer) => {
  const operation = layer.layer.message('eltwise_param')?.text('operation') ?? ''
  add(layer, rowOf(operations, operation) ?? 'Add')
}

/** One value for many readers. */
const split: AddLayer = ({ name, inputs, outputs, builder }) => {
  for (const output of outputs) builder.node('Identity', inputs, [output], {}, { name })
}

/** Layers by their type, in capitals and without underscores, as both generations of files have it. */
export const layers: Readonly<Record<string, AddLayer>> = {
  CONVOLUTION: convolution('Conv'),
  CONVOLUTIONDEPTHWISE: convolution('Conv', true),
  DEPTHWISECONVOLUTION: convolution('Conv', true),
  DECONVOLUTION: convolution('ConvTranspose'),
  POOLING: pooling,
  CONCAT: concat,
  INNERPRODUCT: innerProduct,
  ELTWISE: eltwise,
  SPLIT: split,
  SOFTMAX: as<CaffeLayer>('Softmax', ({ layer }) => ({ axis: layer.message('softmax_param')?.number('axis') ?? 1 })),
  ...named({ BatchNormalization: 'BATCHNORM BN SCALE BIAS' }, alone),
  ...named({
    ...{ Relu: 'RELU RELU6', LeakyRelu: 'PRELU', Elu: 'ELU', Sigmoid: 'SIGMOID', Tanh: 'TANH' },
    ...{ Abs: 'ABSVAL', Exp: 'EXP', Log: 'LOG', BatchNormalization: 'POWER', LRN: 'LRN' },
    ...{ Identity: 'DROPOUT', Flatten: 'FLATTEN' },
  }),
}
