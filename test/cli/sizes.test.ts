import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad sizes', () => {
  it('why 513', async () => {
    expect(
      await printed('sizes k3s2 x5 --near 512', 0),
    ).toBe(`All agree on 481 and 513; on 512 they part: 31 cells apart after the last layer.

         512  upper  lower  symmetric    513  upper  lower  symmetric
k3 s2    256    0,1    1,0        1,1    257    1,1    1,1        1,1
k3 s2    128    0,1    1,0        1,1    129    1,1    1,1        1,1
k3 s2     64    0,1    1,0        1,1     65    1,1    1,1        1,1
k3 s2     32    0,1    1,0        1,1     33    1,1    1,1        1,1
k3 s2     16    0,1    1,0        1,1     17    1,1    1,1        1,1

Why: 513 = 16 x 32 + 1, where 32 is the product of the strides. Every layer gets
one cell more than a multiple of its stride, for which SAME pads K - 1 cells, an
even number: both sides get half, and no odd cell is left to go to one of them.
`)
  })

  it('says that the wanted size is one', async () => {
    expect(
      await printed('sizes k3s2 x5 --near 513', 0),
    ).toBe(`All agree on 513: upper, lower and symmetric padding are one.

         513  upper  lower  symmetric
k3 s2    257    1,1    1,1        1,1
k3 s2    129    1,1    1,1        1,1
k3 s2     65    1,1    1,1        1,1
k3 s2     33    1,1    1,1        1,1
k3 s2     17    1,1    1,1        1,1

Why: 513 = 16 x 32 + 1, where 32 is the product of the strides. Every layer gets
one cell more than a multiple of its stride, for which SAME pads K - 1 cells, an
even number: both sides get half, and no odd cell is left to go to one of them.
`)
  })

  it('says that there is none', async () => {
    expect(
      await printed('sizes k2 s2 k3 s2 k2 --near 10', 1),
    ).toBe(`There is no size on which all agree; on 10 they part: 4 cells apart after the
last layer.

         10  upper  lower  symmetric
k2 s2     5    0,0    0,0        0,0
k3 s2     3    1,1    1,1        1,1
k2 s1     3    0,1    1,0        0,0

An even effective kernel leaves SAME an odd cell to put on one side, on every
size that these layers meet.
`)
  })

  it('needs no stride', async () => {
    expect(await printed('sizes k3 k5 --near 10', 0)).toBe(`All agree on 10: upper, lower and symmetric padding are one.

         10  upper  lower  symmetric
k3 s1    10    1,1    1,1        1,1
k5 s1    10    2,2    2,2        2,2

Without a stride, SAME with odd kernels is symmetric on every size.
`)
  })
})
