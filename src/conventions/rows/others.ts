import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, POOLS, transposed } from './row.ts'

const paddle = 'Paddle phi/kernels/cpu/conv_util.h UpdatePaddingAndDilation'
const mxnetPool = 'MXNet operator Pooling, pooling_convention valid; full with ceil'
const mxnetPads = ['uneven padding', 'negative padding', 'padding of the kernel or more', 'dilation'] as const
const oneDnn = 'oneDNN graph infer_auto_pad'
const openvino = 'openvino convolution_shape_inference_util.hpp apply_auto_pad'
const openvinoFault =
  'nothing is cropped without an output_shape; with one, the larger crop comes first under SAME_UPPER'
const notClamped = 'the total is not clamped at 0'
const noDilation = 'leaves the dilation out of the padding, so the output is too short'
const noDilationNoClamp = `${noDilation}; ${notClamped}`

// biome-ignore format: a table
export const others: readonly Convention[] = [
  forward('audiolm-pytorch.causal', CONV, 'kernel less stride', 'all', 'audiolm-pytorch issue 166', { rejects: ['kernel below stride'] }),
  forward('webnn.explicit', ALL, 'given', 'given', 'webnn index.bs, MLConv2dOptions, MLPool2dOptions', { rejects: ['negative padding'], ceil: 'keep', weight: 2 }),

  transposed('webnn.transposed.explicit', 'cropped or asked for', 'given', 'webnn index.bs, MLConvTranspose2dOptions', {
    rejects: ['output padding of the stride', 'negative padding given', 'an output that no output padding gives'], weight: 2,
  }),
  forward('nnef.same', ALL, 'minimal', 'smaller half', 'NNEF 1.0 specification, padding = []'),
  forward('nnef.explicit', ALL, 'given', 'given', 'NNEF 1.0 specification, padding; border ignore', { zeros: 'optional' }),
  forward('nnapi.valid', ALL, 'none', 'nothing', 'NNAPI PADDING_VALID'),
  forward('nnapi.explicit', ALL, 'given', 'given', 'NNAPI ANEURALNETWORKS_CONV_2D, AVERAGE_POOL_2D', { rejects: ['negative padding'] }),
  forward('nnapi.same', ALL, 'minimal', 'smaller half', 'NNAPI PADDING_SAME'),
  forward('openvino.same-upper', ALL, 'minimal', 'smaller half', openvino, { zeros: 'optional' }),
  forward('openvino.same-lower', ALL, 'minimal', 'larger half', openvino, { zeros: 'optional' }),
  forward('openvino.valid', ALL, 'none', 'nothing', openvino),
  forward('openvino.explicit', CONV, 'given', 'given', openvino),
  forward('openvino.pool.explicit', POOLS, 'given', 'given', 'openvino AvgPool-1, MaxPool-8: rounding_type ceil', { ceil: 'keep', zeros: 'optional' }),
  forward('openvino.ceil-torch.pool.explicit', POOLS, 'given', 'given', 'openvino AvgPool-14, MaxPool-14: rounding_type ceil_torch', { zeros: 'optional' }),
  transposed('openvino.transposed.explicit', 'cropped', 'given', openvino),
  transposed('openvino.transposed.same-upper', 'full or asked for', 'larger half', openvino, { fault: { what: openvinoFault, wanted: 'onnx.transposed.same-upper' } }),
  transposed('openvino.transposed.same-lower', 'full or asked for', 'smaller half', openvino, { fault: { what: openvinoFault, wanted: 'onnx.transposed.same-lower' } }),
  forward('tensorrt.same-upper', CONV, 'unclamped', 'half towards zero', 'TensorRT NvInfer.h PaddingMode kSAME_UPPER', { fault: { what: notClamped, wanted: 'onnx.same-upper' } }),
  forward('tensorrt.same-lower', CONV, 'unclamped', 'half and one towards zero', 'TensorRT NvInfer.h PaddingMode kSAME_LOWER', { fault: { what: notClamped, wanted: 'onnx.same-lower' } }),
  transposed('tensorrt.transposed.same-upper', 'no more than full', 'smaller half of the rest', 'TensorRT NvInfer.h PaddingMode kSAME_UPPER', {
    fault: { what: 'the output is shorter than input * stride where the kernel is smaller than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('tensorrt.transposed.same-lower', 'no more than full', 'larger half of the rest', 'TensorRT NvInfer.h PaddingMode kSAME_LOWER', {
    fault: { what: 'the output is shorter than input * stride where the kernel is smaller than the stride', wanted: 'onnx.transposed.same-lower' },
  }),
  forward('tensorrt.explicit', ALL, 'given', 'given', 'TensorRT NvInfer.h PaddingMode kEXPLICIT_ROUND_DOWN, kEXPLICIT_ROUND_UP', { rejects: ['negative padding'], zeros: 'optional' }),
  transposed('tensorrt.transposed.explicit', 'cropped by numbers alone', 'given', 'TensorRT NvInfer.h setPrePadding, setPostPadding', { rejects: ['negative padding given'] }),
  forward('onednn.valid', ALL, 'none', 'nothing', oneDnn),
  forward('onednn.explicit', ALL, 'given', 'given', oneDnn, { zeros: 'optional' }),
  forward('onednn.same-upper', ALL, 'minimal', 'smaller half', oneDnn, { zeros: 'optional' }),
  forward('onednn.same-lower', ALL, 'minimal', 'larger half', oneDnn, { zeros: 'optional' }),
  forward('paddle.valid', ALL, 'none', 'nothing', paddle),
  forward('paddle.explicit', CONV, 'given', 'given', paddle),
  forward('paddle.pool.same', POOLS, 'minimal', 'smaller half', 'Paddle phi/kernels/funcs/pooling.h UpdatePadding', { rejects: ['dilation'], zeros: 'optional' }),
  forward('paddle.pool.explicit', POOLS, 'given', 'given', 'Paddle phi/kernels/funcs/pooling.h, PoolOutputSize; exclusive', { rejects: ['dilation'], ceil: 'keep', zeros: 'optional' }),
  transposed('paddle.transposed.explicit', 'cropped', 'given', 'Paddle phi ConvTransposeInferMeta', { rejects: ['output padding of stride and dilation'] }),
  forward('paddle.same', CONV, 'minimal, dilation ignored', 'smaller half', paddle, {
    dilationDropped: true, fault: { what: 'silently runs without the dilation', wanted: 'tensorflow.same' },
  }),
  forward('tinygrad.same', CONV, 'kernel', 'smaller half', 'tinygrad nn/__init__.py Conv2d', { rejects: ['stride'] }),
  forward('tinygrad.onnx.same-upper', CONV, 'unclamped, dilation ignored', 'smaller half', 'tinygrad onnx.py _resolve_pool_pads', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-upper' } }),
  forward('mxnet.explicit', CONV, 'given', 'given', 'MXNet operator Convolution', { rejects: ['uneven padding', 'negative padding'] }),
  forward('mxnet.max-pool.explicit', MAX, 'given', 'given', mxnetPool, { rejects: mxnetPads, ceil: 'keep' }),
  forward('mxnet.avg-pool.explicit', AVERAGE, 'given', 'given', mxnetPool, { rejects: mxnetPads, ceil: 'keep', zeros: 'unless declined' }),
  transposed('mxnet.transposed.explicit', 'cropped', 'given', 'MXNet operator Deconvolution', { rejects: ['uneven padding given', 'negative padding given', 'output padding of the stride'] }),
  transposed('mxnet.transposed.target-shape', 'scaled', 'larger half of the rest', 'MXNet operator Deconvolution, parameter target_shape'),

  forward('flux.same-pad', ALL, 'kernel', 'larger half', 'Flux.jl SamePad'),
  forward('theano.half', CONV, 'half', 'smaller half', "Theano border_mode='half'"),
  forward('lasagne.same', CONV, 'kernel', 'larger half', "Lasagne pad='same'"),
  forward('numpy.same', CONV, 'kernel', 'larger half', "numpy convolve(mode='same')", { rejects: ['stride', 'dilation'], weight: 2 }),
  forward('folklore.keep', CONV, 'keeping', 'larger half', 'p = ⌈((n - 1) s + K - n)/2⌉, from lecture notes and answers', { weight: 1 }),
]
