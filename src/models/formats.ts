import { caffe } from './caffe/format.ts'
import { coreml, milText } from './coreml/format.ts'
import { darknet } from './darknet/format.ts'
import { executorch } from './executorch/format.ts'
import type { Format } from './format.ts'
import { keras, kerasH5 } from './keras/format.ts'
import { layersModel } from './keras/format-json.ts'
import { mnn } from './mnn/format.ts'
import { ncnn, pnnx } from './ncnn/format.ts'
import { nnef } from './nnef/format.ts'
import { onnx } from './onnx/format.ts'
import { openvino } from './openvino/format.ts'
import { paddle, paddlePir } from './paddle/format.ts'
import { graphDef, graphModel, savedModel } from './tensorflow/format.ts'
import { tflite } from './tflite/format.ts'
import { print, pt2, torchScript } from './torch/format.ts'

/** Every format that is read. The first one that matches a file reads it; ONNX has no mark of its own and comes last. */
export const formats: readonly Format[] = [
  ...[tflite, executorch, ncnn, pnnx, openvino, keras, kerasH5, pt2, torchScript, graphModel, layersModel, paddlePir],
  ...[mnn, coreml, milText, paddle, savedModel, graphDef, nnef, darknet, caffe, print, onnx],
]
