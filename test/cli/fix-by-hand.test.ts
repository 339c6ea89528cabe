import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { folderOf } from './model-folder.ts'
import { typed } from './typed.ts'

const layer = '[convolutional]\nfilters=8\nsize=3\nstride=2\npad=1\n'
const cfg = `[net]\nwidth=32\nheight=32\nchannels=3\n\n${layer}`

it('a file that is not ONNX stays: fix says what to change where', async () => {
  const cwd = folderOf({ 'net.cfg': cfg })
  const { exitCode, stdout } = await typed('fix net.cfg --to tf-same', { cwd })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/0 convolutional, at byte \d+: pads 1,1 becomes pads 0,1\./)
  expect(stdout).toContain('Only ONNX files are rewritten. Change the 1 layer above where the model is made.')
  const written = await typed('fix net.cfg --to tf-same -o other.cfg', { cwd })
  expect([written.exitCode, written.stderr]).toEqual([
    2,
    'net.cfg: fix: the file must be ONNX to be rewritten, got Darknet\n',
  ])
  expect(existsSync(join(cwd, 'other.cfg'))).toBe(false)
})

it('where nothing is to be changed, it says so', async () => {
  const cwd = folderOf({ 'net.cfg': cfg })
  expect(await typed('fix net.cfg --to symmetric', { cwd })).toMatchObject({
    exitCode: 0,
    stdout: 'net.cfg\nNo node has to be rewritten to symmetric.\n',
  })
})
