import { audit, findRule, formats, readModel } from 'samepad/models'
import { describe, expect, it } from 'vitest'
import { readFormats } from '../../explorer/views/model/formats.ts'
import type { RuleText } from '../../explorer/views/model/messages.ts'
import { givenShapes, kindsOf, mendedName, openSizes, rowsOf } from '../../explorer/views/model/model.ts'
import { readSize } from '../../explorer/views/model/state.ts'
import { bytes, facts } from '../../explorer/views/model/words.ts'
import { floats, ints, model, node } from '../models/onnx/make-model.ts'

/** Two rules in one network, automatic padding with a dilation, and zeros before a maximum. */
const faulty = model({
  inputs: { x: ['batch', 3, 'height', 'width'] },
  initializers: [floats('w1', [8, 3, 3, 3]), floats('w2', [8, 8, 3, 3]), ints('p', [0, 0, 1, 1, 0, 0, 1, 1])],
  nodes: [
    node('Conv', 'x w1', 'a', { strides: [2, 2], auto_pad: 'SAME_UPPER' }, { name: 'net/stem/conv' }),
    node('Conv', 'a w2', 'b', { dilations: [2, 2], auto_pad: 'SAME_UPPER' }, { name: 'net/stem/dilated' }),
    node('Conv', 'b w2', 'c', { strides: [2, 2], pads: [1, 0, 1, 0] }, { name: 'net/body/down' }),
    node('Conv', 'c w2', 'd', {}, { name: 'net/body/plain' }),
    node('Pad', 'd p', 'e', {}, { name: 'net/body/pad' }),
    node('MaxPool', 'e', 'y', { kernel_shape: [3, 3], strides: [2, 2] }, { name: 'net/body/pool' }),
  ],
})

describe('the table of nodes', () => {
  it('has what tells rules apart and what something was found about; or everything', async () => {
    const report = await audit(faulty, { inputs: { x: [1, 3, 32, 45] } })
    const all = rowsOf(report, true)
    expect(all.map(({ name, window, input, pads, output }) => [name, window, input, pads, output])).toEqual([
      ['stem/conv', 'Conv 3x3 stride 2', '32 x 45', '(0, 1) (1, 1)', '16 x 23'],
      ['stem/dilated', 'Conv 3x3 dilation 2', '16 x 23', '2, 2', '16 x 23'],
      ['body/down', 'Conv 3x3 stride 2', '16 x 23', '(1, 1) (0, 0)', '8 x 11'],
      ['body/plain', 'Conv 3x3', '8 x 11', '0, 0', '6 x 9'],
      ['body/pool', 'MaxPool 3x3 stride 2', '6 x 9', '1, 1', '3 x 5'],
    ])
    const found = new Set(report.findings.map(({ node }) => node?.index))
    const telling = rowsOf(report, false)
    expect(telling).toEqual(all.filter(({ node }) => node.lean || found.has(node.index)))
    expect(telling.length).toBeLessThan(all.length)
    expect(telling.filter((row) => row.found).length).toBeGreaterThan(1)
  })

  it('has open sizes by name, and marks what is not known', async () => {
    const [first, second] = rowsOf(await audit(faulty), true)
    expect([first.input, first.pads, first.output]).toEqual(['height x width', '?', '? x ?'])
    expect([second.input, second.pads]).toEqual(['? x ?', '2, 2'])
  })
})

