// How much of a file is read: its texts are far smaller, so what is more is hostile or no such file.

/** The most bytes of a file, or of the text in it, that is read as a whole. */
export const largest = {
  darknet: 2 ** 24,
  caffe: 2 ** 26,
  keras: 2 ** 26,
  ncnn: 2 ** 26,
  nnef: 2 ** 26,
  pnnx: 2 ** 26,
  openvino: 2 ** 27,
  tfjs: 2 ** 27,
  pt2: 2 ** 28,
} as const

/** The deepest that parts of a file lie within each other. */
export const deepest = {
  coreml: 8,
  kerasConfig: 16,
  nnef: 16,
  kerasModels: 32,
  prototxt: 64,
  onnx: 100,
  scriptCalls: 100,
  scriptText: 200,
  print: 256,
} as const

/** The most values, or bytes of them, of a constant that sizes are computed with. */
export const keptValues = { openvino: 512, mnn: 1024, tfjs: 1024, tflite: 1024, tensorflow: 4096, onnx: 4096 } as const
