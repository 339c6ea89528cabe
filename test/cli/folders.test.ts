import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { modelFolder, pictureModel } from './model-folder.ts'
import { answered, printed, type Typed, typed } from './typed.ts'

const main = join(import.meta.dirname, '../../dist/node/main.js')

/** Runs the built command line as somebody who may not read everything, which root may unless it gives that up. */
function asNobody(cwd: string, words: readonly string[]): Promise<Typed> {
  const mayAll = process.getuid?.() === 0
  const [program, ...rest] = [
    ...(mayAll ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []),
    ...[process.execPath, main, ...words],
  ]
  return new Promise((resolve) => {
    execFile(program, rest, { cwd }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

const filesOf = (answer: unknown): string[] => (answer as { file: string }[]).map(({ file }) => file)

const complaintsOf = (stderr: string): string[] => stderr.trimEnd().split('\n')

describe.skipIf(process.platform === 'win32')('folders as they are', () => {
  it('links in a circle, and to nothing, are told in a line each, and the rest is audited', async () => {
    const cwd = modelFolder()
    symlinkSync('b.onnx', join(cwd, 'models', 'a.onnx'))
    symlinkSync('a.onnx', join(cwd, 'models', 'b.onnx'))
    symlinkSync('round', join(cwd, 'models', 'round'))
    symlinkSync('nowhere', join(cwd, 'models', 'broken.onnx'))
    symlinkSync('nowhere', join(cwd, 'models', 'broken.txt'))
    symlinkSync('..', join(cwd, 'models', 'up'))
    const { exitCode, stdout, stderr } = await typed('audit models', { cwd })
    expect(exitCode).toBe(2)
    expect(stdout).toContain('in 2 files')
    const circle = 'the link must be readable, got ELOOP: too many symbolic links encountered'
    expect(complaintsOf(stderr)).toEqual([
      `models/a.onnx: audit: ${circle}`,
      `models/b.onnx: audit: ${circle}`,
      'models/broken.onnx: audit: the link must be readable, got a link to nothing',
      `models/round: audit: ${circle}`,
    ])
    expect(filesOf(JSON.parse((await typed('audit models --json', { cwd })).stdout))).toEqual([
      ...['models/old/two.onnx', 'models/one.onnx'],
      ...['models/a.onnx', 'models/b.onnx', 'models/broken.onnx', 'models/round'],
    ])
  })

  it('what may not be read, such as lost+found, is told in a line each, and the rest is audited', async () => {
    const cwd = modelFolder()
    for (const folder of ['lost+found', 'closed']) mkdirSync(join(cwd, 'models', folder), { mode: 0 })
    writeFileSync(join(cwd, 'models', 'secret.onnx'), 'x', { mode: 0 })
    const { exitCode, stdout, stderr } = await asNobody(cwd, ['audit', 'models', 'models/closed/x.onnx'])
    for (const folder of ['lost+found', 'closed']) chmodSync(join(cwd, 'models', folder), 0o700)
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('in 2 files')])
    const denied = 'got EACCES: permission denied'
    expect(complaintsOf(stderr)).toEqual([
      `models/closed: audit: the folder must be readable, ${denied}`,
      `models/lost+found: audit: the folder must be readable, ${denied}`,
      `models/closed/x.onnx: audit: the file must be readable, ${denied}`,
      `models/secret.onnx: file: the file must be readable (EACCES: permission denied), got '${join(cwd, 'models', 'secret.onnx')}'`,
    ])
  })

  it('a folder with nothing but what may not be read is no misuse', async () => {
    const cwd = modelFolder()
    mkdirSync(join(cwd, 'empty'))
    symlinkSync('round', join(cwd, 'empty', 'round'))
    const { exitCode, stdout, stderr } = await typed('audit empty', { cwd })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(complaintsOf(stderr)).toHaveLength(1)
  })

  it.each(['diff', 'verify'])('%s names the one file that it cannot read', async (command) => {
    const cwd = modelFolder()
    symlinkSync('a.onnx', join(cwd, 'a.onnx'))
    const { exitCode, stderr } = await typed(`${command} model.onnx a.onnx`, { cwd })
    expect([exitCode, stderr.replace(/\s+/g, ' ')]).toEqual([
      2,
      expect.stringContaining(`${command}: the file a.onnx must be readable, got ELOOP`),
    ])
  })

  it('the name of the folder is no part of a pattern', async () => {
    const cwd = join(modelFolder(), '{odd} [name]*')
    mkdirSync(join(cwd, 'in'), { recursive: true })
    writeFileSync(join(cwd, 'in', 'a.onnx'), 'x')
    expect(filesOf(JSON.parse((await typed("audit 'in/*.onnx' --json", { cwd })).stdout))).toEqual(['in/a.onnx'])
  })

  it('a folder that is gone is told in a line', async () => {
    const cwd = modelFolder()
    const line = `cd ${cwd}; rm -r ${cwd}; exec ${process.execPath} ${main} audit x.onnx`
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile('bash', ['-c', line], (error, _, stderr) => resolve({ code: error?.code, stderr }))
    })
    expect(existsSync(cwd)).toBe(false)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^samepad: the system must allow it, got ENOENT: .*\n$/)
  })
})

describe('words', () => {
  it('behind -- are files, whatever they begin with', async () => {
    const cwd = modelFolder()
    const model = { file: '--all', nodes: expect.any(Array) }
    rmSync(join(cwd, 'models'), { recursive: true })
    writeFileSync(join(cwd, '--all'), pictureModel({ auto_pad: 'SAME_UPPER' }))
    expect(JSON.parse((await typed('audit --json -- --all', { cwd })).stdout)).toMatchObject([model])
    const { exitCode, stderr } = await typed('audit -- --help', { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("the file must exist, got '--help'")])
  })

  it('a - is standard input', async () => {
    const cwd = modelFolder()
    const stdin = pictureModel({ auto_pad: 'SAME_UPPER' })
    expect(await answered('audit -', { cwd, stdin })).toMatchObject([{ file: '-', nodes: { length: 3 } }])
    expect(await answered('audit - ./model.onnx -', { cwd, stdin })).toMatchObject([
      { file: '-' },
      { file: 'model.onnx' },
    ])
    expect(await printed('diff model.onnx -', 0, { cwd, stdin })).toContain('Alike: 3 nodes')
    expect(await printed('fix - --to explicit --input 1x3x32x32', 1, { cwd, stdin })).toContain('would be rewritten')
  })
})
