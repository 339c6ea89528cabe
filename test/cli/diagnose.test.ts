import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad diagnose', () => {
  it('what made these numbers', async () => {
    expect(
      await printed('diagnose --input 1,2,3,4,5,6 --kernel 1,10,100 --stride 2 --output 210,432,654', 0),
    ).toBe(`Explained by padding of 1 before and 1 after
  symmetric   pytorch, timm
  same-lower  onnx, jax, onnxruntime, coreml, mps, openvino, onednn, tract,
              jax-js, ncnn, onnxruntime-web (< 1.25), tensorrt, tengine
  autopad     ultralytics
  p1          pytorch
  p1,0        onnx, onnxruntime, jax, webnn, tensorflow, tfjs
  even-ceil   pytorch
  same        monai, lasagne
  half        fastai, darknet, theano
  half-odd    fastai, yolox
  circular    flax
  pad-same    haiku
  causal      axlearn, audiolm-pytorch
  same-pad    flux
  faulty, as many outputs as TensorFlow, but other pads in a third of all
  strided cases:
    aten same
  faulty, a float division makes the total k - 1 whatever the input (seen to
  1.24, mended by 1.29):
    onnxruntime-web (< 1.25) same-upper

The others give
  321 543 65
    same         tensorflow, keras, tfjs, tflite, xnnpack, timm,
                 efficientnet-pytorch, transformers, transformers.mobilenet-v1,
                 jax, haiku, coreml, nnapi, mps, paddle, burn, candle, jax-js,
                 mnn, mace
    correct-pad  keras-applications
    same-3d      tfjs.3d
    downsample   diffusers
    corner       mmcv
    same-upper   onnx, onnxruntime, openvino, tensorrt, onednn, tract, rten,
                 wonnx, tinygrad.onnx, ncnn, tengine
    same-lower   rten
  321 543
    valid  tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax
  a refusal
    same  pytorch, tinygrad, numpy
  100 321 543
    causal  keras, flax
  0 210 432 654 6
    default-pad  tfjs
  0 100 321 543 65 0
    keep  folklore
`)
  })

  it('names the faulty ones', async () => {
    expect(
      await printed('diagnose --input 1,10 --kernel 1,2,4 --stride 2 --op transposed --output 2,14,20,40', 0),
    ).toBe(`Explained by a crop of 1 before and 0 after
  same-lower           onnx, onnxruntime, tensorrt
  p1,0                 onnx, onnxruntime, onnx.opset-1 (< opset 11),
                       onnx-tensorrt
  p1 op1               pytorch
  target-shape         mxnet
  valid p1,0           onnxruntime
  same-upper op1       onnxruntime
  same-lower op1       onnxruntime.before-1.13 (< 1.13)
  same-lower op1 out4  openvino
  faulty, PyTorch crops at least as much at the begin as at the end: one cell of
  shift where the crop is odd:
    keras-torch (< 2026.05) same
  faulty, SAME_UPPER and SAME_LOWER are swapped:
    onnx.opset-1 (< opset 11) same-upper
  faulty, SAME_UPPER and SAME_LOWER are swapped; the output is shorter than
  input * stride where the kernel is smaller than the stride:
    onnxruntime.before-1.13 (< 1.13) same-upper
  faulty, nothing is cropped without an output_shape; with one, the larger crop
  comes first under SAME_UPPER:
    openvino same-upper out4

The others give
  1 2 14 20
    same        tensorflow, keras, tfjs, tflite, tflite-gpu, tf2onnx, jax, mace
    same-3d     tfjs
    same-upper  onnx, tensorrt, tract, rten
    same-lower  onnx.opset-1 (< opset 11)
  1 2 14 20 40
    valid  tensorflow, keras, tfjs, jax
`)
  })

  it('explains sizes', async () => {
    expect(
      await printed('diagnose --input 8 --kernel 1 --stride 4 --output 2', 0),
    ).toBe(`Explained by padding of 0 before and 0 after
  same        tensorflow, keras, jax, tfjs, tflite, timm, efficientnet-pytorch,
              xnnpack, transformers, monai, haiku, coreml, nnapi, mps, jax-js,
              mace, lasagne, aten, transformers.mobilenet-v1, paddle, burn
  symmetric   pytorch
  same-upper  onnx, openvino, onednn, tract, rten, ncnn,
              onnxruntime-web (< 1.25)
  same-lower  onnx, jax, onnxruntime, coreml, mps, openvino, onednn, tract,
              jax-js, ncnn, onnxruntime-web (< 1.25), rten
  valid       tensorflow, keras, pytorch, onnx, onnxruntime, jax, tfjs
  causal      keras, flax
  autopad     ultralytics
  p0          pytorch, onnx, onnxruntime, jax, webnn, tensorflow, tfjs
  even-ceil   pytorch
  corner      mmcv
  half        fastai, darknet, theano
  half-odd    fastai, yolox
  circular    flax
  pad-same    haiku
  same-pad    flux

Or by padding of -1 before and -1 after
  faulty, the total is not clamped at 0, so a kernel far smaller than the stride
  starts late:
    onnxruntime same-upper
  faulty, the total is not clamped at 0:
    tensorrt same-upper, tensorrt same-lower, mnn same
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    wonnx same-upper, tengine same-upper, tengine same-lower

Or by padding of -3 before and 3 after
  causal  axlearn

Or by padding of -2 before and -1 after
  faulty, the total is not clamped at 0, so a kernel smaller than the stride
  starts late:
    tfjs.3d same-3d
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    tinygrad.onnx same-upper

The others give
  a refusal
    same    pytorch, candle, tinygrad, numpy
    causal  audiolm-pytorch
  7 outputs
    default-pad  tfjs
  3 outputs
    symmetric  timm
  8 outputs
    keep  folklore
`)
  })

  it('says that nothing explains it', async () => {
    expect(
      await printed('diagnose --input 1,2,3 --kernel 1,10 --output 5,5,5', 1),
    ).toBe(`No convention that samepad knows explains this.

The others give
  21 32 3
    same        tensorflow, keras, tfjs, tflite, xnnpack, pytorch, aten, timm,
                efficientnet-pytorch, transformers, transformers.mobilenet-v1,
                jax, haiku, coreml, nnapi, mps, paddle, burn, candle, tinygrad,
                jax-js, mnn, mace
    same-3d     tfjs.3d
    corner      mmcv
    same-upper  onnx, onnxruntime, onnxruntime-web (< 1.25), openvino, tensorrt,
                onednn, tract, rten, wonnx, tinygrad.onnx, ncnn, tengine
    circular    flax
    pad-same    haiku
    same-lower  rten
  10 21 32
    causal      keras, flax, axlearn, audiolm-pytorch
    same-lower  onnx, onnxruntime, onnxruntime-web (< 1.25), jax, coreml, mps,
                openvino, tensorrt, onednn, tract, jax-js, ncnn, tengine
    same-pad    flux
    same        lasagne, numpy
    keep        folklore
  21 32
    valid        tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax
    default-pad  tfjs
    symmetric    pytorch, timm
    half-odd     fastai, yolox
  10 21 32 3
    even-ceil  pytorch
    half       fastai, darknet, theano
    autopad    ultralytics
  a refusal
    same  monai
`)
  })

  it('a rule for other layers explains no error', async () => {
    expect(await printed('diagnose --input 10 --kernel 3 --stride 2 --op maxpool --output error', 0)).not.toMatch(
      /a refusal\n +same-dilated/,
    )
  })
})
