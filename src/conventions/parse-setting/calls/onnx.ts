import type { Library } from '../library.ts'

const window = 'kernel_shape strides dilations pads auto_pad name inputs outputs'
const pool = `* ${window} ceil_mode`
const defaults = { strides: '1' }

/**
 * Operators of ONNX with their attributes, as text, as a call, or as `make_node`. Source: the operators' page.
 */
export const onnxOperators: Library = {
  framework: 'onnx',
  modules: ['onnx', 'onnx.helper', 'helper', 'ops', 'op'],
  meanings: {
    ...({ kernel_shape: 'kernel', strides: 'stride', dilations: 'dilation', pads: 'padding' } as const),
    ...({ auto_pad: 'padding', output_padding: 'outputPadding', output_shape: 'outputShape' } as const),
    ...({ ceil_mode: 'ceilMode', count_include_pad: 'countIncludePad', group: 'groups' } as const),
  },
  pads: ['begins then ends'],
  calls: [
    { name: 'Conv', op: 'conv', order: `X W B * ${window} group` },
    {
      name: 'QLinearConv',
      op: 'conv',
      order: `x x_scale x_zero_point w w_scale w_zero_point y_scale y_zero_point B * ${window} group`,
    },
    { name: 'ConvInteger', op: 'conv', order: `x w x_zero_point w_zero_point * ${window} group` },
    { name: 'ConvTranspose', op: 'convTranspose', order: `X W B * ${window} group output_padding output_shape` },
    { name: 'MaxPool', op: 'maxPool', order: `X ${pool} storage_order`, defaults },
    { name: 'AveragePool', op: 'averagePool', order: `X ${pool} count_include_pad`, defaults },
  ],
}
