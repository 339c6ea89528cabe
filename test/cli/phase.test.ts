import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad phase', () => {
  it('puts two chains side by side', async () => {
    expect(await printed('phase tf k3 s2 same x5 vs pytorch k3 s2 p1 x5 --input 224', 0)).toBe(`first   tf k3 s2 same x5
second  pytorch k3 s2 p1 x5

layer       first  pads  output 0 at      second  pads  output 0 at  apart
    1  224 -> 112   0,1            1  224 -> 112   1,1            0      1
    2   112 -> 56   0,1            3   112 -> 56   1,1            0      3
    3    56 -> 28   0,1            7    56 -> 28   1,1            0      7
    4    28 -> 14   0,1           15    28 -> 14   1,1            0     15
    5     14 -> 7   0,1           31     14 -> 7   1,1            0     31

The grids are 31 cells apart: output 0 is centred at cell 31 of the input in the
first, at 0 in the second.
`)
  })

  it('follows one chain', async () => {
    expect(
      await printed('phase tf k7 s2 same, maxpool k3 s2 same, k3 same x2 --input 224', 0),
    ).toBe(`layer                             output  pads  shift  jump  output 0 at
    1  tf k7 s2 same          224 -> 112   2,3      1     2            1
    2  tf maxpool k3 s2 same   112 -> 56   0,1      1     4            3
    3  tf k3 same               56 -> 56   1,1      0     4            3
    4  tf k3 same               56 -> 56   1,1      0     4            3

Output 0 is centred at cell 3 of the input, the next one 4 cells further on.
It sees 27 cells of the input, from cell -10 on.
shift: by this layer alone, in cells of its own input.
`)
  })

  it('says that grids lie on each other', async () => {
    expect(
      await printed('phase tf k3 s2 same pytorch k3 s2 p1 --repeat 3 --input 225', 0),
    ).toBe(`first   tf k3 s2 same x3
second  pytorch k3 s2 p1 x3

layer       first  pads  output 0 at      second  pads  output 0 at  apart
    1  225 -> 113   1,1            0  225 -> 113   1,1            0      0
    2   113 -> 57   1,1            0   113 -> 57   1,1            0      0
    3    57 -> 29   1,1            0    57 -> 29   1,1            0      0

The grids lie on each other: output 0 is centred at cell 0 of the input in both.
`)
  })
})
