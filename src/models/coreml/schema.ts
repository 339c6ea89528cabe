// Fields of a Core ML model by their number (apple/coremltools mlmodel/format/*.proto).

export const modelFields = {
  version: 1,
  description: 2,
  networks: [303, 403, 500],
  program: 502,
  pipelines: [200, 201, 202],
} as const
export const descriptionFields = { input: 1 } as const
export const featureFields = { name: 1, type: 3 } as const
export const typeFields = { image: 4, array: 5 } as const
export const imageFields = { width: 1, height: 2 } as const
export const arrayFields = { shape: 1 } as const
export const pipelineFields = { models: 1 } as const

export const networkFields = { layers: 1 } as const
export const layerFields = { name: 1, input: 2, output: 3 } as const
/** What a layer is, by the field that it has. */
export const kinds = {
  convolution: 100,
  pooling: 120,
  activation: 130,
  innerProduct: 140,
  batchnorm: 160,
  mean: 165,
  softmax: 175,
  lrn: 180,
  crop: 190,
  padding: 200,
  upsample: 210,
  unary: 220,
  add: 230,
  multiply: 231,
  average: 240,
  scale: 245,
  bias: 250,
  max: 260,
  min: 261,
  flatten: 301,
  concat: 320,
  constantPad: 1155,
  pooling3d: 1465,
  convolution3d: 1471,
} as const

/** Kinds of layers without a row, by the names that messages give them. */
export const otherKinds = {
  ...{ embedding: 150, l2normalize: 170, resizeBilinear: 211, cropResize: 212, dot: 270, reduce: 280 },
  ...{ loadConstant: 290, reshape: 300, permute: 310, split: 330, sequenceRepeat: 340, reorganizeData: 345 },
  ...{ slice: 350, simpleRecurrent: 400, gru: 410, uniDirectionalLSTM: 420, biDirectionalLSTM: 430, custom: 500 },
  ...{ batchedMatmul: 1045 },
} as const

export const convolutionFields = {
  ...{ outputs: 1, kernelChannels: 2, groups: 10, kernel: 20, stride: 30, dilation: 40, valid: 50, same: 51 },
  ...{ isDeconvolution: 60, outputShape: 100 },
} as const
/** `valid` carries explicit pads. */
export const validFields = { amounts: 1 } as const
export const borderFields = { sides: 10 } as const
export const edgeFields = { start: 1, end: 2 } as const
export const sameFields = { mode: 1 } as const
export const poolingFields = {
  ...{ type: 1, kernel: 10, stride: 20, valid: 30, same: 31, lastPixel: 32, excludesPadding: 50, isGlobal: 60 },
} as const
export const lastPixelFields = { amounts: 10 } as const
/** Three axes: depth, height, width. Paddings are front, back, top, bottom, left, right. */
export const convolution3dFields = {
  ...{ outputs: 1, inputs: 2, groups: 10, kernel: [20, 21, 22], stride: [31, 32, 33], dilation: [40, 41, 42] },
  ...{ paddingType: 70, pads: [80, 81, 82, 83, 84, 85], isDeconvolution: 86 },
} as const
export const pooling3dFields = {
  ...{
    type: 1,
    kernel: [2, 3, 4],
    stride: [5, 6, 7],
    paddingType: 15,
    pads: [8, 9, 10, 11, 12, 13],
    excludesPadding: 14,
  },
} as const
export const paddingFields = { constant: 1, reflection: 2, replication: 3, amounts: 10 } as const
export const constantFields = { value: 1 } as const
