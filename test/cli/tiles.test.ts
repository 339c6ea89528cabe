import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bioimageAxis } from '../../src/cli/bioimage.ts'
import { readModel } from '../../src/models.ts'
import { tiles } from '../../src/tiles.ts'
import { floats, model, node } from '../models/onnx/make-model.ts'
import { modelFolder } from './model-folder.ts'
import { typed } from './typed.ts'

/** Down by two and up by four: the output has twice the cells. */
const larger = model({
  nodes: [
    node('Conv', 'x w', 'a', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
    node('ConvTranspose', 'a u', 'y', { kernel_shape: [4, 4], strides: [4, 4] }),
  ],
  inputs: { x: [1, 1, 'h', 'w'] },
  initializers: [floats('w', [1, 1, 3, 3]), floats('u', [1, 1, 4, 4])],
})

it('what bioimage.io asks for: sizes of pieces, and what is cropped from the output, in its own cells', async () => {
  const plan = tiles(await readModel(larger), { inputs: { x: [1, 1, 100, 60] }, tile: [40, 60] })
  expect(plan.axes.map(({ halo }) => halo)).toEqual([
    [1, 0],
    [1, 0],
  ])
  expect(plan.axes.map((axis) => bioimageAxis(axis))).toEqual([
    {
      ...{ input: 'x', axis: 2, size: { min: 6, step: 2 } },
      outputs: [{ output: 'y', axis: 2, halo: 2, scale: 0.5 }],
    },
    undefined, // one piece tells nothing of others
  ])
})

it('the plan tells how to cut, how much is read, and what is missing', async () => {
  const folder = modelFolder()
  writeFileSync(join(folder, 'larger.onnx'), larger)
  const tell = async (words: string) =>
    (await typed(`tiles larger.onnx --input 1x1x100x60 ${words}`, { cwd: folder })).stdout.replace(/\n/g, ' ')
  expect(await tell('')).toContain('1 piece of at most 1x1x100x60')
  expect(await tell('')).toContain('--tile N or --memory SIZE cuts it.')
  const cut = await tell('--tile 40')
  expect(cut).toMatch(/6 pieces of .*; together they read 1\.\d+ times the picture's cells\. Their outputs/)
  expect(cut).toContain('for bioimage.io: sizes from 6 on in steps of 2; halo 2 and scale 0.5 of y')
  expect(
    JSON.parse((await typed('tiles larger.onnx --input 1x1x100x60 --tile 40 --json', { cwd: folder })).stdout),
  ).toMatchObject({
    bioimageio: [
      { input: 'x', axis: 2, size: { min: 6, step: 2 } },
      { input: 'x', axis: 3, size: { min: 6, step: 2 } },
    ],
  })
  const { stderr } = await typed('tiles larger.onnx --input 1x1x100x60 --memory 100', { cwd: folder })
  expect(stderr.replace(/\n/g, ' ')).toMatch(
    /memory must be enough for the smallest piece, which takes about \d+ bytes, got 100/,
  )
  for (const line of (await typed('tiles larger.onnx --input 1x1x100x60 --tile 40', { cwd: folder })).stdout.split(
    '\n',
  ))
    expect(line.length).toBeLessThanOrEqual(80)
})
