import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeWhole } from '../../src/cli/partial-file.ts'
import { folderOf, modelFolder, pictureModel } from './model-folder.ts'
import { printed, typed } from './typed.ts'

const main = join(import.meta.dirname, '../../dist/node/main.js')
const wish = '--to explicit --input 1x3x32x32'

/** What `fix -o` writes for the first model of the folder. */
async function fixedBytes(cwd: string): Promise<Buffer> {
  await printed(`fix model.onnx ${wish} -o expected.onnx`, 0, { cwd })
  return readFileSync(join(cwd, 'expected.onnx'))
}

const temporary = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`samepad.${process.pid}-`))

describe('fix -o -', () => {
  it('writes the model to standard output and the report to stderr', async () => {
    const cwd = modelFolder()
    const expected = await fixedBytes(cwd)
    const { exitCode, stdout, stderr } = await typed(`fix model.onnx ${wish} -o -`, { cwd })
    expect(exitCode).toBe(0)
    expect(Buffer.from(stdout, 'latin1').equals(expected)).toBe(true)
    expect(stderr.replace(/\s+/g, ' ')).toContain('read again and checked; written to standard output.')
    expect(readdirSync(cwd)).not.toContain('-')
    expect(temporary()).toEqual([])
  })

  it('takes its place in a pipe: from standard input to standard output', async () => {
    const cwd = modelFolder()
    const expected = await fixedBytes(cwd)
    const line = `cat model.onnx | ${process.execPath} ${main} fix - ${wish} -o - 2> report | cat > out.onnx`
    execFileSync('bash', ['-c', line], { cwd })
    expect(readFileSync(join(cwd, 'out.onnx')).equals(expected)).toBe(true)
    expect(readFileSync(join(cwd, 'report'), 'utf8')).toContain('standard output')
  })

  it('--json is the report there, too', async () => {
    const { stderr } = await typed(`fix model.onnx ${wish} -o - --json`, { cwd: modelFolder() })
    expect(JSON.parse(stderr)).toMatchObject([{ file: 'model.onnx', written: '-' }])
  })

  it('is misuse on a terminal', async () => {
    const { exitCode, stdout, stderr } = await typed(`fix model.onnx ${wish} -o -`, { cwd: modelFolder(), isTTY: true })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toContain('fix: a model must go to a file or a pipe, got a terminal')
  })
})

describe.skipIf(process.platform === 'win32')('what is written', () => {
  it('goes where a dangling link leads, and the link stays', async () => {
    const cwd = modelFolder()
    const expected = await fixedBytes(cwd)
    mkdirSync(join(cwd, 'there'))
    symlinkSync('there/new.onnx', join(cwd, 'link.onnx'))
    symlinkSync('link.onnx', join(cwd, 'link-to-link.onnx'))
    await printed(`fix model.onnx ${wish} -o link-to-link.onnx`, 0, { cwd })
    expect(readlinkSync(join(cwd, 'link.onnx'))).toBe('there/new.onnx')
    expect(readlinkSync(join(cwd, 'link-to-link.onnx'))).toBe('link.onnx')
    expect(readFileSync(join(cwd, 'there', 'new.onnx')).equals(expected)).toBe(true)
  })

  it('goes nowhere where links go in a circle', async () => {
    const cwd = modelFolder()
    symlinkSync('b', join(cwd, 'a'))
    symlinkSync('a', join(cwd, 'b'))
    const { exitCode, stderr } = await typed(`fix model.onnx ${wish} -o a`, { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/fix: the file must be writable \(ELOOP/)])
    expect(lstatSync(join(cwd, 'a')).isSymbolicLink()).toBe(true)
  })

  it('never takes the place of a file that somebody else made beside it, which is told', async () => {
    const cwd = modelFolder()
    const name = `out.onnx.${process.pid}-1.partial`
    writeFileSync(join(cwd, name), 'not mine')
    writeFileSync(join(cwd, 'out.onnx.partial'), 'nor this')
    symlinkSync('out.onnx', join(cwd, 'link.onnx'))
    const { exitCode, stderr } = await typed(`fix model.onnx ${wish} -o link.onnx`, { cwd })
    expect([exitCode, stderr.replace(/\s+/g, ' ')]).toEqual([
      0,
      expect.stringContaining(`${name}: it was left by a run`),
    ])
    expect(stderr).not.toContain('out.onnx.partial')
    expect(readFileSync(join(cwd, name), 'utf8')).toBe('not mine')
    expect(readFileSync(join(cwd, 'out.onnx')).length).toBeGreaterThan(100)
  })

  it('stays away where the folder cannot be written, and so does the partial file', async () => {
    const cwd = modelFolder()
    const { exitCode, stderr } = await typed(`fix model.onnx ${wish} -o /proc/out.onnx`, { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('fix: the file must be writable')])
  })
})

