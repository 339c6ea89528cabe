import type { Library } from '../library.ts'

const threeD = { same: 'same-3d' }
const conv = 'x filter strides pad dataFormat dilations dimRoundingMode'
const pool = 'x filterSize strides pad dimRoundingMode dataFormat'
const transposed = 'x filter outputShape strides pad'

/** The functions of TensorFlow.js. Source: its reference. */
export const tfjsFunctions: Library = {
  framework: 'tfjs',
  modules: ['tf', 'tfc'],
  meanings: {
    ...({ filterSize: 'kernel', strides: 'stride', stride: 'stride', pad: 'padding', dataFormat: 'layout' } as const),
    ...({ dilations: 'dilation', dilation: 'dilation', dimRoundingMode: 'ceilMode' } as const),
    ...({ outputShape: 'outputShape', windowShape: 'kernel', poolingType: 'op' } as const),
  },
  pads: ['both sides', 'every dimension'],
  calls: [
    { name: 'conv1d', op: 'conv', order: 'x filter stride pad dataFormat dilation dimRoundingMode' },
    { name: 'conv2d', op: 'conv', order: conv },
    { name: 'depthwiseConv2d', op: 'conv', order: conv },
    { name: 'conv3d', op: 'conv', order: 'x filter strides pad dataFormat dilations', words: threeD },
    { name: 'conv2dTranspose', op: 'convTranspose', order: `${transposed} dimRoundingMode` },
    { name: 'conv3dTranspose', op: 'convTranspose', order: transposed, words: threeD },
    { name: 'maxPool', rank: 2, op: 'maxPool', order: 'x filterSize strides pad dimRoundingMode' },
    { name: 'avgPool', rank: 2, op: 'averagePool', order: 'x filterSize strides pad dimRoundingMode' },
    { name: 'maxPool3d', op: 'maxPool', order: pool, words: threeD },
    { name: 'avgPool3d', op: 'averagePool', order: pool, words: threeD },
    {
      name: 'pool',
      op: 'maxPool',
      order: 'input windowShape poolingType pad dilations strides dimRoundingMode',
      defaults: { strides: '1' },
    },
  ],
}

/** The same as methods of a tensor: `x.conv2d(filter, 2, 'same')`. */
export const tfjsMethods: Library = {
  ...tfjsFunctions,
  modules: ['tf.Tensor'],
  calls: tfjsFunctions.calls
    .filter(({ order }) => order.startsWith('x '))
    .map((call) => ({ ...call, order: call.order.slice(2), isMethod: true as const })),
}

const weights =
  'activation useBias kernelInitializer biasInitializer kernelRegularizer biasRegularizer activityRegularizer kernelConstraint biasConstraint inputShape batchInputShape batchSize name dtype trainable'
const layer = `* filters kernelSize strides padding dataFormat dilationRate groups depthMultiplier ${weights}`
const pooling = '* poolSize strides padding dataFormat inputShape batchInputShape name'

/** The layers of TensorFlow.js, which take one object. */
export const tfjsLayers: Library = {
  framework: 'tfjs',
  modules: ['tf.layers', 'tfl.layers'],
  meanings: {
    ...({ kernelSize: 'kernel', poolSize: 'kernel', strides: 'stride', padding: 'padding' } as const),
    ...({ dilationRate: 'dilation', dataFormat: 'layout', groups: 'groups' } as const),
  },
  pads: [],
  takesFields: true,
  calls: [
    { name: 'conv1d', op: 'conv', order: layer },
    { name: 'conv2d', op: 'conv', order: layer },
    { name: 'conv3d', op: 'conv', order: layer, words: threeD },
    { name: 'depthwiseConv2d', op: 'conv', order: layer },
    { name: 'separableConv2d', op: 'conv', order: layer },
    { name: 'conv2dTranspose', op: 'convTranspose', order: layer },
    { name: 'conv3dTranspose', op: 'convTranspose', order: layer, words: threeD },
    { name: 'maxPooling1d', op: 'maxPool', order: pooling, defaults: { poolSize: '2' } },
    { name: 'maxPooling2d', op: 'maxPool', order: pooling, defaults: { poolSize: '2' } },
    { name: 'maxPooling3d', op: 'maxPool', order: pooling, defaults: { poolSize: '2' }, words: threeD },
    { name: 'averagePooling1d', op: 'averagePool', order: pooling, defaults: { poolSize: '2' } },
    { name: 'averagePooling2d', op: 'averagePool', order: pooling, defaults: { poolSize: '2' } },
    { name: 'averagePooling3d', op: 'averagePool', order: pooling, defaults: { poolSize: '2' }, words: threeD },
  ],
}

const webnnConv = '* padding strides dilations groups inputLayout filterLayout bias label'
const webnnPool =
  '* windowDimensions padding strides dilations layout roundingType outputShapeRounding outputSizes label'

/** Methods of WebNN's `MLGraphBuilder`. Source: the W3C specification. */
export const webnnBuilder: Library = {
  framework: 'webnn',
  modules: ['builder', 'graphBuilder'],
  meanings: {
    ...({ windowDimensions: 'kernel', strides: 'stride', dilations: 'dilation', padding: 'padding' } as const),
    ...({ outputPadding: 'outputPadding', outputSizes: 'outputShape', roundingType: 'ceilMode' } as const),
    ...({ outputShapeRounding: 'ceilMode', groups: 'groups' } as const),
  },
  pads: ['interleaved'],
  takesFields: true,
  isBuilder: true,
  calls: [
    { name: 'conv2d', op: 'conv', order: `input filter ${webnnConv}`, isMethod: true },
    {
      name: 'convTranspose2d',
      op: 'convTranspose',
      order: `input filter ${webnnConv} outputPadding outputSizes`,
      isMethod: true,
    },
    { name: 'maxPool2d', op: 'maxPool', order: `input ${webnnPool}`, defaults: { strides: '1' }, isMethod: true },
    {
      name: 'averagePool2d',
      op: 'averagePool',
      order: `input ${webnnPool}`,
      defaults: { strides: '1' },
      isMethod: true,
    },
  ],
}
