// The tables of an MNN file by their slots (schema/default/*.fbs of alibaba/MNN). A union takes two slots, its type and its value.

export const netSlots = { operators: 3, outputs: 4, source: 6, tensors: 7 } as const
export const operatorSlots = { inputs: 0, mainType: 1, main: 2, name: 3, outputs: 4, type: 5 } as const
/** Convolution2D has its numbers in a table of their own. */
export const convolutionSlots = { common: 0 } as const
export const commonSlots = {
  ...{ padX: 0, padY: 1, kernelX: 2, kernelY: 3, strideX: 4, strideY: 5, dilateX: 6, dilateY: 7, padMode: 8, group: 9 },
  ...{ outputCount: 10, inputCount: 11, pads: 14, outPads: 15, hasOutputShape: 16 },
} as const
export const poolSlots = {
  ...{ padX: 0, padY: 1, isGlobal: 2, kernelX: 3, kernelY: 4, strideX: 5, strideY: 6, type: 7, padType: 8 },
  ...{ ceilMode: 10, pads: 11, countType: 12 },
} as const
/** AvgPoolCountType: by the kind of padding, with it, without it. */
export const [COUNT_DEFAULT, COUNT_INCLUDES] = [0, 1]

/** MNN_DATA_FORMAT: of the orders of dimensions, the one with the channels last. */
export const NHWC = 1

export const convertSlots = { source: 0, target: 1 } as const
export const reductionSlots = { operation: 0, axes: 1, keepsAxes: 3 } as const
export const reshapeSlots = { dims: 0 } as const
export const squeezeSlots = { dims: 0 } as const
export const permuteSlots = { dims: 0 } as const
export const padSlots = { mode: 0 } as const
/** BinaryOp and UnaryOp: which one it is. */
export const kindSlots = { kind: 0 } as const
export const axisSlots = { axis: 0 } as const
export const interpSlots = { widthScale: 0, heightScale: 1, width: 2, height: 3 } as const

export const inputSlots = { dims: 0, format: 1 } as const

/** PadMode of convolutions and PoolPadType of pools: numbers, none, SAME. */
export const padModes = ['explicit', 'valid', 'same'] as const

/** Where a network comes from, NetSource. */
export const sources = ['Caffe', 'TensorFlow', 'TFLite', 'ONNX', 'PyTorch'] as const

/** OpType of what has no translation: what flows in, and constants. */
export const [INPUT, CONSTANT] = [34, 11]

export const convolution3dSlots = {
  ...{ dilates: 0, strides: 1, kernels: 2, pads: 3, padMode: 4, inputCount: 5, outputCount: 6, group: 9 },
} as const
export const pool3dSlots = { strides: 0, kernels: 1, pads: 2, type: 3, padType: 4 } as const
export const constantSlots = { dims: 0, ints: 5 } as const
