import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, POOLS, transposed } from './row.ts'

const noDilation = 'leaves the dilation out of the padding, so the output is too short'
const notClamped = 'the total is not clamped at 0'
const noDilationNoClamp = `${noDilation}; ${notClamped}`
const ncnnCut = 'ncnn src/layer/deconvolution.cpp cut_padding'
const uncropped = 'nothing is cropped without an output size'
const ncnnPool = 'ncnn src/layer/pooling.cpp make_padding, pad_mode'
const mnnPool = 'MNN source/shape/ShapePool.cpp, source/backend/cpu/CPUPool.cpp'
const caffePool = 'caffe src/caffe/layers/pooling_layer.cpp Reshape'
const ggml = 'ggml src/ggml.c ggml_calc_conv_output_size'
const ggmlPool = 'ggml src/ggml-cpu/ops.cpp ggml_compute_forward_pool_2d'
const oneNumber = ['uneven padding', 'negative padding'] as const
const caffePads = [...oneNumber, 'padding of the kernel or more', 'dilation'] as const

// biome-ignore format: a table
export const mobile: readonly Convention[] = [
  forward('ncnn.same-upper', CONV, 'minimal', 'smaller half', 'ncnn convolution.cpp, pad -233'),
  forward('ncnn.same-lower', CONV, 'minimal', 'larger half', 'ncnn convolution.cpp, pad -234'),
  forward('ncnn.explicit', CONV, 'given', 'given', 'ncnn convolution.cpp make_padding', { rejects: ['negative padding'] }),
  forward('ncnn.pool.same-upper', POOLS, 'minimal', 'smaller half', `${ncnnPool} 2`, { rejects: ['dilation'], zeros: 'optional' }),
  forward('ncnn.pool.same-lower', POOLS, 'minimal', 'larger half', `${ncnnPool} 3`, { rejects: ['dilation'], zeros: 'optional' }),
  forward('ncnn.pool.explicit', POOLS, 'given', 'given', `${ncnnPool} 0; rounded down with 1`, {
    rejects: ['negative padding', 'dilation'], roundsUp: true, ceil: 'keep', zeros: 'optional', zerosEnd: 'tail',
  }),
  transposed('ncnn.transposed.explicit', 'cropped', 'given', ncnnCut, { rejects: ['negative padding given'] }),
  transposed('ncnn.transposed.same-upper', 'full or asked for', 'smaller half', `${ncnnCut}, pad -233`, { fault: { what: uncropped, wanted: 'onnx.transposed.same-upper' } }),
  transposed('ncnn.transposed.same-lower', 'full or asked for', 'larger half', `${ncnnCut}, pad -234`, { fault: { what: uncropped, wanted: 'onnx.transposed.same-lower' } }),
  forward('mnn.same', CONV, 'unclamped', 'half towards zero', 'MNN ConvolutionCommon::convolutionPad', { fault: { what: notClamped, wanted: 'tensorflow.same' } }),
  forward('mnn.valid', ALL, 'none', 'nothing', 'MNN ConvolutionCommon::convolutionPad, padMode VALID'),
  forward('mnn.explicit', CONV, 'given', 'given', 'MNN ConvolutionCommon::convolutionPad, padMode CAFFE'),
  forward('mnn.pool.same', POOLS, 'minimal', 'smaller half', mnnPool, { rejects: ['dilation'] }),
  forward('mnn.max-pool.explicit', MAX, 'given', 'given', `${mnnPool}, padType CAFFE`, { rejects: ['dilation'], roundsUp: true, ceil: 'keep' }),
  forward('mnn.avg-pool.explicit', AVERAGE, 'given', 'given', `${mnnPool}, padType CAFFE`, { rejects: ['dilation'], roundsUp: true, ceil: 'keep', zeros: 'unless declined' }),
  transposed('mnn.transposed.explicit', 'cropped', 'given', 'MNN ConvolutionCommon::convolutionTransposePad'),
  forward('mace.same', ALL, 'minimal', 'smaller half', 'MACE conv_pool_2d_util.cc'),
  transposed('mace.transposed.same', 'scaled', 'smaller half of the rest', 'MACE conv_pool_2d_util.cc', { rejects: ['dilation', 'an output that SAME does not lead back from'] }),
  forward('tengine.same-upper', CONV, 'unclamped, dilation ignored', 'half towards zero', 'Tengine convolution.c, pad -1', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-upper' } }),
  forward('tengine.same-lower', CONV, 'unclamped, dilation ignored', 'half and one towards zero', 'Tengine convolution.c, pad -2', { fault: { what: noDilationNoClamp, wanted: 'onnx.same-lower' } }),
  forward('caffe.explicit', CONV, 'given', 'given', 'caffe src/caffe/layers/conv_layer.cpp compute_output_shape', { rejects: oneNumber, weight: 2 }),
  forward('caffe.max-pool.explicit', MAX, 'given', 'given', caffePool, { rejects: caffePads, roundsUp: true, ceil: 'drop if padded', weight: 2 }),
  forward('caffe.avg-pool.explicit', AVERAGE, 'given', 'given', caffePool, { rejects: caffePads, roundsUp: true, ceil: 'drop if padded', zeros: 'always', weight: 2 }),
  transposed('caffe.transposed.explicit', 'cropped by numbers alone', 'given', 'caffe src/caffe/layers/deconv_layer.cpp compute_output_shape', { rejects: ['uneven padding given', 'negative padding given'] }),
  forward('ggml.half', CONV, 'half, dilation ignored', 'smaller half', 'ggml src/ggml.c ggml_conv_1d_ph'),
  forward('ggml.explicit', CONV, 'given', 'given', ggml, { rejects: oneNumber }),
  forward('ggml.max-pool.explicit', MAX, 'given', 'given', ggmlPool, { rejects: [...oneNumber, 'dilation'] }),
  forward('ggml.avg-pool.explicit', AVERAGE, 'given', 'given', ggmlPool, { rejects: [...oneNumber, 'dilation'], zeros: 'always' }),
  forward('ggml.1d.avg-pool.explicit', AVERAGE, 'given', 'given', 'ggml src/ggml-cpu/ops.cpp ggml_compute_forward_pool_1d_ksp', { rejects: [...oneNumber, 'dilation'] }),
  transposed('ggml.transposed.valid', 'full', 'none', 'ggml src/ggml.c ggml_conv_transpose_2d_p0'),
  forward('darknet.half', CONV, 'half', 'smaller half', 'darknet convolutional_layer.c, pad=1', { rejects: ['dilation'] }),
  forward('darknet.explicit', CONV, 'given', 'given', 'darknet convolutional_layer.c, padding', { rejects: [...oneNumber, 'dilation'] }),
  forward('darknet.max-pool.same', MAX, 'kernel', 'smaller half', 'darknet maxpool_layer.c', { rejects: ['dilation'] }),
  forward('darknet.avg-pool.same', AVERAGE, 'kernel', 'smaller half', 'darknet maxpool_layer.c, local_avgpool', { rejects: ['dilation'] }),
  forward('darknet.pool.explicit', POOLS, 'given', 'given', 'darknet maxpool_layer.c, padding is the total, its smaller half first', { rejects: ['dilation'] }),
]