describe('a file that is written as a whole', () => {
  it('takes the place of the old one, with its mode, and through a link', () => {
    const cwd = folderOf({ 'old.txt': 'old' })
    chmodSync(join(cwd, 'old.txt'), 0o640)
    symlinkSync('old.txt', join(cwd, 'link.txt'))
    writeWhole(join(cwd, 'link.txt'), 'new')
    expect(readFileSync(join(cwd, 'old.txt'), 'utf8')).toBe('new')
    expect(statSync(join(cwd, 'old.txt')).mode & 0o777).toBe(0o640)
    expect(readdirSync(cwd).sort()).toEqual(['link.txt', 'old.txt'])
  })

  it('leaves the old one, and nothing else, where it could not be written', () => {
    const cwd = folderOf({ 'old.txt': 'old' })
    expect(() => writeWhole(join(cwd, 'old.txt'), undefined as unknown as string)).toThrow(TypeError)
    expect(readFileSync(join(cwd, 'old.txt'), 'utf8')).toBe('old')
    expect(readdirSync(cwd)).toEqual(['old.txt'])
  })

  it('is written as it is where it is a device', () => {
    writeWhole('/dev/null', 'new')
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

describe('SARIF', () => {
  const cwd = modelFolder()
  writeFileSync(join(cwd, 'models', 'zork.onnx'), 'hello [world](1) {0}')

  it('escapes what would be a place for an argument or a link', async () => {
    const bytes = Buffer.from(pictureModel({ pads: [2, 2, 2, 2] }))
    const at = bytes.indexOf('stem')
    bytes.write('{0}[', at)
    writeFileSync(join(cwd, 'odd.onnx'), bytes)
    const { runs } = JSON.parse((await typed('audit odd.onnx --sarif', { cwd })).stdout)
    const texts: string[] = runs[0].results.map(({ message }: { message: { text: string } }) => message.text)
    expect(texts.some((text) => text.startsWith('{{0}}\\[: '))).toBe(true)
    const all = [...texts, ...runs[0].tool.driver.rules.flatMap(textsOf)]
    for (const text of all) expect(text.replace(/\{\{|\}\}|\\[\\[\]]/g, '')).not.toMatch(/[{}[\]\\]/)
  })

  it('says which files could not be read, and that the run was no success', async () => {
    const { exitCode, stdout } = await typed('audit models --sarif', { cwd })
    expect(exitCode).toBe(2)
    const [{ invocations, results }] = JSON.parse(stdout).runs
    expect(invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'model: the file must be a model of ONNX, got a text file.' },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'models/zork.onnx' } } }],
          },
        ],
      },
    ])
    expect(results.length).toBeGreaterThan(0)
    const whole = JSON.parse((await typed('audit model.onnx --sarif', { cwd })).stdout)
    expect(whole.runs[0].invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }])
  })

  it('--json has them as entries with an error', async () => {
    const entries = JSON.parse((await typed('audit models --json', { cwd })).stdout)
    expect(entries.at(-1)).toEqual({
      file: 'models/zork.onnx',
      error: 'model: the file must be a model of ONNX, got a text file',
    })
    expect(JSON.parse((await typed('fix models --json', { cwd })).stdout).at(-1).error).toContain('a text file')
  })
})

const textsOf = (rule: Record<string, { text?: string }>): string[] =>
  ['shortDescription', 'fullDescription', 'help'].map((key) => String(rule[key].text))
