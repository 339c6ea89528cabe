import { describe, expect, it } from 'vitest'
import { answered, printed } from './typed.ts'

describe('samepad code', () => {
  it('writes PyTorch', async () => {
    expect(await printed('code tf k3 s2 same --input 224x225 --to pytorch', 0)).toBe(`import torch.nn.functional as F


def layer(x, weight, bias=None):
    # x [N, C, 224, 225], weight [out, C, 3, 3] -> [N, out, 112, 113]
    x = F.pad(x, (1, 1, 0, 1))
    return F.conv2d(x, weight, bias, stride=2)
`)
  })

  it('writes TensorFlow.js', async () => {
    expect(await printed('code pytorch maxpool k3 s2 p1 ceil --input 6 --to tfjs', 0)).toBe(`function layer(tf, x) {
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
    expect(
      await printed('code tf transposed k1 s2 same --input 3 --to pytorch', 0),
    ).toBe(`import torch.nn.functional as F


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
    expect(await printed('code pytorch k3 s2 p2 trim --input 6 --to pytorch', 0)).toBe(
      await printed('code onnx k3 s2 p2,0 --input 6 --to pytorch', 0),
    )
  })
})
