import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { width } from '../../src/cli/style.ts'
import { COLUMNS } from '../../src/cli/table.ts'
import { rules } from '../../src/models.ts'
import { realModels } from '../models/onnx/real-models.ts'
import { modelFolder } from './model-folder.ts'
import { answered, printed, typed, typedWords } from './typed.ts'

const blazeface = 'audit examples/face/data/blazeface-front.onnx'
const given = Object.values(realModels).map(({ path, inputs }) => {
  const shapes = Object.entries(inputs).map(([name, shape]) => ` --input ${name}=${shape.join('x')}`)
  return `${path}${shapes.join('')}`
})

describe('samepad audit', () => {
  it('shows the layers that tell, whose rule they follow, and what was found', async () => {
    expect(await printed(blazeface, 0)).toBe(`examples/face/data/blazeface-front.onnx
tf2onnx 1.7.2, operator set 12, 40 spatial nodes; input:0 1x128x128x3
Padded as TensorFlow SAME: 4 layers can tell, and none contradicts.

node                    window          input  pads  output  pads like
conv2d/BiasAdd          5x5 stride 2  128x128   1,2   64x64  TensorFlow SAME
…se_conv2d_2/depthwise  3x3 stride 2    64x64   0,1   32x32  TensorFlow SAME
…se_conv2d_5/depthwise  3x3 stride 2    32x32   0,1   16x16  TensorFlow SAME
…e_conv2d_11/depthwise  3x3 stride 2    16x16   0,1     8x8  TensorFlow SAME
36 more, --all shows them.

note  grid-drift
  Symmetric padding instead would move the grid by 15 cells of the input over 4
  strided layers at an input size of 128; at 113 and 129 both pad alike.

note  pads-refused-elsewhere
  conv2d/BiasAdd: pads 1,2, like those of 3 other layers, are refused by OpenCV
  (< 4.5.4), burn-onnx (< 0.21), onnx2torch (< 1.5.3), onnx-go: takes one number
  for both sides.

2 notes; samepad audit --explain grid-drift tells why.
`)
  })

  it('names what would have to be known', async () => {
    expect(await printed('audit model.onnx', 1, { cwd: modelFolder() })).toBe(`model.onnx
test, operator set 17, 3 spatial nodes; x ?x3x?x?
Padded as TensorFlow SAME: 1 layer can tell, and none contradicts.
The sizes of 3 nodes are open, and what is said of them holds at every size;
give some with --input x=1x3x224x224.

node  window        input  pads  output  pads like
stem  3x3 stride 2      ?   0,1       ?  SAME at some sizes
down  5x5 stride 2      ?     ?       ?  TensorFlow SAME
1 more, --all shows them.

warning  baked-pads
  stem: pads 0,1 are TensorFlow SAME on even sizes only, but the size is open.

note  auto-pad-misread
  down: SAME_UPPER is read otherwise by onnxruntime-web (< 1.25): a float
  division makes the total k - 1 whatever the input (seen to 1.24, mended by
  1.29); OpenVINO, GPU plugin (< 2025.4 on open sizes): nothing is padded
  before, so that windows start at cell 0.

note  foldable-pad
  stem: Pad 0,1 before it copies its input, and could be pads 0,1.
  Mended by samepad fix.

1 warning, 2 notes; samepad audit --explain baked-pads tells why.
`)
  })

  it.each(given)('no line of it is longer than 80 columns: %s', async (line) => {
    for (const all of ['', ' --all']) {
      const { stdout, stderr } = await typed(`audit ${line}${all}`)
      expect(stderr).toBe('')
      const tooLong = stdout.split('\n').filter((text) => width(text) > COLUMNS || / $/.test(text))
      expect(tooLong.filter((text) => !text.startsWith('/') && !text.startsWith('node_modules'))).toEqual([])
    }
  })

  it('--json has every node and finding', async () => {
    const [one] = (await answered(blazeface)) as unknown as { file: string; nodes: object[]; findings: object[] }[]
    expect(one.file).toBe('examples/face/data/blazeface-front.onnx')
    expect(one.nodes).toHaveLength(40)
    expect(one.nodes[0]).toMatchObject({
      ...{ opType: 'Conv', window: '5x5 stride 2', family: 'TensorFlow SAME', follows: ['tf-same'], lean: 'tf-same' },
      axes: new Array(2).fill({ input: 128, padBegin: 1, padEnd: 2, output: 64 }),
    })
    expect(one.findings).toMatchObject([
      { rule: 'grid-drift', severity: 'note' },
      { rule: 'pads-refused-elsewhere', severity: 'note', node: { index: 0 } },
    ])
  })

  it.each([
    ['note', 1],
    ['warning', 0],
    ['error', 0],
  ])('--fail-on %s: exit code %i where there is a note', async (severity, exitCode) => {
    expect((await typed(`${blazeface} --fail-on ${severity}`)).exitCode).toBe(exitCode)
  })

  it('takes folders and patterns, and tells of files that are no models', async () => {
    const cwd = modelFolder()
    const files = async (words: string): Promise<string[]> =>
      ((await answered(`audit ${words}`, { cwd })) as unknown as { file: string }[]).map(({ file }) => file)
    expect(await files('models')).toEqual(['models/old/two.onnx', 'models/one.onnx'])
    expect(await files('models models/one.onnx model.onnx')).toEqual([
      'models/old/two.onnx',
      'models/one.onnx',
      'model.onnx',
    ])
    expect(await files("'models/*.onnx'")).toEqual(['models/one.onnx'])
    expect(await files("'**/{one,two}.onnx'")).toEqual(['models/old/two.onnx', 'models/one.onnx'])
    expect(await files("'m?del.onnx'")).toEqual(['model.onnx'])
    writeFileSync(join(cwd, 'models', 'zork.onnx'), 'hello')
    const { exitCode, stdout, stderr } = await typed('audit models', { cwd })
    expect(exitCode).toBe(2)
    expect(stdout).toContain('in 2 files')
    expect(stderr.replace(/\s+/g, ' ')).toBe(
      'models/zork.onnx: model: the file must be a model of ONNX, got a text file ',
    )
  })

  it('tells a person who waits how far it is, and wipes that out', async () => {
    const { stderr } = await typed('audit models', { cwd: modelFolder(), showsProgress: true })
    expect(stderr).toBe('\r\x1b[K1 of 2  models/old/two.onnx\r\x1b[K2 of 2  models/one.onnx\r\x1b[K')
  })

  it('lists the rules, and explains each', async () => {
    const list = await printed('audit --rules', 0)
    for (const { name, what } of rules) {
      expect(list).toContain(`  ${name} `)
      const text = await printed(`audit --explain ${name}`, 0)
      expect(text.replace(/\s+/g, ' ')).toContain(`${name} (`)
      expect(text.replace(/\s+/g, ' ')).toContain(what)
      expect(text.split('\n').filter((line) => line.length > COLUMNS)).toEqual([])
    }
    expect(await answered('audit --explain grid-drift')).toMatchObject({ name: 'grid-drift', fixable: 'no' })
  })
})

