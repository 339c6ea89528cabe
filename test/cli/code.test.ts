import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad code', () => {
  it('writes PyTorch', () => {
    expect(printed('code tf k3 s2 same --input 224x225 --to pytorch', 0)).toBe(`import torch.nn.functional as F


def layer(x, weight, bias=None):
    # x [N, C, 224, 225], weight [out, C, 3, 3] -> [N, out, 112, 113]
    x = F.pad(x, (1, 1, 0, 1))
    return F.conv2d(x, weight, bias, stride=2)
`)
  })

  it('writes TensorFlow.js', () => {
    expect(printed('code pytorch maxpool k3 s2 p1 ceil --input 6 --to tfjs', 0)).toBe(`function layer(tf, x) {
  // x [N, 6, C] -> [N, 4, C]
  x = tf.pad(x, [[0, 0], [1, 2], [0, 0]], -Infinity)
  return tf.squeeze(tf.maxPool(tf.expandDims(x, 1), [1, 3], [1, 2], 'valid'), [1])
}
`)
  })
})
