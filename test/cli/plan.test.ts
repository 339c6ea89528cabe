import { describe, expect, it } from 'vitest'
import { printed, typed } from './typed.ts'

describe('samepad explain --plan', () => {
  it('shows what a program does, tile by tile', async () => {
    const line = 'explain tf k3 s2 same --input 56 --plan --channels 64:128 --deterministic'
    expect(await printed(line, 0)).toBe(`tf k3 s2 same, 64 to 128 channels on 56 x 56, nchw

dense: vectors run along output channels, and sums stay in registers while all
input channels and taps pass by.

tile        4 outputs of a row x 2 vectors of channels
loops       batch, rows, tiles, 16 blocks of channels, taps of depth, height and
            width, input channels
arithmetic  multiply, then add
program     5639 bytes of WebAssembly
padding     2.4 % of the taps fall on padding: no work, no instruction.

A row of outputs
outputs                  what each tap reads
0 to 23   6 tiles  of 4  ●●●● ●●●● ●●●●
24 to 27   1 tile  of 4  ●●●● ●●●● ●●●·

Memory
input    802816 bytes
output   401408 bytes
weights  294912 bytes
bias        512 bytes
tables      664 bytes
weights and bias packed in the order in which they are read
`)
  })

  it.each([
    ['tf k3 s1 same --input 56 --channels 32 --groups 32 --layout nhwc', 'channels: every channel by itself'],
    ['tf k3 s1 same --input 56 --channels 32 --groups 32', 'width: few output channels'],
    ['tf maxpool k3 s2 same --input 112', 'width: few output channels'],
    ['tf k1 same --input 56 --channels 256:64', 'pointwise: a kernel of one tap'],
    ['tf k3 same --input 14', 'winograd: F(4 x 4, 3 x 3)'],
    ['onnx transposed k4 s2 SAME_UPPER --input 28', 'winograd: F(4 x 4, 2 x 2)'],
    ['onnx transposed k4 s2 SAME_UPPER --input 25', 'winograd: F(5 x 5, 2 x 2)'],
    ['onnx transposed k3 s2 SAME_UPPER --input 28', '25 numbers each, and 56 % of\nthe multiplications are left'],
    ['onnx transposed k2 s2 SAME_UPPER --input 28', 'A row of outputs, of which every 2 share their taps'],
    ['tf k3 same --input 100000', 'No program fits: the reference computes it.'],
  ])('%s', async (setting, expected) => {
    expect(await printed(`explain ${setting} --plan`, 0)).toContain(expected)
  })

  it('gives the plan as data', async () => {
    const { plan, code } = JSON.parse(await printed('explain tf k3 s2 same --input 9 --plan --deterministic --json', 0))
    expect([plan.strategy, plan.structure.relaxed, plan.bytes.input, code > 1000]).toEqual([
      'dense',
      false,
      4 * 64 * 81,
      true,
    ])
  })

  it('a refusal stays one', async () => {
    expect(await printed('explain pytorch k3 s2 same --input 9 --plan', 1)).toContain('Refused')
  })

  it.each([
    ['tf k3 same --input 9 --plan --channels x', "--channels must be two positive integers such as 64:128, got 'x'"],
    ['tf k3 same --input 9 --plan --groups 5', '--groups must divide the 64 channels, got 5'],
    ['tf k3 same --input 9 --plan --layout NCHW', "--layout must be nchw or nhwc, got 'NCHW'"],
    ['tf maxpool k3 same --input 9 --plan --channels 3:4', '--channels of a pooling must be the same on both sides'],
  ])('%s', async (line, message) => {
    const { exitCode, stderr } = await typed(`explain ${line}`)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