interface Sarif {
  readonly version: string
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string
        readonly rules: readonly { id: string; defaultConfiguration: { level: string } }[]
      }
    }
    readonly artifacts: readonly { readonly location: { readonly uri: string } }[]
    readonly results: readonly {
      readonly ruleId: string
      readonly ruleIndex: number
      readonly level: string
      readonly message: { readonly text: string }
      readonly locations: readonly {
        physicalLocation: {
          artifactLocation: { uri: string; index: number }
          region?: { byteOffset: number; byteLength: number }
        }
        logicalLocations?: readonly { fullyQualifiedName: string }[]
      }[]
      readonly partialFingerprints: Readonly<Record<string, string>>
    }[]
  }[]
}

describe('SARIF', () => {
  it('has what the standard asks for, and points at the bytes of nodes', async () => {
    const cwd = modelFolder()
    const { stdout } = await typed('audit models --input 1x3x224x224 --sarif', { cwd })
    const log = JSON.parse(stdout) as Sarif
    expect(log.version).toBe('2.1.0')
    const [{ tool, artifacts, results }] = log.runs
    expect(tool.driver.name).toBe('samepad')
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(rules.map(({ name }) => name))
    expect(artifacts.map(({ location }) => location.uri)).toEqual(['models/old/two.onnx', 'models/one.onnx'])
    expect(results.length).toBeGreaterThan(3)
    for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
      expect(['error', 'warning', 'note']).toContain(level)
      expect(message.text).toMatch(/\.$/)
      expect(Object.values(partialFingerprints)[0]).toContain(ruleId)
      const [{ physicalLocation, logicalLocations }] = locations
      expect(artifacts[physicalLocation.artifactLocation.index].location.uri).toBe(
        physicalLocation.artifactLocation.uri,
      )
      if (!physicalLocation.region) continue
      const { byteOffset, byteLength } = physicalLocation.region
      const bytes = readFileSync(join(cwd, physicalLocation.artifactLocation.uri)).subarray(
        byteOffset,
        byteOffset + byteLength,
      )
      expect(bytes.toString('latin1')).toContain(logicalLocations?.[0].fullyQualifiedName.replace('main / ', ''))
    }
  })
})

