import { describe, expect, it } from 'vitest'
import { floats, model, node } from '../models/onnx/make-model.ts'
import { folderOf } from './model-folder.ts'
import { answered, printed, typed } from './typed.ts'

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

describe('samepad phase of a model', () => {
  it('follows branches and names the node where they meet apart', async () => {
    const bytes = model({
      nodes: [
        node('Conv', 'x w', 'a', { strides: [2, 2], pads: [1, 1, 1, 1] }),
        node('MaxPool', 'x', 'b', { kernel_shape: [2, 2], strides: [2, 2] }),
        node('Add', 'a b', 'y', {}, { name: 'meet' }),
        node('Flatten', 'y', 'z', {}, { name: 'flat' }),
      ],
      inputs: { x: [1, 1, 16, 16] },
      outputs: { y: undefined, z: undefined },
      initializers: [floats('w', [1, 1, 3, 3])],
    })
    const cwd = folderOf({ 'branches.onnx': bytes })
    expect(await printed('phase branches.onnx', 0, { cwd })).toBe(`branches.onnx

output  axis           jump  output 0 at  sees  from
y       height, width     2        0/0.5     3    -1
z       height, width     2        0/0.5     3    -1  *

jump: cells of the input from one output to the next; sees: cells of the input
that an output depends on at most, for output 0 from the given one on. Several
places (0/0.5): the ways to the output differ.
* The way ends before the output, and the numbers are those before it: Flatten
  flat lays all cells in a row.

At 1 node branches are joined whose cells do not match: cell 0 of one has
another centre than cell 0 of the other.
  Add meet  height, width  jump 2  0 and 0.5
`)
    expect((await answered('phase branches.onnx', { cwd })).meetings).toEqual([
      { name: 'meet', opType: 'Add', axis: 'height', jump: 2, centres: [[0], [0.5]] },
      { name: 'meet', opType: 'Add', axis: 'width', jump: 2, centres: [[0], [0.5]] },
    ])
  })

  it('still reads settings, and says that a file is not there', async () => {
    expect((await typed('phase missing.onnx')).stderr).toContain('the file must exist')
    expect((await typed('phase tf k3 s2 same --input 8')).exitCode).toBe(0)
  })
})