describe('sizes that a file leaves open', () => {
  const inputs = [
    { name: 'x', shape: ['batch', 3, 'size', 'size'] },
    { name: 'h', shape: [2, undefined, 64] },
    { name: 'fixed', shape: [1, 2] },
    { name: 'unknown', shape: undefined },
  ]

  it('are listed once each', () => {
    expect(openSizes(inputs)).toEqual([
      { name: 'batch', places: [['x', 0]] },
      {
        name: 'size',
        places: [
          ['x', 2],
          ['x', 3],
        ],
      },
      { name: 'h, axis 1', places: [['h', 1]] },
    ])
  })

  it('make a shape when all of an input are given; a batch is 1', () => {
    expect(givenShapes(inputs, {})).toEqual({})
    expect(givenShapes(inputs, { size: 96 })).toEqual({ x: [1, 3, 96, 96] })
    expect(givenShapes(inputs, { batch: 4 })).toEqual({})
    expect(givenShapes(inputs, { batch: 4, size: 96, 'h, axis 1': 7 })).toEqual({ x: [4, 3, 96, 96], h: [2, 7, 64] })
  })

  it('are checked by the library', () => {
    expect(readSize(' 12 ')).toBe(12)
    expect(() => readSize('1.5')).toThrow('solve: input must be an integer of at least 1, got 1.5')
  })
})

describe('formats', () => {
  it('are offered as the library reads them', () => {
    const lastOf = (ending: string): string => ending.slice(ending.lastIndexOf('.'))
    const read = new Set(formats.flatMap(({ endings }) => endings.map(lastOf)))
    expect(new Set(Object.values(readFormats).flat())).toEqual(read)
    const named = Object.keys(readFormats).join()
    for (const { name } of formats) expect(named).toContain(name.replace(/ (graph|layers)-model| H5/, ''))
  })

  it('are told by the name of a File, too', async () => {
    const text = `# a comment
      input: "d" input_shape { dim: 1 dim: 1 dim: 8 dim: 8 }
      layer { name: "p" type: "Pooling" bottom: "d" top: "p" pooling_param { kernel_size: 3 stride: 2 } }`
    expect((await readModel(new File([text], 'deploy.prototxt'))).format).toBe('Caffe')
    await expect(readModel(new Blob([text]))).rejects.toThrow()
  })
})

describe('findings', () => {
  it('are listed by rule, the worst first, none lost', async () => {
    const { findings } = await audit(faulty, { inputs: { x: [1, 3, 32, 45] } })
    const rules = findings.map(({ rule }) => findRule(rule) as RuleText)
    const kinds = kindsOf(findings, rules)
    expect(kinds[0].findings[0].severity).toBe('error')
    expect(kinds[0].rule.name).toBe('auto-pad-refused')
    expect(kinds.map(({ rule }) => rule.name)).toContain('zeros-before-max')
    expect(kinds.flatMap((kind) => kind.findings).length).toBe(findings.length)
    expect(new Set(kinds.map(({ rule }) => rule.name)).size).toBe(kinds.length)
    for (const { rule, findings } of kinds)
      expect(new Set(findings.map((one) => one.rule))).toEqual(new Set([rule.name]))
  })
})

describe('in words', () => {
  it('a file is told by its format, exporter, size and inputs', async () => {
    const report = await audit(faulty)
    expect(facts(report)).toBe(
      `ONNX · written by test · operator set 17 · ${bytes(faulty.length)} · 5 nodes with a window · takes x batch x 3 x height x width`,
    )
    expect(
      facts({
        ...report,
        format: 'TFLite',
        producer: '',
        opset: undefined,
        inputs: [{ name: 'x', shape: [undefined, 3] }],
      }),
    ).toBe(
      `TFLite · its exporter is not named · 6 operators · ${bytes(faulty.length)} · 5 nodes with a window · takes x ? x 3`,
    )
    expect(facts({ ...report, format: 'Caffe', producer: 'caffe', opset: undefined, inputs: [] })).toBe(
      `Caffe · 6 operators · ${bytes(faulty.length)} · 5 nodes with a window`,
    )
  })

  it('files have a size and a name', () => {
    expect([bytes(950), bytes(12_345), bytes(1_500_000), bytes(2_500_000_000)]).toEqual([
      '0.9 kB',
      '12 kB',
      '1.5 MB',
      '2500 MB',
    ])
    expect([mendedName('a.onnx'), mendedName('A.b.PARAM'), mendedName('c')]).toEqual([
      'a.fixed.onnx',
      'A.b.fixed.PARAM',
      'c.fixed',
    ])
  })
})