describe('samepad fix', () => {
  it('says what it would do, and writes nothing unless asked to', async () => {
    const cwd = modelFolder()
    const before = readFileSync(join(cwd, 'model.onnx'))
    expect(await printed('fix model.onnx', 1, { cwd })).toBe(`model.onnx
  stem  Pad and pads 0,1  ->  pads 0,1
1 node would be rewritten; -o FILE writes the model, --in-place over itself.
`)
    expect(readFileSync(join(cwd, 'model.onnx')).equals(before)).toBe(true)
    expect(await printed('fix model.onnx -o fixed.onnx', 0, { cwd })).toContain('written to fixed.onnx')
    expect(readFileSync(join(cwd, 'model.onnx')).equals(before)).toBe(true)
    expect(await printed('diff model.onnx fixed.onnx', 0, { cwd })).toContain('Alike: 3 nodes')
    expect(await printed('fix fixed.onnx -o same.onnx', 0, { cwd })).toContain('same.onnx has the very same bytes')
    expect(readFileSync(join(cwd, 'same.onnx')).equals(readFileSync(join(cwd, 'fixed.onnx')))).toBe(true)
    expect(await printed('fix model.onnx --in-place', 0, { cwd })).toContain('written to model.onnx')
    expect(readFileSync(join(cwd, 'model.onnx')).equals(readFileSync(join(cwd, 'fixed.onnx')))).toBe(true)
    expect(await printed('fix model.onnx --in-place', 0, { cwd })).toContain('the file stays as it is')
  })

  it('leaves nothing behind where it cannot write', async () => {
    const cwd = modelFolder()
    const { exitCode, stderr } = await typed('fix model.onnx -o nowhere/fixed.onnx', { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`fix: the folder must exist, got '${join(cwd, 'nowhere')}'\n`)
    expect(existsSync(join(cwd, 'nowhere'))).toBe(false)
  })

  it('gathers what it left as it is', async () => {
    expect(await printed('fix model.onnx --to explicit', 1, { cwd: modelFolder() })).toBe(`model.onnx
  down left as it is: its padding depends on the size, which is not known: give
  the shape of the input.
No node can be rewritten to explicit.
`)
  })
})

describe('samepad diff', () => {
  it('names the first node that differs, every other one, and the drift', async () => {
    expect(
      await printed('diff before.onnx after.onnx --input 1x3x224x224', 1, { cwd: modelFolder() }),
    ).toBe(`first   before.onnx (test), padded as TensorFlow SAME
second  after.onnx (test), padded in two ways

Different: 1 of 3 nodes differ, first down. The grids drift 2 cells of the input
apart.

node  window        first  second  first pads like  second pads like   drift
down  5x5 stride 2    1,2     2,2  TensorFlow SAME  PyTorch symmetric     -2
drift: cells of the input from where the first has output 0 to where the second
has it

down: the first pads more at the end (SAME), the second on both sides alike; the
sizes agree, the places do not.

To pad the second as the first is:
  samepad fix after.onnx --to tf-same
`)
  })

  it('quotes a file name for the shell, on one line', async () => {
    const cwd = modelFolder()
    const name = `it's after ${'a long time '.repeat(6)}.onnx`
    renameSync(join(cwd, 'after.onnx'), join(cwd, name))
    const said = await typedWords(['diff', 'before.onnx', name, '--input', '1x3x224x224'], { cwd })
    expect(said.stdout).toContain(`'${name.replace("'", "'\\''")}'`)
  })
})

describe('misuse', () => {
  it.each([
    ['audit', 'audit: there must be a model file, a folder or a pattern, got none'],
    ['audit model.onnx --input 1x0x3', "audit: --input must be a shape such as x=1x3x224x224, got '1x0x3'"],
    ['audit model.onnx --input x=', "audit: --input must be a shape such as x=1x3x224x224, got 'x='"],
    ['audit model.onnx --json --sarif', 'audit: only one of --json and --sarif must be given, got both'],
    ["audit ''", "audit: a model file, a folder or a pattern must have a name, got ''"],
    ["audit model.onnx ''", "audit: a model file, a folder or a pattern must have a name, got ''"],
    ['audit model.onnx --input x=1x3 --input x=1x3', 'audit: --input must give x one shape, got a second one'],
    ['audit model.onnx --input 1x3 --input 1x4', 'audit: --input must give the input one shape, got a second one'],
    ['audit model.onnx --input x=1,3,8,8', "audit: --input must be a shape such as x=1x3x224x224, got 'x=1,3,8,8'"],
    ['diff model.onnx after.onnx --input x=1x3x8x8,1x3x9x9', 'diff: --input must give x one shape, got a second one'],
    ['audit model.onnx --fail-on note --fail-on error', 'audit: --fail-on must be given once, got note and error'],
    ['diff - -', 'diff: standard input must be one of the files only, got both'],
    ['fix - --in-place', "fix: --in-place must have a file to write over, got '-'"],
    ["fix model.onnx -o ''", "fix: -o must be followed by FILE, got ''"],
    ['audit model.onnx --fail-on bad', "audit: --fail-on must be one of error, warning, note, got 'bad'"],
    ['audit --explain grid-drfit', "audit: the rule is called grid-drift, got 'grid-drfit'"],
    [
      'fix model.onnx --to same',
      "fix: --to must be one of explicit, auto-pad, pad-node, tf-same, symmetric, got 'same'",
    ],
    ['fix model.onnx -o a --in-place', 'fix: only one of -o and --in-place must be given, got both'],
    ['fix model.onnx before.onnx -o a', 'fix: with -o there must be one file, got 2'],
    ['fix model.onnx -o model.onnx', "fix: -o must be another file; --in-place writes over it, got 'model.onnx'"],
    ['fix model.onnx -o', 'fix: -o must be followed by FILE, got nothing'],
    ['diff before.onnx', 'diff: there must be two model files, got 1'],
    ['diff models before.onnx', 'diff: there must be one file here, got 2 of models'],
    ['diff before.onnx after.onnx --input y=1x3x8x8', "diff: --input must name one of the inputs x, got 'y'"],
    ['verify before.onnx', 'verify: there must be two model files, got 1'],
    [
      'verify before.onnx after.onnx --optimization most',
      "verify: --optimization must be one of disabled, basic, extended, all, got 'most'",
    ],
    [
      'verify before.onnx after.onnx --engine tflite',
      "verify: --engine must be one of samepad, onnxruntime, got 'tflite'",
    ],
    [
      'verify before.onnx after.onnx --engine samepad --optimization all',
      "verify: --optimization must stand with --engine onnxruntime, got 'samepad'",
    ],
    ['verify before.onnx after.onnx --tolerance -1', "verify: --tolerance must be a number of at least 0, got '-1'"],
  ])('samepad %s', async (line, says) => {
    const cwd = modelFolder()
    mkdirSync(join(cwd, 'empty'))
    const { exitCode, stdout, stderr } = await typed(line, { cwd })
    const lines = stderr.trimEnd().split('\n')
    expect(lines.slice(0, -1).join(' ')).toBe(says)
    expect(lines.at(-1)).toBe(`samepad ${line.split(' ')[0]} --help shows how it is written`)
    expect([stdout, exitCode]).toEqual(['', 2])
  })

  it.each([
    ['--input y=1x3x8x8', "model.onnx: audit: --input must name one of the inputs x, got 'y'"],
    ['--input 1x3', 'model.onnx: model: the shape of x must have 4 dimensions, got [1, 3]'],
  ])('audit model.onnx %s: what does not fit one file is told of that file', async (options, says) => {
    const { exitCode, stderr } = await typed(`audit model.onnx ${options}`, { cwd: modelFolder() })
    expect([exitCode, stderr.replace(/\s+/g, ' ').trim()]).toEqual([2, says])
  })
})
