/** What is read, and how the names of its files end; the library that reads it all comes later, in the worker. */
export const readFormats: Readonly<Record<string, readonly string[]>> = {
  ONNX: ['.onnx'],
  TFLite: ['.tflite', '.lite'],
  'TensorFlow.js': ['.json'],
  Keras: ['.keras', '.h5', '.hdf5'],
  'SavedModel and GraphDef': ['.pb'],
  TorchScript: ['.pt', '.ptl', '.pth'],
  'torch.export': ['.pt2'],
  'PyTorch print(model)': ['.txt'],
  ExecuTorch: ['.pte'],
  'Core ML': ['.mlmodel'],
  'OpenVINO IR': ['.xml'],
  'ncnn and pnnx': ['.param', '.bin'],
  MNN: ['.mnn'],
  Paddle: ['.pdmodel'],
  Caffe: ['.prototxt'],
  Darknet: ['.cfg'],
}
