/** ONNX's words for automatic padding; runtimes take them only as they are. */
export const autoPads = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const

/** A framework, tool or formula that rows belong to. */
interface FrameworkRow {
  readonly name: string
  /** Other words that people write for it. */
  readonly aliases?: readonly string[]
  /** What its versions count, where that is not the framework itself. */
  readonly counts?: string
  /**
   * The words of its files for automatic padding, where files are taken as they are. Of all others a reader has found out
   * what they mean, and may name a rule besides.
   */
  readonly autoPads?: readonly string[]
  /** Whether its files are read by runtimes of others, which may take them otherwise. */
  readonly isReadByOthers?: true
  /** Whether it reads ONNX files: most of them are run by it, or some are. Rows of all others speak of layers alone. */
  readonly readsOnnx?: 'most' | 'some'
}

/** All of them. */
export const frameworks: Readonly<Record<string, FrameworkRow>> = {
  tensorflow: { name: 'TensorFlow', aliases: ['tf'] },
  keras: { name: 'Keras' },
  'keras-applications': { name: 'keras.applications' },
  'keras-torch': { name: 'Keras on PyTorch' },
  tfjs: { name: 'TensorFlow.js', aliases: ['tensorflow.js'] },
  tflite: { name: 'TensorFlow Lite', aliases: ['litert'] },
  'tflite-gpu': { name: 'TensorFlow Lite, GPU delegate' },
  xnnpack: { name: 'XNNPACK' },
  pytorch: { name: 'PyTorch', aliases: ['torch'] },
  aten: { name: 'ATen (unreachable from Python)' },
  timm: { name: 'timm' },
  'efficientnet-pytorch': { name: 'EfficientNet-PyTorch' },
  transformers: { name: 'Hugging Face transformers', aliases: ['hf'] },
  diffusers: { name: 'DDPM and Stable Diffusion ports' },
  mmcv: { name: 'MMCV' },
  monai: { name: 'MONAI' },
  fastai: { name: 'fastai' },
  ultralytics: { name: 'Ultralytics', aliases: ['yolo'] },
  yolox: { name: 'YOLOX' },
  onnx: { name: 'ONNX (the specification)', counts: 'opset', isReadByOthers: true, autoPads },
  onnxruntime: { name: 'onnxruntime', aliases: ['ort', 'onnxruntime-node'], readsOnnx: 'most' },
  'onnxruntime-web': { name: 'onnxruntime-web', aliases: ['ort-web'], readsOnnx: 'some' },
  'onnx-tensorrt': { name: 'onnx-tensorrt', readsOnnx: 'some' },
  tf2onnx: { name: 'tf2onnx' },
  jax: { name: 'JAX' },
  flax: { name: 'Flax' },
  haiku: { name: 'Haiku' },
  equinox: { name: 'Equinox' },
  axlearn: { name: 'axlearn' },
  'audiolm-pytorch': { name: 'audiolm-pytorch' },
  webnn: { name: 'WebNN' },
  coreml: { name: 'Core ML' },
  nnef: { name: 'NNEF' },
  nnapi: { name: 'NNAPI' },
  mps: { name: 'MPSGraph', aliases: ['mpsgraph'] },
  mlx: { name: 'MLX' },
  openvino: { name: 'OpenVINO', readsOnnx: 'some' },
  'openvino-gpu': { name: 'OpenVINO, GPU plugin', readsOnnx: 'some' },
  opencv: { name: 'OpenCV', readsOnnx: 'some' },
  'burn-onnx': { name: 'burn-onnx', aliases: ['burn-import'], readsOnnx: 'some' },
  onnx2torch: { name: 'onnx2torch', readsOnnx: 'some' },
  'onnx-go': { name: 'onnx-go', readsOnnx: 'some' },
  'tt-forge-onnx': { name: 'TT-Forge', readsOnnx: 'some' },
  tensorrt: { name: 'TensorRT', readsOnnx: 'some' },
  onednn: { name: 'oneDNN Graph' },
  paddle: { name: 'Paddle' },
  burn: { name: 'Burn' },
  candle: { name: 'candle' },
  tract: { name: 'tract', readsOnnx: 'some' },
  rten: { name: 'rten', readsOnnx: 'some' },
  wonnx: { name: 'wonnx', readsOnnx: 'some' },
  tinygrad: { name: 'tinygrad' },
  'jax-js': { name: 'jax-js' },
  caffe: { name: 'Caffe' },
  ggml: { name: 'ggml' },
  ncnn: { name: 'ncnn' },
  mnn: { name: 'MNN' },
  mace: { name: 'MACE' },
  tengine: { name: 'Tengine' },
  mxnet: { name: 'MXNet' },
  darknet: { name: 'Darknet' },
  flux: { name: 'Flux.jl' },
  theano: { name: 'Theano' },
  lasagne: { name: 'Lasagne' },
  numpy: { name: 'NumPy, SciPy' },
  folklore: { name: 'the formula that keeps the size' },
}
