import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { width } from '../../src/cli/style.ts'
import { COLUMNS } from '../../src/cli/table.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'
import { modelFolder, type pictureModel } from './model-folder.ts'
import { printed, typed } from './typed.ts'

/** Names that would clear a screen, paint, set a title, begin a line, turn the direction and ring. */
const evil = 'a\x1b[2J\x1b[31m\x1b[1m\x1b]0;title\x07\nline\r\t\u009b2J\u202eback\u2028\x7f'

/** Two exports whose names hold all that; the second pads otherwise. */
function evilFolder(): string {
  const cwd = mkdtempSync(join(tmpdir(), 'samepad-'))
  const made = (strided: Parameters<typeof pictureModel>[0]): Uint8Array =>
    model({
      nodes: [
        node('Pad', 'x amounts', 'padded', {}, { name: `pad${evil}` }),
        node('Conv', 'padded w', 'a', { kernel_shape: [3, 3], strides: [2, 2] }, { name: `stem${evil}` }),
        node('Conv', 'a w', 'b', { kernel_shape: [3, 3], strides: [2, 2], ...strided }, { name: evil }),
        node('Conv', 'b w', 'y', { kernel_shape: [3, 3], dilations: [2, 2], auto_pad: evil }, { name: `last${evil}` }),
      ],
      inputs: { x: ['batch', 3, evil, 32], [evil]: [evil] },
      initializers: [ints('amounts', [0, 0, 0, 0, 0, 0, 1, 1]), floats('w', [3, 3, 3, 3])],
    })
  writeFileSync(join(cwd, 'one.onnx'), made({ auto_pad: 'SAME_UPPER' }))
  writeFileSync(join(cwd, 'two.onnx'), made({ pads: [1, 1, 1, 1] }))
  writeFileSync(join(cwd, `${evil.replaceAll('/', '')}.onnx`), made({ pads: [1, 1, 1, 1] }))
  writeFileSync(join(cwd, `no${evil.replaceAll('/', '')}.onnx`), 'no model')
  return cwd
}

const commanding = /[\p{Cc}\u202e\u2028]/u

describe.skipIf(process.platform === 'win32')('names that a terminal would obey', () => {
  const cwd = evilFolder()
  it.each([
    'audit one.onnx --all',
    'audit .',
    'audit . --json',
    'audit . --sarif',
    'fix one.onnx',
    'fix . --to symmetric',
    'fix one.onnx --input nobody=1x2 ',
    'diff one.onnx two.onnx --all',
    'diff one.onnx two.onnx --json',
    'verify one.onnx two.onnx',
  ])('are shown, not obeyed: %s', async (line) => {
    const { stdout, stderr } = await typed(line, { cwd })
    for (const text of [...stdout.split('\n'), ...stderr.split('\n')]) {
      expect(text).not.toMatch(commanding)
      expect(text.startsWith('line')).toBe(false)
    }
    expect(stdout + stderr).not.toBe('')
  })

  it('in colours and while it works too, where only its own paint is left', async () => {
    const { stdout, stderr } = await typed('audit .', { cwd, isTTY: true, showsProgress: true })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what paint is made of
    const rest = stdout.replace(/\x1b\[(?:1|2|22|33|36|39)m/g, '')
    expect(rest.replaceAll('\n', '')).not.toMatch(commanding)
    expect(stderr.replaceAll('\r\x1b[K', '').replaceAll('\n', '')).not.toMatch(commanding)
    for (const one of rest.split('\n').filter((text) => text.includes(' ')))
      expect(width(one)).toBeLessThan(2 * COLUMNS)
  })

  it('stay as they are in data', async () => {
    const { stdout } = await typed('audit one.onnx --json', { cwd })
    expect(JSON.parse(stdout)[0].nodes[1].name).toBe(evil)
  })
})

describe.skipIf(process.platform === 'win32')('fix writes files only', () => {
  const wish = '--to explicit'

  it('and puts nothing in the place of a pipe or a folder', async () => {
    const cwd = modelFolder()
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    for (const name of ['pipe', 'models']) {
      const { exitCode, stderr } = await typed(`fix model.onnx ${wish} -o ${name}`, { cwd })
      expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('what is written must be a file')])
    }
    expect(lstatSync(join(cwd, 'pipe')).isFIFO()).toBe(true)
    expect(readdirSync(cwd).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('waits for no pipe', async () => {
    const cwd = modelFolder()
    execFileSync('mkfifo', [join(cwd, 'pipe.onnx')])
    const { exitCode, stderr } = await typed('audit pipe.onnx', { cwd })
    expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('the source must be a file')])
  })

  it('where a link leads to, which stays a link, and with the mode that the file had', async () => {
    const cwd = modelFolder()
    const [real, link] = [join(cwd, 'model.onnx'), join(cwd, 'link.onnx')]
    const before = readFileSync(real)
    chmodSync(real, 0o640)
    symlinkSync('model.onnx', link)
    const given = '--input 1x3x32x32'
    await printed(`fix link.onnx ${wish} ${given} --in-place`, 0, { cwd })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(real).equals(before)).toBe(false)
    expect(statSync(real).mode & 0o777).toBe(0o640)
  })

  it('and never over the input by another name', async () => {
    const cwd = modelFolder()
    symlinkSync('model.onnx', join(cwd, 'link.onnx'))
    const { exitCode, stderr } = await typed(`fix model.onnx ${wish} -o link.onnx`, { cwd })
    expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('-o must be another file')])
  })
})

it.skipIf(process.platform === 'win32')(
  'audits the files that a cache of models links to, and follows no circle',
  async () => {
    const cwd = modelFolder()
    mkdirSync(join(cwd, 'cache'))
    symlinkSync('../model.onnx', join(cwd, 'cache', 'linked.onnx'))
    symlinkSync('..', join(cwd, 'cache', 'circle'))
    const { stdout } = await typed('audit cache --json', { cwd })
    expect(JSON.parse(stdout).map(({ file }: { file: string }) => file)).toEqual(['cache/linked.onnx'])
  },
)

it('names files outside of the folder in SARIF as absolute URIs', async () => {
  const cwd = modelFolder()
  const { stdout } = await typed('audit ../model.onnx --sarif', { cwd: join(cwd, 'models') })
  expect(JSON.parse(stdout).runs[0].artifacts[0].location.uri).toMatch(/^file:\/\/\/.*\/model\.onnx$/)
})
