import type { AttributeInput } from '../builder.ts'
import { type AddKerasLayer, add, isChannelsFirst, type KerasCall, unknown } from './call.ts'
import { type Config, listOf, numbersOf, textOf } from './config.ts'
import { convolution, depthwise, pool, separable, transposed } from './windows.ts'

const as =
  (opType: string, attributes?: (call: KerasCall) => Readonly<Record<string, AttributeInput>>): AddKerasLayer =>
  (call) =>
    add(call, opType, attributes?.(call))

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
  (rank: number, sign: 1 | -1): AddKerasLayer =>
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
  (rank: number): AddKerasLayer =>
  (call) => {
    const scales = numbersOf(call.config.size ?? 2, rank)
    if (!scales) return unknown(call)
    const all = isChannelsFirst(call) ? [1, 1, ...scales] : [1, ...scales, 1]
    add(call, 'Resize', {}, [call.inputs[0], '', call.builder.made([all.length], all)])
  }

const global =
  (opType: string, rank: number): AddKerasLayer =>
  (call) => {
    const first = isChannelsFirst(call) ? 2 : 1
    const axes = Array.from({ length: rank }, (_, axis) => axis + first)
    add(call, opType, { keepdims: Number(call.config.keepdims === true) }, [
      call.inputs[0],
      call.builder.made([rank], axes),
    ])
  }

const concatenate: AddKerasLayer = (call) =>
  add(call, 'Concat', { axis: typeof call.config.axis === 'number' ? call.config.axis : -1 })

const reshape: AddKerasLayer = (call) => {
  const target = listOf(call.config.target_shape).map((size) => (typeof size === 'number' ? size : -1))
  add(call, 'Reshape', {}, [call.inputs[0], call.builder.made([target.length + 1], [0, ...target])])
}

const permute: AddKerasLayer = (call) => {
  const dims = listOf(call.config.dims).map(Number)
  add(call, 'Transpose', { perm: [0, ...dims] })
}

/** Activations that Keras names by a word. */
const activations: Readonly<Record<string, string>> = {
  ...{ linear: 'Identity', relu: 'Relu', relu6: 'Clip', sigmoid: 'Sigmoid', tanh: 'Tanh', softmax: 'Softmax' },
  ...{
    elu: 'Elu',
    selu: 'Selu',
    softplus: 'Softplus',
    softsign: 'Softsign',
    swish: 'Swish',
    silu: 'Swish',
    gelu: 'Gelu',
  },
  ...{
    hard_sigmoid: 'HardSigmoid',
    hard_swish: 'HardSwish',
    mish: 'Mish',
    exponential: 'Exp',
    leaky_relu: 'LeakyRelu',
  },
}

const activation: AddKerasLayer = (call) => {
  const opType = activations[textOf(call.config.activation) ?? '']
  if (opType) add(call, opType)
  else unknown(call)
}

/** Layers whose name says how many axes they have. */
const ofRanks = (name: string, of: (rank: number) => AddKerasLayer): Readonly<Record<string, AddKerasLayer>> =>
  Object.fromEntries([1, 2, 3].map((rank) => [name.replace('#', String(rank)), of(rank)]))

/** Layers that pass their values on in use; what they do in training has no part here. */
const passing = [
  'Dropout',
  'SpatialDropout1D',
  'SpatialDropout2D',
  'SpatialDropout3D',
  'GaussianNoise',
  'GaussianDropout',
]

/** Layers by their class. */
export const layers: Readonly<Record<string, AddKerasLayer>> = {
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
  ...Object.fromEntries(passing.map((name) => [name, as('Identity')])),
  Activation: activation,
  ReLU: as('Relu'),
  LeakyReLU: as('LeakyRelu'),
  PReLU: as('LeakyRelu'),
  ELU: as('Elu'),
  Softmax: as('Softmax'),
  BatchNormalization: as('BatchNormalization'),
  LayerNormalization: as('BatchNormalization'),
  GroupNormalization: as('BatchNormalization'),
  Normalization: as('BatchNormalization'),
  Rescaling: as('BatchNormalization'),
  Add: as('Sum'),
  Average: as('Mean'),
  Subtract: as('Sub'),
  Multiply: as('Mul'),
  Maximum: as('Max'),
  Minimum: as('Min'),
  Concatenate: concatenate,
  Flatten: as('Flatten'),
  Reshape: reshape,
  Permute: permute,
}
