import { expect, it } from 'vitest'
import { audit } from '../../src/models.ts'
import { constant, graphModelOf, input, tf } from '../models/tensorflow-nodes.ts'
import { folderOf } from './model-folder.ts'
import { typed } from './typed.ts'

const list = (...numbers: readonly number[]): { readonly list: readonly number[] } => ({ list: numbers })
const { text, weights } = graphModelOf([
  input('x', 1, 9, 9, 4),
  constant('w', { dims: [3, 3, 4, 8] }),
  constant('amounts', { dims: [4, 2], ints: [0, 0, 0, 1, 0, 1, 0, 0] }),
  tf('p: Pad(x amounts)'),
  tf('c: Conv2D(p w)', { strides: list(1, 2, 2, 1), padding: { s: 'VALID' } }),
])
const plain = (out: string): string => out.replace(/\s+/g, ' ')
const said =
  'Beside the file, weights.bin could not be read: pads, axes and sizes that are constants in it are not known.'

it.each(['audit', 'sizes', 'phase', 'diff'])('%s names the file that it misses, and only then', async (command) => {
  const one = (name: string): string => (command === 'diff' ? `${name} ${name}` : name)
  const lone = folderOf({ 'model.json': text })
  expect(plain((await typed(`${command} ${one('model.json')}`, { cwd: lone })).stdout)).toContain(said)
  const whole = folderOf({ 'model.json': text, 'weights.bin': weights })
  expect((await typed(`${command} ${one('model.json')}`, { cwd: whole })).stdout).not.toContain('weights.bin')
})

it('phase does not ask for a size where a file is missing', async () => {
  const { stdout } = await typed('phase model.json', { cwd: folderOf({ 'model.json': text }) })
  expect(stdout).toContain('? The padding is not known.')
  expect(stdout).not.toContain('--input')
})

it('the library tells it as a finding, of bytes too', async () => {
  const { findings } = await audit(new TextEncoder().encode(text))
  expect(findings.map(({ rule }) => rule)).toContain('missing-files')
})

it('a text without inputs is not asked for their shape', async () => {
  const cwd = folderOf({
    'net.txt': 'Net(\n  (a): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))\n)\n',
  })
  const { stdout } = await typed('fix net.txt --to tf-same', { cwd })
  expect(plain(stdout)).toContain(
    'a left as it is: its padding depends on the size, which is not known, and the file names no input; ' +
      'the exported model has sizes.',
  )
  const open = folderOf({ 'net.cfg': '[net]\nchannels=3\n\n[maxpool]\nsize=3\nstride=2\npadding=2\n' })
  expect(plain((await typed('fix net.cfg --to tf-same', { cwd: open })).stdout)).toContain(
    'which is not known: give the shape of the input.',
  )
})
