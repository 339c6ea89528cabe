import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { int32, int32s, table } from '../models/flat.ts'
import { input, mnnFile } from '../models/mnn-file.ts'
import { folderOf } from './model-folder.ts'
import { typed } from './typed.ts'

const layer = (size: number, padding: number): string => `[maxpool]\nsize=${size}\nstride=2\npadding=${padding}\n`
const cfg = (padding: number): string => `[net]\nwidth=32\nheight=32\nchannels=3\n\n${layer(3, padding)}`

it('a file of a format that is rewritten: nothing is written unless asked for, then that line alone', async () => {
  const cwd = folderOf({ 'net.cfg': cfg(2) })
  const planned = await typed('fix net.cfg --to tf-same', { cwd })
  expect(planned.exitCode).toBe(1)
  expect(planned.stdout).toContain('maxpool 0  pads 1,1  ->  pads 0,1')
  expect(readFileSync(join(cwd, 'net.cfg'), 'utf8')).toBe(cfg(2))
  const written = await typed('fix net.cfg --to tf-same -o other.cfg', { cwd })
  expect([written.exitCode, written.stdout]).toEqual([
    0,
    expect.stringContaining('1 node rewritten, read again and checked; written to other.cfg.'),
  ])
  expect(readFileSync(join(cwd, 'other.cfg'), 'utf8')).toBe(cfg(1))
  expect((await typed('fix net.cfg --to tf-same --in-place', { cwd })).exitCode).toBe(0)
  expect(readFileSync(join(cwd, 'net.cfg'), 'utf8')).toBe(cfg(1))
})

it('a file of a format that is not rewritten stays: fix says what to change where', async () => {
  const common = {
    ...{ 2: int32(3), 3: int32(3), 4: int32(2), 5: int32(2) },
    ...{ 10: int32(4), 11: int32(3), 14: int32s([1, 1, 1, 1]) },
  }
  const convolution = { type: 12, main: { 0: table(common) }, inputs: [0], outputs: [1] }
  const cwd = folderOf({ 'net.mnn': mnnFile([input(1, 3, 32, 32), convolution]) })
  const { exitCode, stdout } = await typed('fix net.mnn --to tf-same', { cwd })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/op 1, at byte \d+: pads 1,1 becomes pads 0,1\./)
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'Files of this format are not rewritten. Change the 1 layer above where the model is made.',
  )
  const written = await typed('fix net.mnn --to tf-same -o other.mnn', { cwd })
  expect([written.exitCode, written.stderr]).toEqual([
    2,
    'net.mnn: fix: what is written must be of a format that is rewritten; without -o and --in-place, fix says what to change by hand, got MNN\n',
  ])
  expect(existsSync(join(cwd, 'other.mnn'))).toBe(false)
})

it('what its format cannot say is told in a sentence', async () => {
  const cwd = folderOf({
    'net.cfg': `[net]\nwidth=32\nheight=32\nchannels=3\n\n[convolutional]\nsize=3\nstride=2\npad=1\n`,
  })
  const { exitCode, stdout } = await typed('fix net.cfg --to tf-same', { cwd })
  expect(exitCode).toBe(1)
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'convolutional 0 left as it is: a convolution of Darknet pads all sides alike.',
  )
})

it('where nothing is to be changed, it says so', async () => {
  const cwd = folderOf({ 'net.cfg': cfg(2) })
  expect(await typed('fix net.cfg --to symmetric', { cwd })).toMatchObject({
    exitCode: 0,
    stdout: 'net.cfg\nNo node has to be rewritten to symmetric.\n',
  })
})
