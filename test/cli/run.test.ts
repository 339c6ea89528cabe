import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settingWords } from '../../src/cli/read-settings.ts'
import { commands } from '../../src/cli/run.ts'
import { width } from '../../src/cli/style.ts'
import { COLUMNS } from '../../src/cli/table.ts'
import { conventions, parseSettings } from '../../src/geometry.ts'
import { modelFolder } from './model-folder.ts'
import { printed, typed } from './typed.ts'

const ESCAPE = '\u001b'

describe('help', () => {
  it.each([...Object.keys(commands)])('%s: every example runs, and none is misuse', async (name) => {
    for (const example of commands[name].examples) {
      const { stderr } = await typed(example, { cwd: modelFolder() })
      expect(stderr).toBe('')
    }
  })

  it.each([...Object.keys(commands)])('%s: the help names every option and example, and fits', async (name) => {
    const help = await printed(`${name} --help`, 0)
    for (const option of [...Object.keys(commands[name].options), 'json', 'help']) expect(help).toContain(`--${option}`)
    for (const example of commands[name].examples) {
      expect(help.replace(/ \\\n +/g, ' ')).toContain(`samepad ${example}\n`)
    }
    expect(tooLong(help)).toEqual([])
    expect(await printed(`help ${name}`, 0)).toBe(help)
    expect(await printed(`${name} tf k3 -h`, 0)).toBe(help)
  })

  it.each(['explain', 'compare', 'code', 'phase', 'transposed'])(
    '%s: the help has every word of a setting',
    async (name) => {
      const help = await printed(`${name} --help`, 0)
      for (const words of [
        'p0,1',
        'pad0,1',
        'op1',
        'out7',
        'drop1',
        'trim',
        'ceil',
        'include, exclude',
        'reflect',
        'circular',
      ]) {
        expect(help).toMatch(new RegExp(`^  .*\\b${words}\\b`, 'm'))
      }
    },
  )

  it('the words of a setting are read', async () => {
    const said = settingWords.flatMap(([words]) => words.split(/,? /))
    const settings = [
      'pytorch k3 s2 d2 p1 reflect pad0,1 drop1 cut1 every2 trim',
      'onnx averagepool k3 p0,1 ceil include',
      'onnx averagepool k3 exclude',
      'tf k3x5 s2x1 same',
      'tf depthwise k3 g4 same',
      'onnx k3 p1,0x0,2',
      ...['onnx transposed k3 op1', 'onnx transposed k3 s2 out7'],
    ]
    for (const setting of settings) expect(() => parseSettings(setting)).not.toThrow()
    expect(said.filter((word) => !settings.join(' ').split(' ').includes(word))).toEqual([])
  })

  it('the overview names every command, and fits', async () => {
    const help = await printed('', 0)
    for (const [name, { summary }] of Object.entries(commands)) {
      expect(help.replace(/\s+/g, ' ')).toContain(`${name} ${summary}`)
    }
    expect(tooLong(help)).toEqual([])
    for (const way of ['--help', '-h', 'help']) expect(await printed(way, 0)).toBe(help)
  })

  it('--version', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    expect(await printed('--version', 0)).toBe(`${version}\n`)
  })
})

const tooLong = (text: string): string[] => text.split('\n').filter((line) => width(line) > COLUMNS || / $/.test(line))

describe('no line is longer than 80 columns, and none ends in a space', () => {
  const words = { conv: 'conv', convTranspose: 'transposed', maxPool: 'maxpool', averagePool: 'averagepool' }
  const settings = conventions.flatMap(({ id, ops, padding }) =>
    ops.map((op) => `${id} ${words[op]}${padding === 'explicit' ? ' p1' : ''}`),
  )
  const shapes = ['k3 s2', 'k2 s3', 'k5 s1 d3', 'k1 s4', 'k16 s2', 'k30 s7 d2']
  const inputs = [1, 2, 9, 30, 224, 50_000]

  it('explain', async () => {
    const lines = settings.flatMap((setting, index) => {
      const shape = shapes[index % shapes.length]
      const input = inputs[(index * 5) % inputs.length]
      return [`explain ${setting} ${shape} --input ${input}`, `explain ${setting} k3 s2 --input ${input}`]
    })
    for (const line of lines) {
      const { stdout, stderr } = await typed(line)
      expect([line, stderr, ...tooLong(stdout)]).toEqual([line, ''])
    }
  })

  it('compare', async () => {
    const same = settings.filter((setting) => !setting.includes('transposed'))
    const lines = same.map((setting, index) => {
      const shape = shapes[index % shapes.length]
      return `compare ${setting} ${shape} vs onnx ${setting.split(' ')[1]} ${shape} same_upper --input ${inputs[index % 5]}`
    })
    for (const line of lines) {
      const { stdout, stderr } = await typed(line)
      expect([line, stderr, ...tooLong(stdout)]).toEqual([line, ''])
    }
  })

  it('the others', async () => {
    const lines = [
      'sizes k7s2 k3s2 x4 k11 s4 d2 --near 1000000',
      'phase onnxruntime-web.same-lower k7 s2 x9 vs keras-applications.correct-pad k7 s2 x9 --input 1000003',
      'phase onnxruntime.transposed.same-lower k7 s3 x9 --input 1000003',
      'transposed tf k30 s12 same --input 1000000',
      'diagnose --input 1000 --kernel 3 --stride 2 --output 500',
      'diagnose --input 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 --kernel 1,10,100 --output 3',
      'diagnose --input 7 --kernel 3 --stride 2 --op averagepool --output 4',
    ]
    for (const line of lines) {
      const { stdout, stderr } = await typed(line)
      expect([line, stderr, ...tooLong(stdout)]).toEqual([line, ''])
    }
  })
})

describe('colour', () => {
  const line = 'compare pytorch k3 s2 p1 tf k3 s2 same'
  const bare = (text: string): string => text.replace(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')

  it('only on a terminal', async () => {
    expect((await typed(line)).stdout).not.toContain(ESCAPE)
    expect((await typed(line, { isTTY: true })).stdout).toContain(ESCAPE)
  })

  it('not with NO_COLOR', async () => {
    expect((await typed(line, { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(ESCAPE)
    expect((await typed(line, { isTTY: true, env: { NO_COLOR: '' } })).stdout).toContain(ESCAPE)
  })

  it('not in data', async () => {
    expect((await typed(`${line} --json`, { isTTY: true })).stdout).not.toContain(ESCAPE)
  })

  it('changes no letter', async () => {
    for (const example of Object.values(commands).flatMap(({ examples }) => examples)) {
      const painted = await typed(example, { isTTY: true, cwd: modelFolder() })
      const plain = await typed(example, { cwd: modelFolder() })
      // What is measured takes another time, and as data it may have more digits.
      const timeless = (text: string): string => text.replace(/[\d.]+ ms|"(first|steady)": [\d.]+/g, 'some ms')
      expect(timeless(bare(painted.stdout))).toBe(timeless(plain.stdout))
    }
  })
})
