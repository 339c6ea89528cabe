import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad explain', () => {
  it('draws the windows, works the padding out, and lists who does otherwise', async () => {
    expect(await printed('explain tf k3 s2 same --input 6', 0)).toBe(`tf k3 s2 same, input 6
tensorflow.same; read in tensorflow core/framework/kernel_shape_util.cc
GetWindowedOutputSizeVerbose

input      0 1 2 3 4 5 ░
output 0   ● ● ●
output 1       ● ● ●
output 2           ● ● ○

● a tap reads a cell   ○ reads padding   ░ padding

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈6/2⌉ - 1) · 2 + 3 - 6) = 1
at the begin      ⌊P/2⌋ = ⌊1/2⌋ = 0
at the end        P - begin = 1 - 0 = 1
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(6 + 1 - 3)/2⌋ + 1 = 3

The same: 0 cells before, 3 outputs
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
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower

Windows start 1 cell earlier: 1 cell before, 3 outputs
  symmetric   pytorch, timm
  even-ceil   pytorch
  same        monai, lasagne
  half        fastai, darknet, theano
  half-odd    fastai, yolox
  autopad     ultralytics
  same-lower  onnx, onnxruntime, onnxruntime-web (< 1.25), jax, coreml, mps,
              openvino, tensorrt, onednn, tract, jax-js, ncnn, tengine
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

Otherwise: 0 cells before, 2 outputs
  valid  tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax

Windows start 2 cells earlier: 2 cells before, 3 outputs
  causal  keras, flax

Windows start 3 cells earlier: 3 cells before, 5 outputs
  default-pad  tfjs

Windows start 4 cells earlier: 4 cells before, 6 outputs
  keep  folklore

Refused by
  not supported for strided convolutions:
    pytorch same, tinygrad same, numpy same
`)
  })

  it('shows the first and the last windows of a large input', async () => {
    expect(await printed('explain tf k3 s2 same --input 224', 0)).toBe(`tf k3 s2 same, input 224
tensorflow.same; read in tensorflow core/framework/kernel_shape_util.cc
GetWindowedOutputSizeVerbose

input          0   1   2   3   4   5   6   7  …  217 218 219 220 221 222 223   ░
output   0     ●   ●   ●
output   1             ●   ●   ●
output   2                     ●   ●   ●
…
output 109                                             ●   ●   ●
output 110                                                     ●   ●   ●
output 111                                                             ●   ●   ○

● a tap reads a cell   ○ reads padding   ░ padding

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈224/2⌉ - 1) · 2 + 3 - 224) = 1
at the begin      ⌊P/2⌋ = ⌊1/2⌋ = 0
at the end        P - begin = 1 - 0 = 1
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(224 + 1 - 3)/2⌋ + 1 = 112

The same: 0 cells before, 112 outputs
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
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower

Windows start 1 cell earlier: 1 cell before, 112 outputs
  symmetric   pytorch, timm
  even-ceil   pytorch
  same        monai, lasagne
  half        fastai, darknet, theano
  half-odd    fastai, yolox
  autopad     ultralytics
  same-lower  onnx, onnxruntime, onnxruntime-web (< 1.25), jax, coreml, mps,
              openvino, tensorrt, onednn, tract, jax-js, ncnn, tengine
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

Otherwise: 0 cells before, 111 outputs
  valid  tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax

Windows start 2 cells earlier: 2 cells before, 112 outputs
  causal  keras, flax

Windows start 112 cells earlier: 112 cells before, 223 outputs
  default-pad  tfjs

Windows start 113 cells earlier: 113 cells before, 224 outputs
  keep  folklore

Refused by
  not supported for strided convolutions:
    pytorch same, tinygrad same, numpy same
`)
  })

  it('shows what an average divides by', async () => {
    expect(
      await printed('explain pytorch averagepool k3 s2 p1 ceil --input 6', 0),
    ).toBe(`pytorch averagepool k3 s2 p1 ceil, input 6
pytorch.avg-pool.explicit; read in pytorch aten/src/ATen/native/Pool.h
pooling_output_shape_pad_lr

input      ░ 0 1 2 3 4 5 ░
output 0   ○ ● ●              / 3
output 1       ● ● ●          / 3
output 2           ● ● ●      / 3
output 3               ● ○ ○  / 2

● a tap reads a cell   ○ reads padding   ░ padding, zeros   / divisor

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
at the begin      as given = 1
at the end        as given = 1
outputs           ⌈(n + P - K)/s⌉ + 1, without a last window that starts in the
                  end padding
                    = ⌈(6 + 2 - 3)/2⌉ + 1 → 4

The same: 1 cell before, 4 outputs, padding counted as zeros
  explicit  pytorch

Windows start 1 cell later: 0 cells before, 3 outputs, padding not counted
  same        tensorflow, keras, tfjs, tflite, xnnpack, jax, haiku, coreml,
              nnapi, mps, mace
  valid       tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax
  same-3d     tfjs.3d
  same-upper  onnx, onnxruntime, openvino, onednn, tract, rten, ncnn
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower

Otherwise: 1 cell before, 3 outputs, padding not counted
  same-lower  onnx, onnxruntime, jax, coreml, mps, openvino, onednn, tract, ncnn

Otherwise: 1 cell before, 4 outputs, padding not counted
  explicit  tfjs, onnx, onnxruntime, jax, webnn, burn
  same-pad  flux

Windows start 1 cell later: 0 cells before, 3 outputs, padding counted as zeros
  same  flax
  faulty, pads with zeros and counts them:
    timm same
`)
  })

  it('lands the samples of a transposed convolution', async () => {
    expect(
      await printed('explain onnx transposed k3 s2 SAME_LOWER --input 3', 0),
    ).toBe(`onnx transposed k3 s2 SAME_LOWER, input 3
onnx.transposed.same-lower; read in onnx docs/Operators.md, ConvTranspose (opset
11 and later)

output     ░ 0 1 2 3 4 5
sample 0   ○ ● ●
sample 1       ● ● ●
sample 2           ● ● ●

● a tap lands on a cell   ○ lands on what is cropped   ░ cropped

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
full result       F = (n - 1) s + K = (3 - 1) · 2 + 3 = 7
output            n s = 3 · 2 = 6
cropped in all    T = max(0, F + op - output) = max(0, 7 + 0 - 6) = 1
at the begin      ⌈T/2⌉ = ⌈1/2⌉ = 1
at the end        F - begin - output = 7 - 1 - 6 = 0

The same: 1 cell cropped before, output 6
  same-lower    onnx, onnxruntime, tensorrt
  target-shape  mxnet
  faulty, PyTorch crops at least as much at the begin as at the end: one cell of
  shift where the crop is odd:
    keras-torch (< 2026.05) same
  faulty, SAME is worked out from the small side instead of the large one:
    tflite-gpu same
  faulty, SAME_UPPER and SAME_LOWER are swapped:
    onnx.opset-1 (< opset 11) same-upper
  faulty, SAME_UPPER and SAME_LOWER are swapped; the output is shorter than
  input * stride where the kernel is smaller than the stride:
    onnxruntime.before-1.13 (< 1.13) same-upper

Samples land 1 cell later: 0 cells cropped before, output 6
  same        tensorflow, keras, tfjs, tflite, tf2onnx, jax, mace
  same-3d     tfjs
  same-upper  onnx, onnxruntime, tensorrt, tract, rten
  faulty, SAME_UPPER and SAME_LOWER are swapped:
    onnx.opset-1 (< opset 11) same-lower
  faulty, SAME_UPPER and SAME_LOWER are swapped; the output is shorter than
  input * stride where the kernel is smaller than the stride:
    onnxruntime.before-1.13 (< 1.13) same-lower

Samples land 1 cell later: 0 cells cropped before, output 7
  valid  tensorflow, keras, tfjs, onnxruntime, jax
  faulty, nothing is cropped without an output_shape; with one, the larger crop
  comes first under SAME_UPPER:
    openvino same-upper, openvino same-lower
`)
  })

  it('shows what dilation steps over', async () => {
    expect(await printed('explain jax k2 d3 same --input 5', 0)).toBe(`jax k2 d3 same, input 5
jax.same; read in jax _src/lax/lax.py padtype_to_pads

input      ░ 0 1 2 3 4 ░ ░
output 0   ○ · · ●
output 1     ● · · ●
output 2       ● · · ●
output 3         ● · · ○
output 4           ● · · ○

● a tap reads a cell   ○ reads padding   · stepped over   ░ padding

effective kernel  K = d (k - 1) + 1 = 3 · (2 - 1) + 1 = 4
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈5/1⌉ - 1) · 1 + 4 - 5) = 3
at the begin      ⌊P/2⌋ = ⌊3/2⌋ = 1
at the end        P - begin = 3 - 1 = 2
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(5 + 3 - 4)/1⌋ + 1 = 5

The same: 1 cell before, 5 outputs
  same        tensorflow, keras, tfjs, tflite, xnnpack, pytorch, aten, timm,
              efficientnet-pytorch, transformers, jax, haiku, coreml, nnapi,
              mps, tinygrad, jax-js, mnn, mace
  same-3d     tfjs.3d
  same-upper  onnx, openvino, tensorrt, onednn, tract, rten, ncnn
  circular    flax
  pad-same    haiku
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower

Windows start 1 cell earlier: 2 cells before, 5 outputs
  same-lower  onnx, jax, coreml, mps, openvino, tensorrt, onednn, tract, jax-js,
              ncnn
  same-pad    flux
  same        lasagne
  keep        folklore

Windows start 1 cell later: 0 cells before, 2 outputs
  valid  tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax

Windows start 1 cell later: 0 cells before, 3 outputs
  faulty, leaves the dilation out of the padding:
    transformers.mobilenet-v1 same
  faulty, leaves the dilation out of the padding, so the output is too short:
    burn same
  faulty, leaves the dilation out of the padding, so the output is too short; a
  negative total panics:
    candle same
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    wonnx same-upper, tinygrad.onnx same-upper, tengine same-upper

Windows start 2 cells earlier: 3 cells before, 5 outputs
  causal  keras, flax, axlearn, audiolm-pytorch

Otherwise: 1 cell before, 4 outputs
  default-pad  tfjs
  symmetric    pytorch, timm
  half-odd     yolox

Windows start 1 cell earlier: 2 cells before, 6 outputs
  even-ceil  pytorch
  autopad    ultralytics
  half       theano

Windows start 1 cell later: 0 cells before, 5 outputs
  corner  mmcv

Windows start 1 cell later: 0 cells before, 5 outputs, undilated
  faulty, silently runs without the dilation:
    paddle same

Otherwise: 1 cell before, 3 outputs
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    tengine same-lower

Refused by
  an odd total cannot be split evenly:
    monai same
  not supported with dilation:
    fastai half, fastai half-odd, onnxruntime same-upper,
    onnxruntime same-lower, onnxruntime-web (< 1.25) same-upper,
    onnxruntime-web (< 1.25) same-lower, darknet half, numpy same
`)
  })

  it('names every few cells where indices have no room', async () => {
    expect(await printed('explain jax k3 s2 d4 same --input 100', 0)).toBe(`jax k3 s2 d4 same, input 100
jax.same; read in jax _src/lax/lax.py padtype_to_pads

                  0         5        10            90        95
input       ░ ░ ░ · · · · · · · · · · · · ·  …  · · · · · · · · · · · · ░ ░ ░ ░
output  0   ○ · · · ● · · · ●
output  1       ○ · · · ● · · · ●
output  2           ● · · · ● · · · ●
output  3               ● · · · ● · · · ●
…
output 46                                         ● · · · ● · · · ●
output 47                                             ● · · · ● · · · ●
output 48                                                 ● · · · ● · · · ○
output 49                                                     ● · · · ● · · · ○

● a tap reads a cell   ○ reads padding   · stepped over   ░ padding

effective kernel  K = d (k - 1) + 1 = 4 · (3 - 1) + 1 = 9
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈100/2⌉ - 1) · 2 + 9 - 100) = 7
at the begin      ⌊P/2⌋ = ⌊7/2⌋ = 3
at the end        P - begin = 7 - 3 = 4
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(100 + 7 - 9)/2⌋ + 1 = 50

The same: 3 cells before, 50 outputs
  same        tflite, xnnpack, timm, efficientnet-pytorch, transformers, jax,
              haiku, coreml, nnapi, mps, jax-js, mace
  same-upper  onnx, openvino, tensorrt, onednn, tract, rten, ncnn
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower
  faulty, the total is not clamped at 0:
    mnn same

Windows start 1 cell earlier: 4 cells before, 50 outputs
  symmetric   pytorch, timm
  even-ceil   pytorch
  same        monai, lasagne
  autopad     ultralytics
  half-odd    yolox
  same-lower  onnx, jax, coreml, mps, openvino, tensorrt, onednn, tract, jax-js,
              ncnn
  circular    flax
  pad-same    haiku
  same-pad    flux
  half        theano
  faulty, as many outputs as TensorFlow, but other pads in a third of all
  strided cases:
    aten same

Windows start 3 cells later: 0 cells before, 47 outputs
  faulty, leaves the dilation out of the padding:
    transformers.mobilenet-v1 same
  faulty, leaves the dilation out of the padding, so the output is too short:
    burn same
  faulty, leaves the dilation out of the padding, so the output is too short; a
  negative total panics:
    candle same
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    wonnx same-upper, tinygrad.onnx same-upper, tengine same-upper

Windows start 3 cells later: 0 cells before, 46 outputs
  valid  pytorch, onnx, onnxruntime, jax

Windows start 4 cells earlier: 7 cells before, 50 outputs
  causal  axlearn, audiolm-pytorch

Windows start 50 cells earlier: 53 cells before, 99 outputs
  default-pad  tfjs

Windows start 3 cells later: 0 cells before, 50 outputs
  corner  mmcv

Windows start 5 cells earlier: 8 cells before, 50 outputs
  causal  flax

Windows start 3 cells later: 0 cells before, 50 outputs, undilated
  faulty, silently runs without the dilation:
    paddle same

Windows start 2 cells later: 1 cell before, 47 outputs
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    tengine same-lower

Windows start 51 cells earlier: 54 cells before, 100 outputs
  keep  folklore

Refused by
  strides > 1 not supported in conjunction with dilation > 1:
    tensorflow same, tensorflow valid, keras same, keras valid, keras causal,
    tfjs same, tfjs valid, tfjs.3d same-3d
  not supported with dilation:
    keras-applications correct-pad, fastai half, fastai half-odd,
    onnxruntime same-upper, onnxruntime same-lower,
    onnxruntime-web (< 1.25) same-upper, onnxruntime-web (< 1.25) same-lower,
    darknet half
  not supported for strided convolutions:
    pytorch same, tinygrad same, numpy same
`)
  })

  it('says in words what is too wide to draw', async () => {
    expect(await printed('explain jax k15 s2 d3 same --input 224', 0)).toBe(`jax k15 s2 d3 same, input 224
jax.same; read in jax _src/lax/lax.py padtype_to_pads

output 0 reads cells -20 to 22 in steps of 3, 7 taps of them padding
output 1 reads cells -18 to 24 in steps of 3, 6 taps of them padding
output 111 reads cells 202 to 244 in steps of 3, 7 taps of them padding

effective kernel  K = d (k - 1) + 1 = 3 · (15 - 1) + 1 = 43
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈224/2⌉ - 1) · 2 + 43 - 224) = 41
at the begin      ⌊P/2⌋ = ⌊41/2⌋ = 20
at the end        P - begin = 41 - 20 = 21
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(224 + 41 - 43)/2⌋ + 1 = 112

The same: 20 cells before, 112 outputs
  same        tflite, xnnpack, timm, efficientnet-pytorch, transformers, jax,
              haiku, coreml, nnapi, mps, jax-js, mace
  same-upper  onnx, openvino, tensorrt, onednn, tract, rten, ncnn
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower
  faulty, the total is not clamped at 0:
    mnn same

Windows start 1 cell earlier: 21 cells before, 112 outputs
  symmetric   pytorch, timm
  even-ceil   pytorch
  same        monai, lasagne
  autopad     ultralytics
  half-odd    yolox
  same-lower  onnx, jax, coreml, mps, openvino, tensorrt, onednn, tract, jax-js,
              ncnn
  circular    flax
  pad-same    haiku
  same-pad    flux
  half        theano
  faulty, as many outputs as TensorFlow, but other pads in a third of all
  strided cases:
    aten same

Windows start 14 cells later: 6 cells before, 98 outputs
  faulty, leaves the dilation out of the padding:
    transformers.mobilenet-v1 same
  faulty, leaves the dilation out of the padding, so the output is too short:
    burn same
  faulty, leaves the dilation out of the padding, so the output is too short; a
  negative total panics:
    candle same
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    wonnx same-upper, tinygrad.onnx same-upper, tengine same-upper

Windows start 20 cells later: 0 cells before, 91 outputs
  valid  pytorch, onnx, onnxruntime, jax

Windows start 21 cells earlier: 41 cells before, 112 outputs
  causal  axlearn, audiolm-pytorch

Windows start 112 cells earlier: 132 cells before, 223 outputs
  default-pad  tfjs

Windows start 20 cells later: 0 cells before, 112 outputs
  corner  mmcv

Windows start 22 cells earlier: 42 cells before, 112 outputs
  causal  flax

Windows start 14 cells later: 6 cells before, 112 outputs, undilated
  faulty, silently runs without the dilation:
    paddle same

Windows start 13 cells later: 7 cells before, 98 outputs
  faulty, leaves the dilation out of the padding, so the output is too short;
  the total is not clamped at 0:
    tengine same-lower

Windows start 113 cells earlier: 133 cells before, 224 outputs
  keep  folklore

Refused by
  strides > 1 not supported in conjunction with dilation > 1:
    tensorflow same, tensorflow valid, keras same, keras valid, keras causal,
    tfjs same, tfjs valid, tfjs.3d same-3d
  not supported with dilation:
    keras-applications correct-pad, fastai half, fastai half-odd,
    onnxruntime same-upper, onnxruntime same-lower,
    onnxruntime-web (< 1.25) same-upper, onnxruntime-web (< 1.25) same-lower,
    darknet half
  not supported for strided convolutions:
    pytorch same, tinygrad same, numpy same
`)
  })

  it('says that a framework refuses', async () => {
    expect(await printed('explain pytorch k3 s2 same --input 6', 1)).toBe(`pytorch k3 s2 same, input 6
pytorch.same; read in pytorch torch/nn/modules/conv.py _ConvNd; Convolution.cpp
_convolution_same

Refused: not supported for strided convolutions.

Refused by
  not supported for strided convolutions:
    pytorch same, tinygrad same, numpy same

Otherwise: 0 cells before, 3 outputs
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
  faulty, SAME_LOWER is run as SAME_UPPER:
    rten same-lower

Otherwise: 1 cell before, 3 outputs
  symmetric   pytorch, timm
  even-ceil   pytorch
  same        monai, lasagne
  half        fastai, darknet, theano
  half-odd    fastai, yolox
  autopad     ultralytics
  same-lower  onnx, onnxruntime, onnxruntime-web (< 1.25), jax, coreml, mps,
              openvino, tensorrt, onednn, tract, jax-js, ncnn, tengine
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

Otherwise: 0 cells before, 2 outputs
  valid  tensorflow, keras, tfjs, pytorch, onnx, onnxruntime, jax

Otherwise: 2 cells before, 3 outputs
  causal  keras, flax

Otherwise: 3 cells before, 5 outputs
  default-pad  tfjs

Otherwise: 4 cells before, 6 outputs
  keep  folklore
`)
  })

  it.each([
    ['pytorch averagepool k3 s2 p1 ceil --input 6', 'Otherwise: 1 cell before, 4 outputs, padding not counted'],
    ['onnx averagepool k3 s2 p1 --input 5', 'Otherwise: 1 cell before, 3 outputs, padding counted as zeros'],
    ['efficientnet-pytorch maxpool k3 s2 same --input 5', 'Otherwise: 1 cell before, 3 outputs, padding ignored'],
    ['tf maxpool k3 s2 same --input 5', 'Otherwise: 1 cell before, 3 outputs, padding seen as zeros'],
    ['onnx k3 d2 p2 --input 6', 'Windows start 1 cell later: 1 cell before, 6 outputs, undilated'],
  ])('says what differs: %s', async (line, says) => {
    expect((await printed(`explain ${line}`, 0)).split('\n')).toContain(says)
  })

  it.each(['conv k3', 'maxpool k3 s3'])('does not say that a rule for other layers refuses: %s', async (layer) => {
    expect(await printed(`explain tf ${layer} same --input 9`, 0)).not.toMatch(/written for|another rule/)
  })
})
