import { describe, expect, it } from 'vitest'
import { answered, printed, typed } from './typed.ts'

describe('samepad code with --input', () => {
  it('writes the numbers of that size, the formula, and where they hold', async () => {
    expect(
      await printed('code tf k3 s2 same --input 224x225 --to pytorch', 0),
    ).toBe(`# tensorflow.same: P = max(0, (⌈n/s⌉ - 1) s + K - n), before the input ⌊P/2⌋
# The numbers hold on axis 0: n mod 2 = 0; axis 1: n mod 2 = 1. Without --input
# the code holds on every size.
# weight is OIHW: from HWIO transpose by (3, 2, 0, 1), from OHWI transpose by
# (0, 3, 1, 2), from IHWO transpose by (3, 0, 1, 2).
import torch.nn.functional as F


def layer(x, weight, bias=None):
    # x [N, C, 224, 225], weight [out, C, 3, 3] -> [N, out, 112, 113]
    x = F.pad(x, (1, 1, 0, 1))
    return F.conv2d(x, weight, bias, stride=2)
`)
  })

  it('has other sizes on each axis, and one size for all', async () => {
    expect(await printed('code tf k3x5 s2x1 same --input 80x100 --to pytorch', 0)).toContain(
      'axis 0: n mod 2 = 0; axis 1: every size',
    )
    const square = await answered('code "nn.Conv2d(3, 64, 7, stride=2, padding=3)" --input 224 --to tfjs')
    expect(square.geometry).toMatchObject({ axes: [{ input: 224 }, { input: 224 }] })
  })

  it('says where the numbers hold on one size only', async () => {
    // The ones that an average is divided by have the input's size.
    expect(await printed('code pytorch averagepool k3 s2 p1 ceil --input 6 --to tfjs', 0)).toContain(
      '// The numbers hold on the input: 6 only.',
    )
    expect(await printed('code tf transposed k3 s2 same --input 6 --to pytorch', 0)).toContain('the input: 6 only')
  })

  it('writes TensorFlow.js', async () => {
    const { code } = await answered('code pytorch maxpool k3 s2 p1 ceil --input 6 --to tfjs')
    expect(code).toBe(`function layer(tf, x) {
  // x [N, 6, C] -> [N, 4, C]
  x = tf.pad(x, [[0, 0], [1, 2], [0, 0]], -Infinity)
  return tf.squeeze(tf.maxPool(tf.expandDims(x, 1), [1, 3], [1, 2], 'valid'), [1])
}
`)
  })

  it('declares what it names, for a module', async () => {
    const { code } = await answered('code pytorch averagepool k3 s2 p1 ceil --input 6 --to tfjs')
    expect(code).toContain('\n  const real = tf.ones([1, 8, 1])')
  })

  it('appends zeros to what a transposed convolution gives', async () => {
    const { code } = await answered('code tf transposed k1 s2 same --input 3 --to pytorch')
    expect(code).toBe(`import torch.nn.functional as F


def layer(x, weight, bias=None):
    # x [N, C, 3], weight [C, out, 1] -> [N, out, 6]
    return F.conv_transpose1d(x, weight, bias, stride=2, output_padding=1)
`)
  })

  it('appends as many as the dilation allows', async () => {
    const { geometry } = await answered('code pytorch transposed k3 d3 p1 op2 --input 4x5 --to onnx')
    expect(geometry).toMatchObject({ axes: [{ output: 10 }, { output: 11 }] })
  })

  it('pads for as many windows as `trim` leaves', async () => {
    const [trimmed, padded] = await Promise.all(
      ['pytorch k3 s2 p2 trim', 'onnx k3 s2 p2,0'].map((setting) => answered(`code ${setting} --input 6 --to pytorch`)),
    )
    expect(trimmed.code).toBe(padded.code)
  })
})

describe('samepad code without --input', () => {
  it('writes a module that pads from the input that arrives', async () => {
    expect(
      await printed('code tf k3 s2 same --to torch', 0),
    ).toBe(`# tensorflow.same: P = max(0, (⌈n/s⌉ - 1) s + K - n), before the input ⌊P/2⌋
# weight is OIHW: from HWIO transpose by (3, 2, 0, 1), from OHWI transpose by
# (0, 3, 1, 2), from IHWO transpose by (3, 0, 1, 2).
import torch.nn as nn
import torch.nn.functional as F


class Conv2dSame(nn.Module):
    """tensorflow.same: conv 3 x 3, stride 2 x 2, dilation 1 x 1, output = ceil(input / stride), for inputs of any size."""

    def __init__(self, in_channels, out_channels, groups=1, bias=True):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, stride=2, groups=groups, bias=bias)

    def forward(self, x):
        pads = []  # for F.pad: the last axis first, begin before end
        for n, reach, stride in zip(x.shape[2:], (3, 3), (2, 2)):
            output = -(-n // stride)  # ceil(n / stride)
            total = max(0, (output - 1) * stride + reach - n)
            pads = [total // 2, total - total // 2, *pads]
        return self.conv(F.pad(x, pads))
`)
  })

  it("uses a framework's own SAME where that is right, and goes round it elsewhere", async () => {
    const code = async (line: string): Promise<unknown> => (await answered(`code ${line}`)).code
    expect(await code('tf k3 s2 same --to keras')).toContain("ops.conv(x, weight, (2, 2), 'same'")
    expect(await code('onnx k3 s2 d2 same_upper --to tf')).toContain('pads_of(tf.shape(x)[1], 5, 2)')
    expect(await code('tf k3 s2 same --to onnx')).toContain("auto_pad='SAME_UPPER'")
    // ONNX Runtime refuses the dilation, and does not clamp where the kernel is smaller than the stride.
    for (const setting of ['jax k3 s2 d2 same', 'jax k2 s3 same']) {
      const graph = await code(`${setting} --to ort`)
      expect(graph).toContain("make_node('Mod'")
      expect(graph).not.toContain('auto_pad')
    }
  })

  it('has as many axes as the setting or --axes tells', async () => {
    const code = async (line: string): Promise<unknown> => (await answered(`code ${line} --to torch`)).code
    expect(await code('tf k3 s2 same')).toContain('nn.Conv2d')
    expect(await code('tf k3 s2 same --axes 1')).toContain('nn.Conv1d')
    expect(await code('"nn.Conv3d(3, 8, 3)"')).toContain('nn.Conv3d')
    expect(await code('"layers.Conv1D(32, 3, padding=\'causal\')"')).toContain('nn.Conv1d')
    expect(await code('"layers.MaxPooling1D(2)" --input 9')).toContain('F.max_pool1d')
    const { stderr } = await typed('code "nn.Conv1d(3, 8, 3)" --axes 2 --to keras')
    expect(stderr).toContain("code: --axes must fit the setting's 1 axis, got 2")
  })

  it('says how the weights of depthwise and separable layers are brought into order', async () => {
    const notes = async (call: string): Promise<string> =>
      (await printed(`code "layers.${call}kernel_size=3, strides=2, padding='same')" --to torch`, 0)).replace(
        /\n# /g,
        ' ',
      )
    const depthwise = 'From HWCM transpose by (2, 3, 0, 1), then reshape to (C * M, 1, H, W).'
    expect(await notes('DepthwiseConv2D(')).toContain(depthwise)
    expect(await notes('DepthwiseConv2D(')).not.toContain('separable')
    expect(await notes('SeparableConv2D(8, ')).toContain(depthwise)
    expect(await notes('SeparableConv2D(8, ')).toContain('A separable layer is a depthwise layer')
    expect(await notes('Conv2D(8, ')).not.toContain('depthwise')
  })
})
