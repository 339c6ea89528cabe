import { describe, expect, it } from 'vitest'
import { chain } from '../audit/networks.ts'
import { floats, model, node } from '../models/onnx/make-model.ts'
import { folderOf } from './model-folder.ts'
import { answered, printed, typed } from './typed.ts'

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

describe('samepad sizes of a model', () => {
  const branches = model({
    nodes: [
      node('Conv', 'x w', 'a', { strides: [2, 2], pads: [1, 1, 1, 1] }),
      node('MaxPool', 'x', 'b', { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Add', 'a b', 'y', {}, { name: 'meet' }),
    ],
    inputs: { x: [1, 1, 15, 15] },
    initializers: [floats('w', [1, 1, 3, 3])],
  })
  const strided = ['Conv', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }] as const
  const chained = chain(new Array(5).fill(strided), { input: [1, 2, 'h', 'w'] })
  const cwd = folderOf({ 'branches.onnx': branches, 'chain.onnx': chained, k3s2: 'no model' })

  it('of a file whose own size does not run', async () => {
    expect(await printed('sizes branches.onnx', 0, { cwd })).toBe(`branches.onnx

It does not run at 15x15: Add meet: sizes along axis 2 must be equal, or one of
them 1, got 8 of 'a' and 7 of 'b'.

height and width: even sizes, and 3
The file says 15; what stands here holds once it leaves the size open.
The nearest to 15: 14 and 16.
All conventions agree only on 3.
Proved for every size; 1 to 5 were tried, and from there on it repeats.
`)
    expect((await typed('sizes branches.onnx --input 1x1x15x15', { cwd })).exitCode).toBe(1)
    expect((await typed('sizes branches.onnx --input 1x1x16x16', { cwd })).exitCode).toBe(0)
  })

  it('of a chain with open sizes, near a wanted one', async () => {
    expect(await printed('sizes chain.onnx --near 512', 0, { cwd })).toBe(`chain.onnx

height and width: any size
All conventions agree on 32 k + 1; nearest to 512: 481 = 15 x 32 + 1 and 513 =
16 x 32 + 1.
Proved for every size; 1 to 64 were tried, and from there on it repeats.
`)
    expect(await answered('sizes chain.onnx --near 512', { cwd })).toMatchObject({
      file: 'chain.onnx',
      axes: [
        { name: 'height', takes: { from: 1, period: 1, residues: [0], below: [] }, isProved: true },
        { name: 'width', agrees: { from: 1, period: 32, residues: [1], below: [] }, near: { agrees: { above: 513 } } },
      ],
    })
  })

  it('tells a file from settings: by its ending, or because it is there', async () => {
    expect((await typed('sizes gone.onnx', { cwd })).stderr).toContain('file must exist')
    expect((await typed('sizes k3s2', { cwd })).stderr).toContain('model:')
    expect((await typed('sizes k3s2 --near 9', { cwd: '/' })).exitCode).toBe(0)
  })
})
