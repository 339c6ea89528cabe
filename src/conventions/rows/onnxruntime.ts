import type { Convention } from '../convention.ts'
import { swapped } from './onnx.ts'
import { AVERAGE, CONV, forward, POOLS, transposed } from './row.ts'

const ortConv = 'onnxruntime core/providers/common.h ComputePad'
const ortPool = 'onnxruntime core/providers/cpu/nn/pool_attributes.h ComputeSizePadDilations'
const ortTransposed = 'onnxruntime core/providers/cpu/nn/conv_transpose_attributes.h ComputeTotalPad, DistributePadding'
const ortWeb = 'onnxruntime js/web, JSEP and WebGL conv-util, before PR #29627'
const inconsistent = [
  'output padding of the stride',
  'output padding of stride and dilation',
  'an output that the pads do not lead back from',
] as const
const notClamped = 'the total is not clamped at 0, so a kernel far smaller than the stride starts late'
const short = 'the output is shorter than input * stride where the kernel is smaller than the stride'
const onlyBegin = 'onnxruntime core/providers/cpu/nn/pool_functors.h, issue #24681, before PR #27375'
const uncounted =
  'from opset 19, along the height of a picture that is not padded in width, averages count the padding at the start alone'
const undilated = 'the total leaves the dilation out and is not clamped, so a dilated output is too short'

// biome-ignore format: a table
export const onnxruntime: readonly Convention[] = [
  forward('onnxruntime.same-upper', CONV, 'onnxruntime conv', 'half towards zero', ortConv, {
    rejects: ['dilation'], count: 'truncated', weight: 2, fault: { what: notClamped, wanted: 'onnx.same-upper' },
  }),
  forward('onnxruntime.same-lower', CONV, 'onnxruntime conv', 'half and one towards zero', ortConv, {
    rejects: ['dilation'], count: 'truncated', weight: 2, fault: { what: notClamped, wanted: 'onnx.same-lower' },
  }),
  forward('onnxruntime.explicit', CONV, 'given', 'given', ortConv, { rejects: ['negative padding'], weight: 2 }),
  forward('onnxruntime.valid', CONV, 'none', 'nothing', ortConv, { weight: 2 }),
  forward('onnxruntime.pool.valid', POOLS, 'none', 'nothing', ortPool, {
    count: 'truncated', empty: 'an empty output', ceil: 'drop', weight: 2, fault: { what: 'ceil_mode beside VALID rounds up, which the specification does not', wanted: 'onnx.valid' },
  }),
  forward('onnxruntime.pool.same-upper', POOLS, 'unclamped, dilation ignored', 'half towards zero', ortPool, {
    rejects: ['negative padding in pooling'], count: 'truncated', empty: 'an empty output', zeros: 'optional', hides: true, weight: 2, fault: { what: undilated, wanted: 'onnx.same-upper' },
  }),
  forward('onnxruntime.pool.same-lower', POOLS, 'unclamped, dilation ignored', 'half and one towards zero', ortPool, {
    rejects: ['negative padding in pooling'], count: 'truncated', empty: 'an empty output', zeros: 'optional', hides: true, weight: 2, fault: { what: undilated, wanted: 'onnx.same-lower' },
  }),
  forward('onnxruntime.pool.explicit', POOLS, 'given', 'given', ortPool, {
    rejects: ['padding of the kernel or more', 'negative padding'], count: 'truncated', empty: 'an empty output', zeros: 'optional', weight: 2,
  }),
  forward('onnxruntime.before-1.29.avg-pool.explicit', AVERAGE, 'given', 'given', 'onnxruntime core/mlas, before PR #29629', {
    versions: { below: '1.29' }, rejects: ['padding of the kernel or more', 'negative padding'], count: 'truncated', empty: 'an empty output', zeros: 'optional', zerosEnd: 'tail',
    fault: { what: 'up to opset 18, averages that count padding and are rounded up also count what lies past the padding', wanted: 'onnxruntime.pool.explicit' },
  }),
  forward('onnxruntime.opset-19.avg-pool.same-lower', AVERAGE, 'minimal', 'larger half', onlyBegin, { versions: { below: '1.25' }, only: { opset: 19 }, zeros: 'optional', zerosEnd: 'nowhere', fault: { what: uncounted, wanted: 'onnx.same-lower' } }),
  forward('onnxruntime.opset-19.avg-pool.same-upper', AVERAGE, 'minimal', 'smaller half', onlyBegin, { versions: { below: '1.25' }, only: { opset: 19 }, zeros: 'optional', zerosEnd: 'nowhere', fault: { what: uncounted, wanted: 'onnx.same-upper' } }),
  forward('onnxruntime.opset-19.avg-pool.explicit', AVERAGE, 'given', 'given', onlyBegin, { versions: { below: '1.25' }, only: { opset: 19 }, rejects: ['negative padding'], zeros: 'optional', zerosEnd: 'nowhere', fault: { what: uncounted, wanted: 'onnx.explicit' } }),
  transposed('onnxruntime.transposed.explicit', 'cropped or asked for', 'given, or the larger half', ortTransposed, { rejects: inconsistent, weight: 2 }),
  transposed('onnxruntime.transposed.valid', 'cropped or asked for', 'given, or the larger half', ortTransposed, { rejects: inconsistent }),
  transposed('onnxruntime.transposed.same-upper', 'surplus cropped', 'smaller half', ortTransposed, {
    versions: { from: '1.13' }, rejects: inconsistent, weight: 2, fault: { what: short, wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('onnxruntime.transposed.same-lower', 'surplus cropped', 'larger half', ortTransposed, {
    versions: { from: '1.13' }, rejects: inconsistent, weight: 2, fault: { what: short, wanted: 'onnx.transposed.same-lower' },
  }),
  transposed('onnxruntime.before-1.13.transposed.same-upper', 'surplus cropped', 'larger half', 'onnxruntime before PR #12537', {
    versions: { below: '1.13' }, rejects: inconsistent, fault: { what: `${swapped}; ${short}`, wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('onnxruntime.before-1.13.transposed.same-lower', 'surplus cropped', 'smaller half', 'onnxruntime before PR #12537', {
    versions: { below: '1.13' }, rejects: inconsistent, fault: { what: `${swapped}; ${short}`, wanted: 'onnx.transposed.same-lower' },
  }),
  forward('onnxruntime-web.same-upper', CONV, 'kernel, dilation ignored', 'smaller half', ortWeb, {
    versions: { below: '1.25' }, rejects: ['dilation'], fault: { what: 'a float division makes the total k - 1 whatever the input (seen to 1.24, mended by 1.29)', wanted: 'onnx.same-upper' },
  }),
  forward('onnxruntime-web.same-lower', CONV, 'kernel, dilation ignored', 'larger half', ortWeb, {
    versions: { below: '1.25' }, rejects: ['dilation'], fault: { what: 'a float division makes the total k - 1 whatever the input (seen to 1.24, mended by 1.29)', wanted: 'onnx.same-lower' },
  }),
  transposed('onnx-tensorrt.transposed.explicit', 'cropped or asked for', 'given, or the smaller half', 'onnx-tensorrt importerUtils.cpp generatePadding', {
    fault: { what: 'an output_shape crops less at the start, as opset 1 had it', wanted: 'onnx.transposed.explicit' },
  }),
  transposed('tf2onnx.transposed.same', 'scaled only', 'unclamped half towards zero', 'tf2onnx onnx_opset/nn.py ConvTranspose', {
    fault: { what: 'a negative total is split in two, so samples land late', wanted: 'tensorflow.transposed.same' },
  }),
]
