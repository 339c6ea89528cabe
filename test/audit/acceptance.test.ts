import { describe, expect, it } from 'vitest'
import { type Finding, readAuditConfig, readBaseline, sortOut } from '../../src/models.ts'

const finding = (rule: string, name?: string): Finding => ({
  ...{ rule, severity: 'warning', message: 'it is so' },
  node: name === undefined ? undefined : { index: 0, name, path: 'main', byteOffset: 0, byteLength: 1 },
})

describe('accepted findings', () => {
  const [a, b, whole] = [finding('baked-pads', 'a'), finding('baked-pads', 'b'), finding('mixed-conventions')]

  it('are those of a rule and node, or of a rule', () => {
    const one = { rule: 'baked-pads', node: 'a', reason: 'as trained' }
    expect(sortOut([a, b, whole], [one], '2026-11-29')).toEqual({
      findings: [b, whole],
      accepted: [{ finding: a, reason: 'as trained', until: undefined }],
      ...{ expired: [], unused: [] },
    })
    const all = { rule: 'baked-pads', reason: 'as trained' }
    expect(sortOut([a, b, whole], [all], '2026-11-29').findings).toEqual([whole])
  })

  it('hold until their day, that day included', () => {
    const one = { rule: 'baked-pads', node: 'a', reason: 'soon', until: '2026-11-29' }
    expect(sortOut([a], [one], '2026-11-29')).toMatchObject({ findings: [], expired: [] })
    expect(sortOut([a], [one], '2026-11-30')).toMatchObject({ findings: [a], accepted: [], expired: [one] })
    // A later acceptance of the same finding counts.
    const longer = { ...one, until: '2027-01-01' }
    expect(sortOut([a], [one, longer], '2026-11-30').findings).toEqual([])
  })

  it('are told of when nothing needs them any more', () => {
    const one = { rule: 'baked-pads', node: 'gone', reason: 'as trained' }
    expect(sortOut([a], [one], '2026-11-29')).toMatchObject({ findings: [a], unused: [one], expired: [] })
  })
})

describe('a config file', () => {
  it('is read as it is', () => {
    const accept = [{ rule: 'baked-pads', node: 'a', reason: 'as trained', until: '2027-03-31' }]
    const models = [{ files: 'models/*.onnx', inputs: { x: [1, 3, 224, 224] }, expect: 'tf-same', accept }]
    expect(readAuditConfig({ failOn: 'error', models })).toEqual({ failOn: 'error', models })
    expect(readAuditConfig({ models: [{ files: 'a.onnx' }] })).toEqual({
      failOn: undefined,
      models: [{ files: 'a.onnx', inputs: {}, expect: undefined, accept: [] }],
    })
  })

  const wrong: [string, unknown, RegExp][] = [
    ['no object', [], /^config: the file must be an object/],
    ['another key', { model: [] }, /must have only failOn, models, \$schema, got 'model'/],
    ['a severity', { failOn: 'bad' }, /failOn must be one of error, warning, note, got 'bad'/],
    ['models that are no list', { models: {} }, /models must be a list/],
    ['no files', { models: [{}] }, /models\[0\]\.files must be a text, got undefined/],
    ['a shape', { models: [{ files: 'a', inputs: { x: '1x3' } }] }, /models\[0\]\.inputs\.x must be a shape/],
    ['a size', { models: [{ files: 'a', inputs: { x: [0] } }] }, /inputs\.x must be a shape/],
    ['a rule to pad by', { models: [{ files: 'a', expect: 'same' }] }, /models\[0\]\.expect must be one of tf-same/],
    ['a rule', { models: [{ files: 'a', accept: [{ rule: 'x', reason: 'y' }] }] }, /accept\[0\]\.rule must be a rule/],
    ['no reason', { models: [{ files: 'a', accept: [{ rule: 'baked-pads' }] }] }, /accept\[0\]\.reason must be a text/],
    [
      'a day',
      { models: [{ files: 'a', accept: [{ rule: 'baked-pads', reason: 'y', until: '2027-02-30' }] }] },
      /until must be a day such as 2027-03-31, got '2027-02-30'/,
    ],
  ]
  it.each(wrong)('is refused: %s', (_, value, message) => {
    expect(() => readAuditConfig(value)).toThrow(message)
  })

  it('may be a baseline', () => {
    expect(readBaseline({ about: 'x', findings: { 'a.onnx': [{ rule: 'baked-pads', node: 'a' }] } })).toEqual({
      'a.onnx': [
        { rule: 'baked-pads', node: 'a', reason: 'it was there when the baseline was written', until: undefined },
      ],
    })
    expect(() => readBaseline({})).toThrow('config: findings must be an object, got undefined')
    expect(() => readBaseline({ findings: { a: [{}] } })).toThrow('rule must be a text')
  })
})
