import { fills } from '../geometry/fill.ts'
import { type Axis, effectiveKernel, fullSize } from '../geometry/index.ts'
import { negative, onnxFormulas, type Rejection } from './onnx-formulas.ts'
import type { Setting } from './setting.ts'

const uneven = ({ padBegin, padEnd }: Axis): boolean => padBegin !== padEnd
const widest = ({ padBegin, padEnd }: Axis): number => Math.max(padBegin, padEnd)
const pooling = ({ op }: Setting): boolean => op === 'maxPool' || op === 'averagePool'

const bothStrideAndDilation = {
  when: ({ stride, dilation }: Setting) => stride > 1 && dilation > 1,
  reason: 'strides > 1 not supported in conjunction with dilation > 1',
}
const everyOutput = 'a stride of 1, of whose outputs every s-th is kept'

/** Every refusal that a row can name. */
export const rejections = {
  stride: { when: ({ stride }: Setting) => stride !== 1, reason: 'not supported for strided convolutions' },
  "stride with padding='same'": {
    when: ({ stride }: Setting) => stride !== 1,
    by: "torch.nn.Conv with padding='same'",
    reason: 'not supported for strided convolutions',
    instead: 'F.pad in front and padding=0',
  },
  dilation: { when: ({ dilation }: Setting) => dilation !== 1, reason: 'not supported with dilation' },
  'no dilation': {
    when: ({ dilation }: Setting) => dilation === 1,
    outside: true,
    reason: 'another rule without dilation',
  },
  'stride with dilation in tf.nn.convolution': {
    ...bothStrideAndDilation,
    by: 'tf.nn.convolution',
    instead: 'tf.nn.conv2d, which takes both',
  },
  'stride with dilation in tf.nn.pool': {
    when: (setting: Setting) => pooling(setting) && bothStrideAndDilation.when(setting),
    by: 'tf.nn.pool',
    reason: bothStrideAndDilation.reason,
    instead: everyOutput,
  },
  'dilation in tf.nn.pool': {
    when: (setting: Setting) => pooling(setting) && setting.dilation > 1,
    by: 'tf.nn.pool',
    reason: 'pooling with SAME padding is not implemented for dilation > 1',
    instead: 'tf.pad with the lowest value, then VALID',
  },
  'stride with dilation in keras.layers': {
    ...bothStrideAndDilation,
    by: 'keras.layers.Conv1D to Conv3D and their transposed kinds',
    instead: 'keras.ops.conv, or DepthwiseConv2D and SeparableConv2D, which take both',
  },
  'stride with dilation in tfjs': {
    ...bothStrideAndDilation,
    by: 'tf.conv2d, tf.pool',
    instead: everyOutput,
  },
  'dilated pooling': {
    when: (setting: Setting) => pooling(setting) && setting.dilation > 1,
    outside: true,
    reason: 'another rule with dilation',
  },
  'stride other than 2': { when: ({ stride }: Setting) => stride !== 2, outside: true, reason: 'written for stride 2' },
  'kernel other than 3': {
    when: ({ kernel, dilation }: Setting) => kernel !== 3 || dilation !== 1,
    outside: true,
    reason: 'written for a kernel of 3',
  },
  'even kernel': { when: ({ kernel }: Setting) => kernel % 2 === 0, outside: true, reason: 'written for odd kernels' },
  'odd padding': {
    when: (setting: Setting) => (effectiveKernel(setting) - 1) % 2 === 1,
    reason: 'an odd total cannot be split evenly',
  },
  'uneven padding': { when: (_: Setting, axis: Axis) => uneven(axis), reason: 'takes one number for both sides' },
  'uneven padding in PyTorch': {
    when: (_: Setting, axis: Axis) => uneven(axis),
    reason: 'takes one number for both sides',
    instead: 'F.pad in front (in a setting pad0,1 and p0)',
  },
  ...onnxFormulas.rejections,
  'uneven padding given': {
    when: ({ pads }: Setting) => pads !== undefined && pads[0] !== pads[1],
    reason: 'takes one number for both sides',
  },
  'sizes that are open': {
    when: () => true,
    reason: 'it works the padding out before the sizes are known',
  },
  'negative padding in pooling': {
    when: (setting: Setting, axis: Axis) => setting.op === 'maxPool' && setting.dilation === 1 && negative(axis),
    reason: 'padding values must be non-negative',
  },
  'padding above half the kernel': {
    when: (setting: Setting, axis: Axis) => pooling(setting) && widest(axis) > Math.floor(setting.kernel / 2),
    reason: 'padding should be at most half of kernel size',
  },
  'padding of the kernel or more': {
    when: (setting: Setting, axis: Axis) => pooling(setting) && widest(axis) >= setting.kernel,
    reason: 'padding must be smaller than the kernel',
  },
  'padding above the kernel': {
    when: (setting: Setting, axis: Axis) => widest(axis) > setting.kernel,
    reason: 'padding must be no wider than the kernel',
  },
  'fill wider than the input': {
    when: ({ fill = 'constant' }: Setting, axis: Axis) => {
      return widest(axis) > (fill === 'circular' ? axis.input : fills[fill].widest(axis.input))
    },
    reason: 'the padding is wider than the input can fill',
  },
  'kernel below stride': {
    when: (setting: Setting) => effectiveKernel(setting) < setting.stride,
    reason: 'the kernel must reach the next stride',
  },
  'kernel below stride plus one': {
    when: (setting: Setting) => effectiveKernel(setting) - 1 < setting.stride,
    reason: 'the effective kernel less one must not be below the stride',
  },
  'output padding of stride and dilation': {
    when: ({ outputPadding, stride, dilation }: Setting) => (outputPadding ?? 0) >= Math.max(stride, dilation),
    reason: 'output padding must be smaller than either stride or dilation',
  },
  'output padding of the stride': {
    when: ({ outputPadding, stride }: Setting) => (outputPadding ?? 0) >= stride,
    reason: 'output padding must be smaller than the stride',
  },
  'an output that SAME does not lead back from': {
    when: ({ outputShape, stride }: Setting, { input }: Axis) =>
      outputShape !== undefined && Math.ceil(outputShape / stride) !== input,
    reason: 'the output must lead back to the input',
  },
  'an output that VALID does not lead back from': {
    when: ({ outputShape, stride, ...window }: Setting, { input }: Axis) =>
      outputShape !== undefined && Math.floor((outputShape - effectiveKernel(window) + stride) / stride) !== input,
    reason: 'the output must lead back to the input',
  },
  'an output that no output padding gives': {
    when: ({ outputShape, outputPadding = 0, pads = [0, 0], ...window }: Setting, { input }: Axis) => {
      const least = fullSize({ ...window, input }) - pads[0] - pads[1] + outputPadding
      return outputShape !== undefined && (outputShape < least || outputShape >= least + window.stride)
    },
    reason: 'the output must be what an output padding below the stride gives',
  },
  'an output that the pads do not lead back from': {
    when: (setting: Setting, { input, output }: Axis) => leadsElsewhere(setting, input, output),
    reason: 'the output is inconsistent with the other attributes',
  },
} as const satisfies Record<string, Rejection>

/** onnxruntime's check: with the total that it crops, the convolution back must have as many outputs as came in. */
function leadsElsewhere(setting: Setting, input: number, output: number): boolean {
  const { stride, outputPadding = 0 } = setting
  const size = effectiveKernel(setting)
  const total = Math.max(0, (input - 1) * stride + size + outputPadding - output)
  return Math.floor((output + total - size) / stride) + 1 !== input
}

/** The refusals by name. */
export type RejectionName = keyof typeof rejections
