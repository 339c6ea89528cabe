import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, transposed } from './row.ts'

const pool = 'pytorch aten/src/ATen/native/Pool.h pooling_output_shape_pad_lr'

// biome-ignore format: a table
export const pytorch: readonly Convention[] = [
  forward('pytorch.same', CONV, 'kernel', 'smaller half', 'pytorch torch/nn/modules/conv.py _ConvNd; Convolution.cpp _convolution_same',
    { rejects: ["stride with padding='same'", 'fill wider than the input'], weight: 3 }),
  forward('pytorch.valid', ALL, 'none', 'nothing', 'pytorch torch/nn/modules/conv.py', { weight: 2 }),
  forward('pytorch.explicit', CONV, 'given', 'given', 'pytorch torch/nn/functional.py conv1d', { rejects: ['uneven padding in PyTorch', 'negative padding', 'fill wider than the input'], weight: 2 }),
  forward('pytorch.max-pool.explicit', MAX, 'given', 'given', pool,
    { rejects: ['uneven padding', 'negative padding', 'padding above half the kernel'], empty: 'an empty output', weight: 2 }),
  forward('pytorch.avg-pool.explicit', AVERAGE, 'given', 'given', pool,
    { rejects: ['uneven padding', 'negative padding', 'padding above half the kernel', 'dilation'], zeros: 'unless declined', weight: 2 }),
  forward('pytorch.symmetric', CONV, 'half of the rest', 'smaller half', 'the usual port: Conv2d(padding=dilation * (kernel - 1) // 2)', { weight: 3 }),
  transposed('pytorch.transposed.explicit', 'cropped', 'given', 'pytorch aten/src/ATen/native/Convolution.cpp conv_output_size',
    { rejects: ['output padding of stride and dilation', 'negative padding given', 'uneven padding given'], weight: 2 }),
  forward('aten.same', CONV, 'aten', 'smaller half', 'pytorch aten/src/ATen/native/Pool.h _pooling_same_mode_padding_lr',
    { fault: { what: 'as many outputs as TensorFlow, but other pads in a third of all strided cases', wanted: 'tensorflow.same' } }),
  forward('pytorch.even-ceil', CONV, 'minimal, made even', 'smaller half', 'pytorch issue #3867, a proposal'),

  forward('timm.same', CONV, 'minimal', 'smaller half', 'timm layers/padding.py get_same_padding', { weight: 2 }),
  forward('timm.symmetric', CONV, 'timm', 'smaller half', 'timm layers/padding.py get_padding', { weight: 2 }),
  forward('timm.avg-pool.same', AVERAGE, 'minimal', 'smaller half', 'timm layers/pool2d_same.py AvgPool2dSame', {
    zeros: 'always', fault: { what: 'pads with zeros and counts them', wanted: 'tensorflow.same' },
  }),
  forward('timm.max-pool.same', MAX, 'minimal, dilation ignored', 'smaller half', 'timm layers/pool2d_same.py MaxPool2dSame', {
    fault: { what: 'leaves the dilation out of the padding', wanted: 'tensorflow.same' },
  }),
  forward('efficientnet-pytorch.same', CONV, 'minimal', 'smaller half', 'EfficientNet-PyTorch utils.py Conv2dDynamicSamePadding', { weight: 2 }),
  forward('efficientnet-pytorch.max-pool.same', MAX, 'minimal', 'smaller half', 'EfficientNet-PyTorch utils.py MaxPool2dDynamicSamePadding', {
    zeros: 'always', fault: { what: 'pads with zeros, which win over negative values', wanted: 'tensorflow.same' },
  }),
  forward('transformers.same', CONV, 'minimal', 'smaller half', 'transformers mobilenet_v2 apply_tf_padding'),
  forward('transformers.mobilenet-v1.same', CONV, 'minimal, dilation ignored', 'smaller half', 'transformers mobilenet_v1 apply_tf_padding', {
    fault: { what: 'leaves the dilation out of the padding', wanted: 'transformers.same' },
  }),
  forward('transformers.max-pool.same', MAX, 'minimal', 'smaller half', 'transformers bit BitMaxPool2d', {
    zeros: 'always', fault: { what: 'pads with zeros, which win over negative values', wanted: 'tensorflow.same' },
  }),
  forward('diffusers.downsample', CONV, 'one', 'nothing', 'latent-diffusion Downsample: F.pad(x, (0, 1, 0, 1)), stride 2',
    { rejects: ['stride other than 2', 'kernel other than 3'], weight: 2 }),
  forward('mmcv.corner', CONV, 'minimal', 'nothing', "mmcv AdaptivePadding, mode 'corner'"),
  forward('monai.same', CONV, 'kernel', 'smaller half', 'monai networks/layers/convutils.py same_padding', { rejects: ['odd padding'] }),
  forward('fastai.half', CONV, 'half', 'smaller half', 'fastai v1 conv2d (ks // 2)', { rejects: ['dilation'] }),
  forward('fastai.half-odd', CONV, 'half of the rest', 'smaller half', 'fastai v1 conv_layer ((ks - 1) // 2)', { rejects: ['dilation'] }),
  forward('ultralytics.autopad', CONV, 'half', 'smaller half', 'ultralytics nn/modules/conv.py autopad', { weight: 2 }),
  forward('yolox.half-odd', CONV, 'half of the rest', 'smaller half', 'YOLOX yolox/models/network_blocks.py BaseConv'),
]
