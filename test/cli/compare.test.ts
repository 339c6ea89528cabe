import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad compare', () => {
  it('draws the smallest input where they part', async () => {
    expect(
      await printed('compare pytorch k3 s2 p1 -- tf k3 s2 same', 1),
    ).toBe(`first   pytorch k3 s2 p1  pytorch.explicit
second  tf k3 s2 same     tensorflow.same

Different: at input 2 the second reads 1 cell later.

input              ░ 0 1 ░
output 0  first    ◇ ● ●
          second     ● ● ◇

◆ ◇ only one of them has a tap here, on a cell or on padding

input mod 2             the second reads    outputs of the second
          0  different  1 cell later        as many
          1  equal      from the same cell  as many
proved for every input above 48
`)
  })

  it('proves that they are equal', async () => {
    expect(
      await printed('compare pytorch k3 s2 p1 vs onnx k3 s2 SAME_LOWER', 0),
    ).toBe(`first   pytorch k3 s2 p1       pytorch.explicit
second  onnx k3 s2 SAME_LOWER  onnx.same-lower

Equal for every input: each is regular on every residue of the input modulo 2,
and all inputs to 52 agree.
`)
  })

  it('asks about one input', async () => {
    expect(
      await printed('compare pytorch k3 s2 p1 tf k3 s2 same --input 224', 1),
    ).toBe(`first   pytorch k3 s2 p1  pytorch.explicit
second  tf k3 s2 same     tensorflow.same

Different at input 224: the second reads 1 cell later.

input                  ░   0   1   2   3   4   5  …  218 219 220 221 222 223   ░
output   0  first      ◇   ●   ●
            second         ●   ●   ◆
output   1  first              ◆   ●   ●
            second                 ●   ●   ◆
…
output 110  first                                          ◆   ●   ●
            second                                             ●   ●   ◆
output 111  first                                                  ◆   ●   ●
            second                                                     ●   ●   ◇

◆ ◇ only one of them has a tap here, on a cell or on padding

input mod 2             the second reads    outputs of the second
          0  different  1 cell later        as many
          1  equal      from the same cell  as many
proved for every input above 48
`)
  })

  it('asks about one input on which they are equal', async () => {
    expect(
      await printed('compare pytorch k3 s2 p2 drop1 trim vs tf k3 s2 same --input 224', 0),
    ).toBe(`first   pytorch k3 s2 p2 drop1 trim  pytorch.explicit
second  tf k3 s2 same                tensorflow.same

Equal at input 224. But for other inputs they are different: at input 1 the
second reads 1 cell earlier.

input              ░ 0 ░ ░
output 0  first      ● ○ ◇
          second   ◇ ● ○

◆ ◇ only one of them has a tap here, on a cell or on padding

input mod 2             the second reads    outputs of the second
          0  equal      from the same cell  as many
          1  different  1 cell earlier      as many
proved for every input above 64
`)
  })

  it('shows divisors that differ', async () => {
    expect(
      await printed('compare tf averagepool k3 s2 same vs timm averagepool k3 s2 same', 1),
    ).toBe(`first   tf averagepool k3 s2 same    tensorflow.same
second  timm averagepool k3 s2 same  timm.avg-pool.same

Different: at input 1 they treat the padding differently.

input              ░ 0 ░
output 0  first    ○ ● ○  / 1
          second   ○ ● ○  / 3

input mod 2             the second reads    outputs of the second
          0  different  from the same cell  as many
          1  different  from the same cell  as many
proved for every input above 40
`)
  })

  it('puts residues that are alike on one line', async () => {
    expect(await printed('compare tf k3 s5 same pytorch k3 s4 p1', 1)).toBe(`first   tf k3 s5 same     tensorflow.same
second  pytorch k3 s4 p1  pytorch.explicit

Different: at input 2 the second reads 1 cell earlier.

input              ░ 0 1 ░
output 0  first      ● ● ◇
          second   ◇ ● ●

◆ ◇ only one of them has a tap here, on a cell or on padding

different: the second reads 1 cell earlier, with varying outputs
  input mod 20: 0, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19
different: the second reads from the same cell, with varying outputs
  input mod 20: 1, 6, 11, 16
proved for every input above 68
`)
  })

  it('compares transposed convolutions', async () => {
    expect(
      await printed('compare pytorch transposed k3 s2 p1 op1 vs tf transposed k3 s2 same', 1),
    ).toBe(`first   pytorch transposed k3 s2 p1 op1  pytorch.transposed.explicit
second  tf transposed k3 s2 same         tensorflow.transposed.same

Different: at input 1 the second writes 1 cell later.

output             ░ 0 1 ░
sample 0  first    ◇ ● ●
          second     ● ● ◇

◆ ◇ only one of them has a tap here, on a cell or on padding

input mod 2             the second writes  outputs of the second
          0  different  1 cell later       as many
          1  different  1 cell later       as many
proved for every input above 52
`)
  })

  it('says that one refuses', async () => {
    expect(
      await printed('compare tfjs k3 s2 d2 same vs jax k3 s2 d2 same', 1),
    ).toBe(`first   tfjs k3 s2 d2 same  tfjs.same
second  jax k3 s2 d2 same   jax.same

Different: at input 1 the first refuses: tf.conv2d, tf.pool: strides > 1 not
supported in conjunction with dilation > 1; write a stride of 1, of whose
outputs every s-th is kept.

input mod 2             the second reads  outputs of the second
          0  different  one refuses
          1  different  one refuses
proved for every input above 56
`)
  })

  it('decides kernels of thousands, whose windows read all of a smaller input', async () => {
    const line = 'compare tf averagepool k3001 s2 same vs pytorch averagepool k3001 s2 p1500 exclude'
    expect(await printed(line, 1)).toContain('Different: at input 1502 the second reads 1 cell earlier')
  })

  it('says that operations differ', async () => {
    expect(
      await printed('compare tf k3 same vs tf transposed k3 same', 1),
    ).toBe(`first   tf k3 same             tensorflow.same
second  tf transposed k3 same  tensorflow.transposed.same

Different: conv and convTranspose are different operations.
`)
  })
})
