import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, POOLS, transposed } from './row.ts'

const shape = 'tensorflow core/framework/kernel_shape_util.cc GetWindowedOutputSizeVerbose'
const gradient = 'tensorflow core/framework/conv_grad_shape_utils.cc ConvBackpropExtractAndVerifyDimension'
const wrapper = 'stride with dilation'

// biome-ignore format: a table
export const tensorflow: readonly Convention[] = [
  forward('tensorflow.same', ALL, 'minimal', 'smaller half', shape, { rejects: [wrapper, 'dilation in pooling'], weight: 3 }),
  forward('tensorflow.valid', ALL, 'none', 'nothing', shape, { rejects: [wrapper], weight: 2 }),
  forward('tensorflow.explicit', CONV, 'given', 'given', shape, { rejects: [wrapper, 'negative padding'], weight: 1 }),
  transposed('tensorflow.transposed.same', 'scaled', 'smaller half of the rest', gradient,
    { rejects: ['an output that SAME does not lead back from'], weight: 3 }),
  transposed('tensorflow.transposed.valid', 'at least the stride', 'none', `${gradient}; tf.keras deconv_output_length`, { weight: 2 }),

  forward('keras.same', ALL, 'minimal', 'smaller half', 'keras ops/operation_utils.py compute_conv_output_shape; backend/torch/nn.py _compute_padding_length',
    { rejects: [wrapper], weight: 3 }),
  forward('keras.valid', ALL, 'none', 'nothing', 'keras ops/operation_utils.py compute_conv_output_shape', { rejects: [wrapper], weight: 2 }),
  forward('keras.causal', CONV, 'kernel', 'all', 'keras ops/operation_utils.py compute_conv_output_shape (Conv1D)', { rejects: [wrapper], weight: 2 }),
  transposed('keras.transposed.same', 'keras', 'smaller half of the rest', 'keras backend/common/backend_utils.py compute_conv_transpose_output_crops_for_torch',
    { rejects: ['output padding of the stride', wrapper], weight: 3 }),
  transposed('keras.transposed.valid', 'keras valid', 'none', 'keras backend/common/backend_utils.py', { rejects: [wrapper], weight: 2 }),
  transposed('keras-torch.transposed.same', 'keras on torch', 'keras on torch', 'keras backend/common/backend_utils.py before PR #22876', {
    versions: { below: '2026.05' }, rejects: ['output padding of the stride', wrapper],
    fault: { what: 'PyTorch crops at least as much at the begin as at the end: one cell of shift where the crop is odd', wanted: 'keras.transposed.same' },
  }),
  forward('keras-applications.correct-pad', CONV, 'correct_pad', 'given by parity', 'keras applications/imagenet_utils.py correct_pad', {
    rejects: ['stride other than 2', 'even kernel', 'dilation'],
  }),

  forward('tfjs.same', ALL, 'minimal', 'smaller half', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', { rejects: [wrapper, 'dilation in pooling'], weight: 2 }),
  forward('tfjs.valid', ALL, 'none', 'nothing', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', { rejects: [wrapper] }),
  forward('tfjs.explicit', ALL, 'given', 'given', 'tfjs-core/src/ops/conv_util.ts getPadAndOutInfo', {
    rejects: [wrapper], ceil: 'keep',
    fault: { what: 'ceil rounding keeps a last window that sees only padding', wanted: 'onnx.explicit' },
  }),
  forward('tfjs.3d.same-3d', ALL, 'unclamped', 'smaller half', 'tfjs-core/src/ops/conv_util.ts get3DPadAndOutInfo', {
    rejects: [wrapper, 'dilation in pooling'],
    fault: { what: 'the total is not clamped at 0, so a kernel smaller than the stride starts late', wanted: 'tfjs.same' },
  }),
  forward('tfjs.pool.same-dilated', POOLS, 'minimal', 'smaller half', 'tfjs-core/src/ops/pool.ts (space-to-batch)', {
    rejects: [wrapper, 'no dilation'], zeros: 'always',
    fault: { what: 'a dilated pooling pads with zeros, which maxima see and averages count', wanted: 'tfjs.same' },
  }),
  transposed('tfjs.transposed.same', 'scaled', 'smaller half of the rest', 'tfjs-core/src/ops/conv_util.ts (adjoint of getPadAndOutInfo)', { rejects: [wrapper], weight: 2 }),
  transposed('tfjs.transposed.valid', 'at least the stride', 'none', 'tfjs-layers deconvLength', { rejects: [wrapper] }),
  transposed('tfjs.transposed.same-3d', 'scaled', 'unclamped half', 'tfjs-core/src/ops/conv_util.ts get3DPadAndOutInfo', {
    rejects: [wrapper],
    fault: { what: 'the total is not clamped at 0, so samples of a kernel smaller than the stride land late', wanted: 'tfjs.transposed.same' },
  }),

  forward('tfjs.default-pad', CONV, 'keeping, rounded down', 'smaller half', 'tfjs-core/src/ops/conv_util.ts computeDefaultPad'),
  forward('tflite.same', ALL, 'minimal', 'smaller half', 'LiteRT tflite/converter/kernels/padding.h ComputePaddingWithOffset', { weight: 2 }),
  transposed('tflite.transposed.same', 'scaled', 'smaller half of the rest', 'XNNPACK arithmetic.cc ComputeTransposeConvPadding', { weight: 2 }),
  transposed('tflite-gpu.transposed.same', 'scaled', 'from the input', 'LiteRT delegates/gpu model_builder.cc (read, not run)', {
    fault: { what: 'SAME is worked out from the small side instead of the large one', wanted: 'tflite.transposed.same' },
  }),
  forward('xnnpack.same', ALL, 'minimal', 'smaller half', 'XNNPACK src/operators/convolution-nhwc.c XNN_FLAG_TENSORFLOW_SAME_PADDING'),
  forward('flax.avg-pool.same', AVERAGE, 'minimal', 'smaller half', 'flax linen/pooling.py avg_pool(count_include_pad=True)', { zeros: 'unless declined' }),
]
