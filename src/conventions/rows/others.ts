import type { Convention } from '../convention.ts'
import { ALL, CONV, forward, MAX, POOLS, transposed } from './row.ts'

const jaxPads = 'jax _src/lax/lax.py padtype_to_pads'
const oneDnn = 'oneDNN graph infer_auto_pad'
const openvino = 'openvino convolution_shape_inference_util.hpp apply_auto_pad'
const openvinoFault =
  'nothing is cropped without an output_shape; with one, the larger crop comes first under SAME_UPPER'
const notClamped = 'the total is not clamped at 0'
const noDilation = 'leaves the dilation out of the padding, so the output is too short'
const noDilationNoClamp = `${noDilation}; ${notClamped}`

// biome-ignore format: a table
export const others: readonly Convention[] = [
  forward('jax.same', ALL, 'minimal', 'smaller half', jaxPads, { weight: 3 }),
  forward('jax.same-lower', ALL, 'minimal', 'larger half', jaxPads, { weight: 2 }),
  forward('jax.valid', ALL, 'none', 'nothing', jaxPads, { weight: 2 }),
  forward('jax.explicit', ALL, 'given', 'given', jaxPads, { weight: 2 }),
  transposed('jax.transposed.same', 'scaled only', 'smaller half of the rest', 'jax _src/lax/convolution.py _conv_transpose_padding', { weight: 3 }),
  transposed('jax.transposed.valid', 'at least the stride', 'none', 'jax _src/lax/convolution.py _conv_transpose_padding', { weight: 2 }),
  forward('flax.circular', CONV, 'kernel', 'smaller half', 'flax linen/linear.py Conv, CIRCULAR and REFLECT'),
  forward('flax.causal', CONV, 'kernel', 'all', 'flax linen/linear.py Conv, CAUSAL', { weight: 2 }),
  forward('haiku.same', ALL, 'minimal', 'smaller half', 'haiku _src/conv.py, padding="SAME"'),
  forward('haiku.pad-same', CONV, 'kernel', 'smaller half', 'haiku _src/pad.py same'),
  forward('axlearn.causal', CONV, 'kernel', 'all but the stride', 'axlearn PRs 801, 841: (K - s, s - 1)'),
  forward('audiolm-pytorch.causal', CONV, 'kernel less stride', 'all', 'audiolm-pytorch issue 166', { rejects: ['kernel below stride'] }),
  forward('webnn.explicit', ALL, 'given', 'given', 'webnn index.bs, MLConv2dOptions, MLPool2dOptions', { rejects: ['negative padding'], ceil: 'keep', weight: 2 }),

  forward('coreml.same', ALL, 'minimal', 'smaller half', 'coremltools NeuralNetwork.proto SamePadding BOTTOM_RIGHT_HEAVY'),
  forward('coreml.same-lower', ALL, 'minimal', 'larger half', 'coremltools NeuralNetwork.proto SamePadding TOP_LEFT_HEAVY'),
  forward('nnapi.same', ALL, 'minimal', 'smaller half', 'NNAPI PADDING_SAME'),
  forward('mps.same', ALL, 'minimal', 'smaller half', 'MPSGraphPaddingStyle TF_SAME'),
  forward('mps.same-lower', ALL, 'minimal', 'larger half', 'MPSGraphPaddingStyle ONNX_SAME_LOWER'),
  forward('openvino.same-upper', ALL, 'minimal', 'smaller half', openvino),
  forward('openvino.same-lower', ALL, 'minimal', 'larger half', openvino),
  transposed('openvino.transposed.same-upper', 'full or asked for', 'larger half', openvino, { fault: { what: openvinoFault, wanted: 'onnx.transposed.same-upper' } }),
  transposed('openvino.transposed.same-lower', 'full or asked for', 'smaller half', openvino, { fault: { what: openvinoFault, wanted: 'onnx.transposed.same-lower' } }),
  forward('tensorrt.same-upper', CONV, 'unclamped', 'half towards zero', 'TensorRT NvInfer.h PaddingMode kSAME_UPPER', { fault: { what: notClamped, wanted: 'onnx.same-upper' } }),
  forward('tensorrt.same-lower', CONV, 'unclamped', 'half and one towards zero', 'TensorRT NvInfer.h PaddingMode kSAME_LOWER', { fault: { what: notClamped, wanted: 'onnx.same-lower' } }),
  transposed('tensorrt.transposed.same-upper', 'no more than full', 'smaller half', 'TensorRT NvInfer.h PaddingMode kSAME_UPPER', {
    fault: { what: 'the output is shorter than input * stride where the kernel is smaller than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('tensorrt.transposed.same-lower', 'no more than full', 'larger half', 'TensorRT NvInfer.h PaddingMode kSAME_LOWER', {
    fault: { what: 'the output is shorter than input * stride where the kernel is smaller than the stride', wanted: 'onnx.transposed.same-lower' },
  }),
  forward('onednn.same-upper', ALL, 'minimal', 'smaller half', oneDnn),
  forward('onednn.same-lower', ALL, 'minimal', 'larger half', oneDnn),
  forward('paddle.same', CONV, 'minimal, dilation ignored', 'smaller half', 'Paddle phi/kernels/cpu/conv_util.h UpdatePaddingAndDilation', {
    dilationDropped: true, fault: { what: 'silently runs without the dilation', wanted: 'tensorflow.same' },
  }),
  forward('burn.same', CONV, 'minimal, dilation ignored', 'smaller half', 'burn calculate_same_padding', { fault: { what: noDilation, wanted: 'tensorflow.same' } }),
  forward('burn.pool.explicit', POOLS, 'given', 'given', 'burn issue 5791', {
    ceil: 'keep', zeros: 'optional', fault: { what: 'ceil mode keeps a last window that sees only padding', wanted: 'onnx.explicit' },
  }),
  forward('candle.same', CONV, 'unclamped, dilation ignored', 'smaller half', 'candle Conv2DSame', {
    rejects: ['negative padding'], fault: { what: `${noDilation}; a negative total panics`, wanted: 'tensorflow.same' },
  }),
  forward('tract.same-upper', ALL, 'minimal', 'smaller half', 'tract core/src/ops/cnn/padding.rs'),
  forward('tract.same-lower', ALL, 'minimal', 'larger half', 'tract core/src/ops/cnn/padding.rs'),
  transposed('tract.transposed.same-upper', 'scaled', 'smaller half', 'tract core/src/ops/cnn/padding.rs same_for_deconv', {
    rejects: ['kernel below stride plus one'], fault: { what: 'refuses kernels no larger than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  forward('rten.same-upper', ALL, 'minimal', 'smaller half', 'rten onnx_registry.rs get_padding'),
  forward('rten.same-lower', ALL, 'minimal', 'smaller half', 'rten onnx_registry.rs get_padding', { fault: { what: 'SAME_LOWER is run as SAME_UPPER', wanted: 'onnx.same-lower' } }),
  transposed('rten.transposed.same-upper', 'scaled', 'smaller half', 'rten onnx_registry.rs, ConvTranspose', {
    rejects: ['kernel below stride'], fault: { what: 'refuses a kernel smaller than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  forward('wonnx.same-upper', CONV, 'unclamped, dilation ignored', 'half towards zero', 'wonnx compiler.rs', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-upper' } }),
  forward('tinygrad.same', CONV, 'kernel', 'smaller half', 'tinygrad nn/__init__.py Conv2d', { rejects: ['stride'] }),
  forward('tinygrad.onnx.same-upper', CONV, 'unclamped, dilation ignored', 'smaller half', 'tinygrad onnx.py _resolve_pool_pads', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-upper' } }),
  forward('jax-js.same', CONV, 'minimal', 'smaller half', 'jax-js lax.ts padtypeToPads'),
  forward('jax-js.same-lower', CONV, 'minimal', 'larger half', 'jax-js lax.ts padtypeToPads'),
  forward('ncnn.same-upper', ALL, 'minimal', 'smaller half', 'ncnn convolution.cpp, pad -233'),
  forward('ncnn.same-lower', ALL, 'minimal', 'larger half', 'ncnn convolution.cpp, pad -234'),
  forward('mnn.same', CONV, 'unclamped', 'half towards zero', 'MNN ConvolutionCommon::convolutionPad', { fault: { what: notClamped, wanted: 'tensorflow.same' } }),
  forward('mace.same', ALL, 'minimal', 'smaller half', 'MACE conv_pool_2d_util.cc'),
  transposed('mace.transposed.same', 'scaled', 'smaller half of the rest', 'MACE conv_pool_2d_util.cc', { rejects: ['dilation', 'an output that SAME does not lead back from'] }),
  forward('tengine.same-upper', CONV, 'unclamped, dilation ignored', 'half towards zero', 'Tengine convolution.c, pad -1', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-upper' } }),
  forward('tengine.same-lower', CONV, 'unclamped, dilation ignored', 'half and one towards zero', 'Tengine convolution.c, pad -2', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-lower' } }),
  transposed('mxnet.transposed.target-shape', 'scaled', 'larger half of the rest', 'MXNet operator Deconvolution, parameter target_shape'),

  forward('darknet.half', CONV, 'half', 'smaller half', 'darknet convolutional_layer.c, pad=1', { rejects: ['dilation'] }),
  forward('darknet.max-pool.same', MAX, 'kernel', 'smaller half', 'darknet maxpool_layer.c', { rejects: ['dilation'] }),
  forward('flux.same-pad', ALL, 'kernel', 'larger half', 'Flux.jl SamePad'),
  forward('theano.half', CONV, 'half', 'smaller half', "Theano border_mode='half'"),
  forward('lasagne.same', CONV, 'kernel', 'larger half', "Lasagne pad='same'"),
  forward('numpy.same', CONV, 'kernel', 'larger half', "numpy convolve(mode='same')", { rejects: ['stride', 'dilation'], weight: 2 }),
  forward('folklore.keep', CONV, 'keeping', 'larger half', 'p = ⌈((n - 1) s + K - n)/2⌉, from lecture notes and answers', { weight: 1 }),
]
