import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { audit, readModel } from '../../src/models.ts'

// Real files of every format, in the folder that the environment variable MODELS names.

/**
 * What is in a file: its format, its windows, how many of them have known sizes, the family that their padding tells, and
 * what the first window reads and the last one makes.
 */
type Row = readonly [file: string, format: string, windows: number, sized: number, family: string, cells: string]

const rows: readonly Row[] = [
  ['caffe/bvlc-examples_mnist_lenet.prototxt', 'Caffe', 4, 4, 'either', '28x28 > 4x4'],
  ['caffe/bvlc-models_bvlc_alexnet_deploy.prototxt', 'Caffe', 8, 8, 'either', '227x227 > 6x6'],
  ['caffe/x2paddle-MNasNet_deploy_MnasNet.prototxt', 'Caffe', 52, 52, 'symmetric', '224x224 > 7x7'],
  ['caffe/x2paddle-MobileNetV2_mobilenet_v2_deploy.prototxt', 'Caffe', 54, 54, 'symmetric', '224x224 > 1x1'],
  ['caffe/x2paddle-ResNet18_deploy_resnet18-priv.prototxt', 'Caffe', 21, 21, 'symmetric', '224x224 > 8x8'],
  ['coreml/s4tf_keras_model.h5', 'Keras H5', 0, 0, 'either', ' > '],
  ['coreml/s4tf_keras_model.mlmodel', 'Core ML', 0, 0, 'either', ' > '],
  ['coreml/s4tf_keras_model_personalization.h5', 'Keras H5', 0, 0, 'either', ' > '],
  ['coreml/s4tf_keras_model_personalization.mlmodel', 'Core ML', 0, 0, 'either', ' > '],
  ['darknet/alexeyab-efficientnet_b0.cfg', 'Darknet', 83, 83, 'symmetric', '224x224 > 1x1'],
  ['darknet/alexeyab-yolov4-tiny.cfg', 'Darknet', 24, 24, 'symmetric', '416x416 > 26x26'],
  ['darknet/debian-alexnet.cfg', 'Darknet', 8, 8, 'either', '227x227 > 6x6'],
  ['darknet/debian-darknet19.cfg', 'Darknet', 24, 24, 'either', '256x256 > 8x8'],
  ['darknet/debian-resnet18.cfg', 'Darknet', 19, 19, 'symmetric', '256x256 > 1x1'],
  ['darknet/debian-strided.cfg', 'Darknet', 21, 21, 'symmetric', '224x224 > 4x4'],
  ['darknet/debian-yolov1.cfg', 'Darknet', 28, 28, 'symmetric', '448x448 > 7x7'],
  ['darknet/debian-yolov3-tiny.cfg', 'Darknet', 19, 19, 'either', '416x416 > 26x26'],
  ['executorch/AddModel.pte', 'ExecuTorch', 0, 0, 'either', ' > '],
  ['executorch/HelloExecuTorch.pte', 'ExecuTorch', 0, 0, 'either', ' > '],
  ['executorch/add.pte', 'ExecuTorch', 0, 0, 'either', ' > '],
  ['keras/tiny-big.h5', 'Keras H5', 8, 8, 'tf-same', '96x96 > 6x6'],
  ['keras/tiny.h5', 'Keras H5', 8, 8, 'tf-same', '96x96 > 6x6'],
  ['keras/tiny.synthetic.keras', 'Keras', 8, 8, 'tf-same', '96x96 > 6x6'],
  ['mnn/MobileNetV2_224.mnn', 'MNN', 54, 54, 'tf-same', '224x224 > 1x1'],
  ['mnn/mobilenet-v1-1.0.mnn', 'MNN', 29, 29, 'tf-same', '224x224 > 1x1'],
  ['mnn/nasnet.mnn', 'MNN', 417, 417, 'tf-same', '224x224 > 1x1'],
  ['mnn/resnet-v2-50.mnn', 'MNN', 58, 58, 'tf-same', '224x224 > 1x1'],
  ['ncnn/3d_net.pnnx.param', 'pnnx', 4, 4, 'either', '10x20x30 > 5x10x15'],
  ['ncnn/alexnet.param', 'ncnn', 8, 8, 'either', '227x227 > 6x6'],
  ['ncnn/blazeface.param', 'ncnn', 36, 36, 'tf-same', '128x128 > 8x8'],
  ['ncnn/mnasnet.param', 'ncnn', 52, 52, 'symmetric', '224x224 > 7x7'],
  ['ncnn/mobilenet.param', 'ncnn', 27, 27, 'symmetric', '224x224 > 7x7'],
  ['ncnn/mobilenet_v2.param', 'ncnn', 53, 53, 'symmetric', '224x224 > 7x7'],
  ['ncnn/mobilenet_v3.param', 'ncnn', 46, 46, 'symmetric', '224x224 > 7x7'],
  ['ncnn/proxylessnasnet.param', 'ncnn', 61, 61, 'symmetric', '224x224 > 7x7'],
  ['ncnn/realesr-animevideov3-x2.param', 'ncnn', 18, 0, 'either', '?x? > ?x?'],
  ['ncnn/realesrgan-x4plus-anime.param', 'ncnn', 96, 0, 'either', '?x? > ?x?'],
  ['ncnn/resnet18.param', 'ncnn', 23, 23, 'symmetric', '224x224 > 1x1'],
  ['ncnn/up2x-conservative.param', 'ncnn', 22, 0, 'either', '?x? > ?x?'],
  ['ncnn/waifu2x-upconv7-scale2x.param', 'ncnn', 7, 7, 'either', '156x156 > 284x284'],
  ['ncnn/yolov4-tiny.param', 'ncnn', 24, 24, 'symmetric', '416x416 > 26x26'],
  ['onnx/face_detection_front_128x128_barracuda.onnx', 'ONNX', 40, 40, 'tf-same', '128x128 > 16x16'],
  ['openvino/mobilenet_v2_1.0_224_i8.xml', 'OpenVINO IR', 54, 54, 'tf-same', '224x224 > 1x1'],
  ['openvino/resnet_v1_50_i8.xml', 'OpenVINO IR', 58, 58, 'symmetric', '224x224 > 1x1'],
  ['openvino/test_model_fp32.xml', 'OpenVINO IR', 5, 5, 'either', '32x32 > 9x9'],
  ['pytorch/alexnet.print.txt', 'PyTorch print(model)', 8, 0, 'either', '?x? > ?x?'],
  ['pytorch/alexnet.topology.onnx', 'ONNX', 9, 9, 'either', '224x224 > 6x6'],
  ['pytorch/alexnet.traced.noweights.pt', 'TorchScript', 8, 0, 'either', '?x? > ?x?'],
  ['pytorch/efficientnet_b0.print.txt', 'PyTorch print(model)', 81, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/efficientnet_b0.topology.onnx', 'ONNX', 81, 81, 'symmetric', '224x224 > 7x7'],
  ['pytorch/efficientnet_b0.traced.noweights.pt', 'TorchScript', 81, 32, 'symmetric', '?x? > ?x?'],
  ['pytorch/mobilenet_v2.print.txt', 'PyTorch print(model)', 52, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/mobilenet_v2.topology.onnx', 'ONNX', 52, 52, 'symmetric', '224x224 > 7x7'],
  ['pytorch/mobilenet_v2.traced.noweights.pt', 'TorchScript', 52, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/resnet18.print.txt', 'PyTorch print(model)', 21, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/resnet18.topology.onnx', 'ONNX', 21, 21, 'symmetric', '224x224 > 7x7'],
  ['pytorch/resnet18.traced.noweights.pt', 'TorchScript', 21, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/tiny-nosame.onnx', 'ONNX', 9, 9, 'mixed', '96x96 > 6x6'],
  ['pytorch/tiny-nosame.print.txt', 'PyTorch print(model)', 9, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/tiny.print.txt', 'PyTorch print(model)', 9, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/tiny.scripted.pt', 'TorchScript', 9, 0, 'symmetric', '?x? > ?x?'],
  ['pytorch/tiny.traced.pt', 'TorchScript', 9, 0, 'symmetric', '?x? > ?x?'],
  ['tfjs/basic-pitch.graph.json', 'TensorFlow.js graph-model', 32, 0, 'tf-same', '?x? > ?x?'],
  ['tfjs/blazeface-front.model.json', 'TensorFlow.js graph-model', 40, 37, 'tf-same', '128x128 > 8x8'],
  ['tfjs/esrgan-slim-x2.layers.json', 'TensorFlow.js layers-model', 12, 0, 'either', '?x? > ?x?'],
  ['tfjs/tiny-layers/model.json', 'TensorFlow.js layers-model', 8, 8, 'tf-same', '96x96 > 6x6'],
  ['tflite/avgpooling.float32.tflite', 'TFLite', 1, 1, 'either', '8x8 > 8x8'],
  ['tflite/conv-dilation.float32.tflite', 'TFLite', 1, 1, 'either', '10x10 > 10x10'],
  ['tflite/conv-relu.uint8.tflite', 'TFLite', 1, 1, 'either', '4x4 > 4x4'],
  ['tflite/conv-stride.float32.tflite', 'TFLite', 1, 1, 'tf-same', '32x32 > 16x16'],
  ['tflite/conv-transpose_relu.float32.tflite', 'TFLite', 1, 1, 'either', '80x60 > 321x241'],
  ['tflite/conv10.tflite', 'TFLite', 1, 1, 'either', '3x12 > 1x5'],
  ['tflite/depthwise-conv.uint8.tflite', 'TFLite', 1, 1, 'either', '5x5 > 5x5'],
  ['tflite/face_detection_full_range_sparse.tflite', 'TFLite', 91, 91, 'symmetric', '192x192 > 24x24'],
  ['tflite/face_detection_short_range.tflite', 'TFLite', 40, 40, 'tf-same', '128x128 > 8x8'],
  ['tflite/maxpooling.float32.tflite', 'TFLite', 1, 1, 'either', '10x10 > 5x5'],
  ['tflite/mirror-pad.int32.tflite', 'TFLite', 0, 0, 'either', ' > '],
  ['tflite/mobilenet_v2_quantized_1x3x224x224.tflite', 'TFLite', 52, 52, 'symmetric', '224x224 > 7x7'],
  ['tflite/padding.float32.tflite', 'TFLite', 0, 0, 'either', ' > '],
  ['tflite/person_detect.tflite', 'TFLite', 29, 29, 'tf-same', '96x96 > 1x1'],
  ['tflite/person_detect_vela.tflite', 'TFLite', 0, 0, 'either', ' > '],
  ['tflite/transpose_conv0.tflite', 'TFLite', 1, 1, 'either', '1x5 > 3x12'],
  ['tflite/transposeconv-samepad-stride2.float32.tflite', 'TFLite', 1, 1, 'tf-same', '7x7 > 14x14'],
  ['tflite/transposeconv-samepad.float32.tflite', 'TFLite', 1, 1, 'either', '7x7 > 7x7'],
  ['tflite/transposeconv-validpad.float32.tflite', 'TFLite', 1, 1, 'either', '5x5 > 7x7'],
]

/** Files without a network that can be read, and what is said of them. */
const refused: readonly (readonly [file: string, why: RegExp])[] = [
  ['keras/pre_pr22362_nested_container.keras', /NestedDenseModel/],
  ['pytorch/tiny.state_dict.pth', /a PyTorch file of weights, a state dict, which holds no network/],
]

/** A sentence on windows that cannot be seen, of files that have such. */
const opaque: readonly (readonly [file: string, operators: readonly string[]])[] = [
  ['darknet/debian-strided.cfg', ['crop']],
  ['darknet/debian-yolov1.cfg', ['local']],
  ['pytorch/alexnet.print.txt', ['AdaptiveAvgPool2d']],
  ['pytorch/alexnet.traced.noweights.pt', ['aten.adaptive_avg_pool2d']],
  ['tflite/person_detect_vela.tflite', ['ethos-u']],
]

const folder = process.env.MODELS ?? ''

/** All files of the folder but its own description. */
const files = (of: string): string[] =>
  readdirSync(join(folder, of), { withFileTypes: true }).flatMap((entry) => {
    const name = of === '' ? entry.name : `${of}/${entry.name}`
    return entry.isDirectory() ? files(name) : /\.md$/.test(name) ? [] : [name]
  })

const has = ([file]: readonly [string, ...unknown[]]): boolean => existsSync(join(folder, file))

if (folder) {
  const size = (list: readonly (number | undefined)[] = []): string => list.map((one) => one ?? '?').join('x')

  it.each(rows.filter(has))('%s', async (file, format, ...expected) => {
    const model = await readModel(join(folder, file))
    const { nodes, style } = await audit(model)
    const sized = nodes.filter(({ axes }) =>
      axes.every(({ input, output }) => input !== undefined && output !== undefined),
    )
    const cells = `${size(nodes[0]?.axes.map(({ input }) => input))} > ${size(nodes.at(-1)?.axes.map(({ output }) => output))}`
    expect([model.format, nodes.length, sized.length, style, cells]).toEqual([format, ...expected])
  })

  it.each(refused.filter(has))('%s is told why not', async (file, why) => {
    await expect(readModel(join(folder, file))).rejects.toThrow(why)
  })

  it.each(opaque.filter(has))('%s: what cannot be seen is named', async (file, names) => {
    const { unknownOperators } = await audit(join(folder, file))
    expect(unknownOperators).toEqual(names)
  })

  it('every other file is read, or told why not by what must hold', async () => {
    const named = new Set([...rows, ...refused].map(([file]) => file))
    for (const file of files('').filter((name) => !named.has(name))) {
      const told = await audit(join(folder, file)).then(
        () => 'read',
        ({ message }) => message,
      )
      expect(told, file).toMatch(/^read$|^\w+: .* must /)
    }
  })

  it('hides nothing in the files that are not named above', async () => {
    const named = new Set(opaque.map(([file]) => file))
    const others = rows.map(([file]) => file).filter((file) => !named.has(file) && has([file]))
    expect(others.length).toBeGreaterThan(0)
    const hidden: string[] = []
    for (const file of others) {
      const { unknownOperators } = await audit(join(folder, file))
      if (unknownOperators.length > 0) hidden.push(`${file}: ${unknownOperators}`)
    }
    expect(hidden).toEqual([])
  })
}

it('each file stands in the tables once', () => {
  const names = [...rows, ...refused].map(([file]) => file)
  expect(new Set(names).size).toBe(names.length)
})
