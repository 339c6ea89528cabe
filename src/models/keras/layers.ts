import { type AddOperator, add, addBy, named, ofRanks, unknown } from '../file-operator.ts'
import { type Config, listOf, numbersOf, textOf } from './config.ts'
import { convolution, depthwise, isChannelsFirst, type KerasCall, pool, separable, transposed } from './windows.ts'

type AddLayer = AddOperator<KerasCall>

/** Pairs for each axis from one number, one for each axis, or a pair for each. */
function pairs(value: Config[string], rank: number): [number, number][] | undefined {
  const both = numbersOf(value, rank)
  if (both && !(rank === 2 && Array.isArray(value) && value.some(Array.isArray)))
    return both.map((cells) => [cells, cells])
  const list = listOf(value).map((pair) => numbersOf(pair, 2))
  if (rank === 1 && typeof listOf(value)[0] === 'number') return [numbersOf(value, 2) as [number, number]]
  return list.length === rank && list.every((pair) => pair) ? (list as [number, number][]) : undefined
}

/** Cells added around a picture, or with -1 taken away. */
const around =
  (rank: number, sign: 1 | -1): AddLayer =>
  (call) => {
    const each = pairs(call.config[sign > 0 ? 'padding' : 'cropping'] ?? 1, rank)
    if (!each) return unknown(call)
    const sides = [0, 1].map((side) => {
      const cells = each.map((pair) => (pair[side] === 0 ? 0 : sign * pair[side]))
      return isChannelsFirst(call) ? [0, 0, ...cells] : [0, ...cells, 0]
    })
    add(call, 'Pad', { pads: sides.flat() })
  }

const upsampling =
  (rank: number): AddLayer =>
  (call) => {
    const scales = numbersOf(call.config.size ?? 2, rank)
    if (!scales) return unknown(call)
    const all = isChannelsFirst(call) ? [1, 1, ...scales] : [1, ...scales, 1]
    add(call, 'Resize', {}, [call.inputs[0], '', call.builder.made([all.length], all)])
  }

const global =
  (opType: string, rank: number): AddLayer =>
  (call) => {
    const first = isChannelsFirst(call) ? 2 : 1
    const axes = Array.from({ length: rank }, (_, axis) => axis + first)
    add(call, opType, { keepdims: Number(call.config.keepdims === true) }, [
      call.inputs[0],
      call.builder.made([rank], axes),
    ])
  }

const concatenate: AddLayer = (call) =>
  add(call, 'Concat', { axis: typeof call.config.axis === 'number' ? call.config.axis : -1 })

const reshape: AddLayer = (call) => {
  const target = listOf(call.config.target_shape).map((size) => (typeof size === 'number' ? size : -1))
  add(call, 'Reshape', {}, [call.inputs[0], call.builder.made([target.length + 1], [0, ...target])])
}

const permute: AddLayer = (call) => {
  const dims = listOf(call.config.dims).map(Number)
  add(call, 'Transpose', { perm: [0, ...dims] })
}

/** Activations that Keras names by a word. */
const activations = named({
  ...{ Identity: 'linear', Relu: 'relu', Clip: 'relu6', Sigmoid: 'sigmoid', Tanh: 'tanh', Softmax: 'softmax' },
  ...{ Elu: 'elu', Selu: 'selu', Softplus: 'softplus', Softsign: 'softsign', Swish: 'swish silu', Gelu: 'gelu' },
  ...{ HardSigmoid: 'hard_sigmoid', HardSwish: 'hard_swish', Mish: 'mish', Exp: 'exponential' },
  LeakyRelu: 'leaky_relu',
})

const activation: AddLayer = (call) => addBy(activations, call, textOf(call.config.activation) ?? '')

/** Layers by their class. */
export const layers: Readonly<Record<string, AddLayer>> = {
  ...ofRanks('Conv#D', convolution),
  ...ofRanks('Convolution#D', convolution),
  ...ofRanks('Conv#DTranspose', transposed),
  ...ofRanks('DepthwiseConv#D', depthwise),
  ...ofRanks('SeparableConv#D', separable),
  ...ofRanks('MaxPooling#D', (rank) => pool('MaxPool', rank)),
  ...ofRanks('AveragePooling#D', (rank) => pool('AveragePool', rank)),
  ...ofRanks('ZeroPadding#D', (rank) => around(rank, 1)),
  ...ofRanks('Cropping#D', (rank) => around(rank, -1)),
  ...ofRanks('UpSampling#D', upsampling),
  ...ofRanks('GlobalAveragePooling#D', (rank) => global('ReduceMean', rank)),
  ...ofRanks('GlobalMaxPooling#D', (rank) => global('ReduceMax', rank)),
  Activation: activation,
  Concatenate: concatenate,
  Reshape: reshape,
  Permute: permute,
  ...named({
    // Layers that pass their values on in use; what they do in training has no part here.
    Identity: 'Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianNoise GaussianDropout',
    ...{ Relu: 'ReLU', LeakyRelu: 'LeakyReLU PReLU', Elu: 'ELU', Softmax: 'Softmax', Flatten: 'Flatten' },
    BatchNormalization: 'BatchNormalization LayerNormalization GroupNormalization Normalization Rescaling',
    ...{ Sum: 'Add', Mean: 'Average', Sub: 'Subtract', Mul: 'Multiply', Max: 'Maximum', Min: 'Minimum' },
  }),
}
