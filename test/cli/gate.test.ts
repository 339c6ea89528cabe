import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Attributes, chain } from '../audit/networks.ts'
import { folderOf } from './model-folder.ts'
import { answered, printed, typed } from './typed.ts'

const layer = (attributes: Attributes) => chain([['Conv', { kernel_shape: [3, 3], strides: [2, 2], ...attributes }]])
const [symmetric, same] = [layer({ pads: [1, 1, 1, 1] }), layer({ auto_pad: 'SAME_UPPER' })]
const json = (value: unknown): string => JSON.stringify(value)
const rulesOf = (answer: unknown): string[] =>
  (answer as { findings: { rule: string }[] }[]).flatMap(({ findings }) => findings.map(({ rule }) => rule))

describe('a gate', () => {
  it('--expect makes a layer that contradicts an error', async () => {
    const cwd = folderOf({ 'port.onnx': symmetric, 'original.onnx': same })
    const text = await printed('audit port.onnx --expect tf-same', 1, { cwd })
    expect(text).toContain('error  unexpected-padding')
    expect(text).toContain('conv0: pads 1,1 (PyTorch symmetric), expected is TensorFlow SAME')
    expect((await typed('audit original.onnx --expect tf-same', { cwd })).exitCode).toBe(0)
    expect((await typed('audit port.onnx', { cwd })).exitCode).toBe(0)
    const { exitCode, stderr } = await typed('audit port.onnx --expect same', { cwd })
    expect([exitCode, stderr.split('\n')[0]]).toEqual([
      2,
      "audit: --expect must be one of tf-same, symmetric, same-lower, got 'same'",
    ])
  })

  it('a config file says for patterns what is expected and accepted', async () => {
    const accept = [
      { rule: 'unexpected-padding', node: 'conv0', reason: 'trained so', until: '9999-12-31' },
      { rule: 'baked-pads', reason: 'gone' },
    ]
    const models = [
      { files: 'ports/', expect: 'tf-same' },
      { files: 'ports/known.onnx', accept },
      { files: 'other/*.onnx', expect: 'symmetric' },
    ]
    const cwd = folderOf({
      'ports/new.onnx': symmetric,
      'ports/known.onnx': symmetric,
      'other/one.onnx': symmetric,
      'samepad.config.json': json({ models }),
    })
    const { exitCode, stdout, stderr } = await typed('audit --json', { cwd })
    expect(exitCode).toBe(1)
    const entries = JSON.parse(stdout) as { file: string; findings: { rule: string }[]; accepted: object[] }[]
    const ofRule = (list: readonly { rule: string }[]) =>
      list.filter(({ rule }) => rule === 'unexpected-padding').length
    expect(entries.map(({ file, findings, accepted }) => [file, ofRule(findings), accepted.length])).toEqual([
      ['ports/known.onnx', 0, 1],
      ['ports/new.onnx', 1, 0],
      ['other/one.onnx', 0, 0],
    ])
    expect(stderr).toBe('ports/known.onnx: baked-pads is accepted and not found any more\n')
    const text = await typed('audit ports/known.onnx --all', { cwd })
    expect(text.exitCode).toBe(0)
    expect(text.stdout).toContain('unexpected-padding at conv0: trained so, until 9999-12-31')
    // In SARIF it is there, and suppressed.
    const sarif = JSON.parse((await typed('audit ports/known.onnx --sarif', { cwd })).stdout)
    const result = sarif.runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === 'unexpected-padding')
    expect(result.suppressions).toEqual([{ kind: 'external', justification: 'trained so' }])
  })

  it('an acceptance for many files is needed as long as one of them has the finding', async () => {
    const accept = ['unexpected-padding', 'baked-pads'].map((rule) => ({ rule, reason: 'known' }))
    const cwd = folderOf({
      'a.onnx': symmetric,
      'b.onnx': same,
      'samepad.config.json': json({ models: [{ files: '*.onnx', expect: 'tf-same', accept }] }),
    })
    const { exitCode, stderr } = await typed('audit', { cwd })
    expect([exitCode, stderr]).toEqual([0, 'a.onnx and 1 more: baked-pads is accepted and not found any more\n'])
  })

  it('an acceptance that has run out counts again, and is told', async () => {
    const accept = [{ rule: 'unexpected-padding', reason: 'until the retraining', until: '2020-01-01' }]
    const cwd = folderOf({
      'port.onnx': symmetric,
      'gate.json': json({ models: [{ files: '*.onnx', expect: 'tf-same', accept }] }),
    })
    const { exitCode, stderr } = await typed('audit port.onnx --config gate.json', { cwd })
    expect(exitCode).toBe(1)
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      'unexpected-padding was accepted until 2020-01-01 (until the retraining)',
    )
    // Without --config only samepad.config.json is read.
    expect((await typed('audit port.onnx', { cwd })).exitCode).toBe(0)
  })

  it('failOn of the config file counts where --fail-on says nothing', async () => {
    const config = json({ failOn: 'note', models: [] })
    const cwd = folderOf({ 'port.onnx': symmetric, 'samepad.config.json': config })
    expect(rulesOf(await answered('audit port.onnx', { cwd }))).toEqual(['grid-drift'])
    expect((await typed('audit port.onnx', { cwd })).exitCode).toBe(1)
    expect((await typed('audit port.onnx --fail-on warning', { cwd })).exitCode).toBe(0)
  })

  it('a baseline is written, and then accepts what is in it and nothing else', async () => {
    const cwd = folderOf({ 'models/port.onnx': symmetric })
    const path = join(cwd, 'known/baseline.json')
    folderOf({ 'known/.keep': '' }, cwd)
    const audit = 'audit models --expect tf-same --baseline known/baseline.json'
    expect((await typed(audit, { cwd })).stderr.replace(/\s+/g, ' ')).toContain('audit: the file must exist, got')
    const { exitCode, stderr } = await typed(`${audit} --update-baseline`, { cwd })
    expect([exitCode, stderr]).toEqual([0, `${path}: written; it accepts 1 finding\n`])
    expect(JSON.parse(readFileSync(path, 'utf8')).findings).toEqual({
      '../models/port.onnx': [{ rule: 'unexpected-padding', node: 'conv0' }],
    })
    expect((await typed(audit, { cwd })).exitCode).toBe(0)
    writeFileSync(join(cwd, 'models/new.onnx'), symmetric)
    expect((await typed(audit, { cwd })).exitCode).toBe(1)
    writeFileSync(path, '{"findings": ')
    expect(await typed(audit, { cwd })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('must be JSON') })
    const alone = await typed('audit models --update-baseline', { cwd })
    expect(alone).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--update-baseline must have a') })
  })
})
