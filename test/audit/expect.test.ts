import { describe, expect, it } from 'vitest'
import { audit, type Expectation, fix } from '../../src/models.ts'
import { bytesOf } from '../models/onnx/real-models.ts'
import { type Attributes, chain } from './networks.ts'

/** The nodes that contradict an expectation, of one layer on 32 x 48 cells. */
async function against(expected: Expectation, op: string, attributes: Attributes, open = false): Promise<string[]> {
  const bytes = chain([[op, attributes]], { input: open ? [1, 2, 'h', 'w'] : [1, 2, 32, 48] })
  const { findings } = await audit(bytes, { expect: expected })
  return findings.filter(({ rule }) => rule === 'unexpected-padding').map(({ message }) => message)
}

const square = (kernel: number, stride: number, ...pads: number[]): Attributes => ({
  ...{ kernel_shape: [kernel, kernel], strides: [stride, stride] },
  ...(pads.length > 0 && { pads }),
})

describe('audit with expect', () => {
  it('finds the layers that can tell and contradict', async () => {
    const symmetric = square(3, 2, 1, 1, 1, 1)
    expect(await against('tf-same', 'Conv', symmetric)).toEqual([
      'pads 1,1 (PyTorch symmetric), expected is TensorFlow SAME, which pads 0,1 here',
    ])
    // No window reads the last cell of the padding here, which is what SAME_LOWER leaves out.
    expect(await against('same-lower', 'Conv', symmetric)).toEqual([])
    expect(await against('symmetric', 'Conv', symmetric)).toEqual([])
    const upper = { ...square(3, 2), auto_pad: 'SAME_UPPER' }
    expect(await against('symmetric', 'Conv', upper)).toEqual([
      'pads 0,1 (TensorFlow SAME), expected is PyTorch symmetric, which pads 1,1 here',
    ])
    expect(await against('tf-same', 'Conv', upper)).toEqual([])
    expect(await against('same-lower', 'Conv', upper)).toEqual([
      'pads 0,1 (TensorFlow SAME), expected is SAME_LOWER, which pads 1,0 here',
    ])
    expect(await against('tf-same', 'Conv', { ...upper, auto_pad: 'SAME_LOWER' })).toHaveLength(1)
    // With stride 1 both kinds of SAME differ where the kernel is even, and PyTorch has the upper one.
    expect(await against('tf-same', 'Conv', square(4, 1, 2, 2, 1, 1))).toHaveLength(1)
    expect(await against('tf-same', 'Conv', square(4, 1, 1, 1, 2, 2))).toEqual([])
    expect(await against('symmetric', 'Conv', square(4, 1, 1, 1, 2, 2))).toEqual([])
  })

  it('says nothing of layers that belong to everybody', async () => {
    const everybody: [string, Attributes][] = [
      ['Conv', square(3, 1, 1, 1, 1, 1)],
      ['Conv', square(3, 2)],
      ['MaxPool', square(2, 2)],
      ['MaxPool', { ...square(3, 2), ceil_mode: 1 }],
      ['ConvTranspose', square(4, 2, 1, 1, 1, 1)],
    ]
    for (const [op, attributes] of everybody) {
      for (const expected of ['tf-same', 'symmetric', 'same-lower'] as const) {
        expect([op, attributes, expected, await against(expected, op, attributes)]).toEqual([
          op,
          attributes,
          expected,
          [],
        ])
      }
    }
  })

  it('gives an open size the benefit of the doubt', async () => {
    expect(await against('tf-same', 'Conv', square(3, 2, 0, 0, 1, 1), true)).toEqual([])
    expect(await against('tf-same', 'Conv', square(3, 2, 2, 2, 1, 1), true)).toHaveLength(1)
  })

  it('catches a port that is wrong everywhere', async () => {
    const original = bytesOf('blazeface')
    const of = async (bytes: Uint8Array) =>
      (await audit(bytes, { expect: 'tf-same' })).findings.filter(({ rule }) => rule === 'unexpected-padding')
    expect(await of(original)).toEqual([])
    const { bytes } = await fix(original, { to: 'symmetric' })
    const found = await of(bytes)
    expect(found.map(({ severity, node }) => [severity, node?.name.split('/').slice(2).join('/')])).toEqual([
      ['error', 'conv2d/BiasAdd'],
      ['error', 'depthwise_conv2d_2/depthwise'],
      ['error', 'depthwise_conv2d_5/depthwise'],
      ['error', 'depthwise_conv2d_11/depthwise'],
    ])
  })

  it('refuses another word', async () => {
    const bytes = chain([['Conv', square(3, 2)]])
    await expect(audit(bytes, { expect: 'same' as 'tf-same' })).rejects.toThrow(/^audit: expect must be one of tf-same/)
  })
})
