// The tables of a TFLite file by their slots (tflite/schema.fbs of LiteRT). A union takes two slots, its type and its value.

/** Bytes 4 to 7 of a file. */
export const identifier = 'TFL3'

export const modelSlots = { version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4 } as const
/** The code is the larger of the two: files before 2.3 have only the byte. */
export const operatorCodeSlots = { byte: 0, custom: 1, code: 3 } as const
export const subgraphSlots = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 } as const
export const tensorSlots = { shape: 0, type: 1, buffer: 2, name: 3, signature: 7 } as const
export const operatorSlots = { code: 0, inputs: 1, outputs: 2, options: 4, custom: 5 } as const
/** Models above 2 GB keep their data behind the tables, at an offset. */
export const bufferSlots = { data: 0, offset: 1, size: 2 } as const

/** TensorType of TFLite as ONNX's number, and bytes of an element, of those whose values are read. */
export const elementTypes: Readonly<
  Record<number, { readonly onnx: number; readonly bytes?: number; readonly isFloat?: true }>
> = {
  0: { onnx: 1, bytes: 4, isFloat: true },
  1: { onnx: 10 },
  2: { onnx: 6, bytes: 4 },
  3: { onnx: 2 },
  4: { onnx: 7, bytes: 8 },
  6: { onnx: 9 },
  7: { onnx: 5 },
  9: { onnx: 3 },
  10: { onnx: 11 },
}

/** Padding of TFLite: SAME is 0 and therefore left out of the file as a rule. */
export const paddings = ['same', 'valid'] as const

/** Options of operators, by the name of their table. All that slide a window have their padding in the same slot. */
export const windowOptions = { padding: 0 } as const
export const conv2dOptions = { ...windowOptions, strideW: 1, strideH: 2, dilationW: 4, dilationH: 5 } as const
export const depthwiseOptions = { ...windowOptions, strideW: 1, strideH: 2, dilationW: 5, dilationH: 6 } as const
export const pool2dOptions = { ...windowOptions, strideW: 1, strideH: 2, filterW: 3, filterH: 4 } as const
export const transposeConvOptions = { ...windowOptions, strideW: 1, strideH: 2 } as const
export const conv3dOptions = {
  ...{ ...windowOptions, strideD: 1, strideW: 2, strideH: 3 },
  ...{ dilationD: 5, dilationW: 6, dilationH: 7 },
} as const
export const concatenationOptions = { axis: 0 } as const
export const mirrorPadOptions = { mode: 0 } as const
export const reducerOptions = { keepDims: 0 } as const
export const reshapeOptions = { newShape: 0 } as const
/** The graphs that an operator runs, by their numbers. */
export const ifOptions = { thenGraph: 0, elseGraph: 1 } as const
export const whileOptions = { condition: 0, body: 1 } as const
export const squeezeOptions = { dims: 0 } as const
