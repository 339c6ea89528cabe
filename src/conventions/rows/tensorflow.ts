import type { Convention } from '../convention.ts'
import { ALL, CONV, forward, POOLS, transposed } from './row.ts'

const shape = 'tensorflow core/framework/kernel_shape_util.cc GetWindowedOutputSizeVerbose'
const gradient = 'tensorflow core/framework/conv_grad_shape_utils.cc ConvBackpropExtractAndVerifyDimension'
const nnConvolution = 'tensorflow python/ops/nn_ops.py convolution_internal, _get_strides_and_dilation_rate'
const [inConvolution, inPool] = [
  'stride with dilation in tf.nn.convolution',
  'stride with dilation in tf.nn.pool',
] as const
const [layers, wrapper] = ['stride with dilation in keras.layers', 'stride with dilation in tfjs'] as const
const kerasShape = 'keras ops/operation_utils.py compute_conv_output_shape'
const kerasLayers = 'keras layers/convolutional/base_conv.py, seen to 3.16.0; keras.ops.conv takes both since PR #23181'
const empty = 'an empty output'

// biome-ignore format: a table
export const tensorflow: readonly Convention[] = [
  forward('tensorflow.same', ALL, 'minimal', 'smaller half', shape, { rejects: [inPool, 'dilation in tf.nn.pool'], weight: 3 }),
  forward('tensorflow.valid', ALL, 'none', 'nothing', shape, { rejects: [inPool], empty, weight: 2 }),
  forward('tensorflow.explicit', CONV, 'given', 'given', shape, { rejects: ['negative padding'], empty, weight: 1 }),
  forward('tensorflow.convolution.same', CONV, 'minimal', 'smaller half', nnConvolution, { rejects: [inConvolution] }),
  forward('tensorflow.convolution.valid', CONV, 'none', 'nothing', nnConvolution, { rejects: [inConvolution], empty }),
  transposed('tensorflow.transposed.same', 'scaled', 'smaller half of the rest', gradient,
    { rejects: ['an output that SAME does not lead back from'], weight: 3 }),
  transposed('tensorflow.transposed.explicit', 'cropped or asked for', 'given', gradient, { rejects: ['negative padding given'] }),
  transposed('tensorflow.transposed.valid', 'at least the stride, or asked for', 'none', `${gradient}; tf.keras deconv_output_length`,
    { rejects: ['an output that VALID does not lead back from'], weight: 2 }),

  forward('keras.same', ALL, 'minimal', 'smaller half', `${kerasShape}; backend/torch/nn.py _compute_padding_length`, { weight: 3 }),
  forward('keras.valid', ALL, 'none', 'nothing', kerasShape, { weight: 2 }),
  forward('keras.causal', CONV, 'kernel', 'all', `${kerasShape} (Conv1D)`, { weight: 2 }),
  forward('keras.layers.same', CONV, 'minimal', 'smaller half', kerasLayers, { versions: { below: '3.17' }, rejects: [layers] }),
  forward('keras.layers.valid', CONV, 'none', 'nothing', kerasLayers, { versions: { below: '3.17' }, rejects: [layers] }),
  forward('keras.layers.causal', CONV, 'kernel', 'all', kerasLayers, { versions: { below: '3.17' }, rejects: [layers] }),
  transposed('keras.transposed.same', 'keras', 'smaller half of the rest', 'keras backend/common/backend_utils.py compute_conv_transpose_output_crops_for_torch',
    { rejects: ['output padding of the stride', layers], weight: 3 }),
  transposed('keras.transposed.valid', 'keras valid', 'none', 'keras backend/common/backend_utils.py', { rejects: [layers], weight: 2 }),
  transposed('keras-torch.transposed.same', 'keras on torch', 'keras on torch', 'keras backend/common/backend_utils.py before PR #22876', {
    versions: { below: '2026.05' }, rejects: ['output padding of the stride', layers],
    fault: { what: 'PyTorch crops at least as much at the start as at the end: one cell of shift where the crop is odd', wanted: 'keras.transposed.same' },
  }),
  forward('keras-applications.correct-pad', CONV, 'correct_pad', 'given by parity', 'keras applications/imagenet_utils.py correct_pad', {
    rejects: ['stride other than 2', 'even kernel', 'dilation'],
  }),

  forward('tfjs.same', ALL, 'minimal', 'smaller half', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', { rejects: [wrapper, 'dilated pooling'], weight: 2 }),
  forward('tfjs.valid', ALL, 'none', 'nothing', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', { rejects: [wrapper], empty }),
  forward('tfjs.explicit', CONV, 'given', 'given', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', { rejects: [wrapper], empty }),
  forward('tfjs.pool.explicit', POOLS, 'given', 'given', 'tfjs-core/src/ops/conv_util.ts; kernels MaxPool.ts, AvgPool.ts', {
    rejects: [wrapper], empty, ceil: 'keep', passesThrough: true,
    fault: { what: 'ceil rounding keeps a last window that sees only padding; a kernel of 1 with as many outputs as inputs gives the input, whatever the stride and the padding', wanted: 'onnx.explicit' },
  }),
  forward('tfjs.3d.same-3d', ALL, 'unclamped', 'smaller half', 'tfjs-core/src/ops/conv_util.ts get3DPadAndOutInfo', {
    rejects: [wrapper, 'dilated pooling'],
    fault: { what: 'the total is not clamped at 0, so a kernel smaller than the stride starts late', wanted: 'tfjs.same' },
  }),
  forward('tfjs.pool.same-dilated', POOLS, 'minimal', 'smaller half', 'tfjs-core/src/ops/pool.ts (space-to-batch)', {
    rejects: [wrapper, 'no dilation'], zeros: 'always',
    fault: { what: 'a dilated pooling pads with zeros, which maxima see and averages count', wanted: 'tfjs.same' },
  }),
  transposed('tfjs.transposed.same', 'scaled', 'smaller half of the rest', 'tfjs-core/src/ops/conv_util.ts (adjoint of getPadAndOutInfo)', { rejects: [wrapper], weight: 2 }),
  transposed('tfjs.transposed.valid', 'at least the stride, or asked for', 'none', 'tfjs-layers deconvLength; conv2dTranspose(outputShape)', { rejects: [wrapper] }),
  transposed('tfjs.transposed.same-3d', 'scaled', 'unclamped half', 'tfjs-core/src/ops/conv_util.ts get3DPadAndOutInfo', {
    rejects: [wrapper],
    fault: { what: 'the total is not clamped at 0, so samples of a kernel smaller than the stride land late', wanted: 'tfjs.transposed.same' },
  }),

  forward('tfjs.default-pad', CONV, 'keeping, rounded down', 'smaller half', 'tfjs-core/src/ops/conv_util.ts computeDefaultPad'),
  forward('tflite.same', ALL, 'minimal', 'smaller half', 'LiteRT tflite/converter/kernels/padding.h ComputePaddingWithOffset', { weight: 2 }),
  transposed('tflite.transposed.same', 'scaled', 'smaller half of the rest', 'XNNPACK arithmetic.cc ComputeTransposeConvPadding', { rejects: ['an output that SAME does not lead back from'], weight: 2 }),
  transposed('tflite-gpu.transposed.same', 'scaled', 'from the input', 'LiteRT delegates/gpu model_builder.cc (read, not run)', {
    fault: { what: 'SAME is worked out from the small side instead of the large one', wanted: 'tflite.transposed.same' },
  }),
  forward('tflite.valid', ALL, 'none', 'nothing', 'LiteRT tflite/converter/schema/schema.fbs Padding', { weight: 2 }),
  forward('tflite.explicit', CONV, 'given', 'given', 'LiteRT schema.fbs: Padding is SAME or VALID, so numbers are a PAD in front', { rejects: ['negative padding'] }),
  forward('tflite.strides.same-unequal', CONV, 'minimal', 'before the input', 'LiteRT issue #9256: strides (3, 4) or (4, 3)', {
    fault: { what: 'two axes of some unequal strides give nothing but zeros (seen in 2.1.5)', wanted: 'tflite.same' },
  }),
  transposed('tflite.transposed.valid', 'at least the stride, or asked for', 'none', 'LiteRT tflite/kernels/transpose_conv.cc', { rejects: ['an output that VALID does not lead back from'] }),
  forward('xnnpack.explicit', ALL, 'given', 'given', 'XNNPACK include/xnnpack.h, input_padding_top to input_padding_left', { rejects: ['negative padding'] }),
  transposed('xnnpack.transposed.explicit', 'cropped', 'given', 'XNNPACK include/xnnpack.h, output_padding and adjustment', { rejects: ['output padding of the stride', 'negative padding given'] }),
  forward('xnnpack.same', ALL, 'minimal', 'smaller half', 'XNNPACK src/operators/convolution-nhwc.c XNN_FLAG_TENSORFLOW_SAME_PADDING'),
]
