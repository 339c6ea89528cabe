import { SamepadError, Verbatim } from 'samepad/geometry'
import type { Model } from 'samepad/models'

// Engines run ONNX alone. Models of other formats are written as ONNX by tools of others.

const tf2onnx = (option: string): string =>
  `pip install tf2onnx; python -m tf2onnx.convert ${option} --opset 17 --output model.onnx`

const torch = "torch.onnx.export(model, (picture,), 'model.onnx', dynamo=True, dynamic_shapes=...) in Python"

/** How a file of each format becomes ONNX. */
const ways: Readonly<Record<string, string>> = {
  TFLite: tf2onnx('--tflite MODEL'),
  SavedModel: tf2onnx('--saved-model FOLDER'),
  GraphDef: tf2onnx('--graphdef MODEL --inputs NAME:0 --outputs NAME:0'),
  'TensorFlow.js graph-model': tf2onnx('--tfjs MODEL'),
  Keras: "keras.saving.load_model('MODEL').export('model.onnx', format='onnx') in Python",
  'Keras H5': tf2onnx('--keras MODEL'),
  'torch.export': torch,
  TorchScript: torch,
  'PyTorch print(model)': torch,
  Paddle: 'pip install paddle2onnx; paddle2onnx --model_dir FOLDER --model_filename MODEL --save_file model.onnx',
  'Paddle PIR': 'pip install paddle2onnx; paddle2onnx --model_dir FOLDER --model_filename MODEL --save_file model.onnx',
}

/**
 * Refuses a model that no engine here runs.
 *
 * @throws SamepadError that says how it is written as ONNX
 */
export function checkFormat({ format }: Pick<Model, 'format'>): void {
  if (format === undefined || format === 'ONNX') return
  const way = ways[format] ?? 'export it again from what it was made of'
  const must = `MODEL must be ONNX to be run: ${way} (samepad tiles MODEL plans pieces of any format)`
  throw new SamepadError('model', must, new Verbatim(format))
}
